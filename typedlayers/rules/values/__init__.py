"""Rules on the values of the inputs."""
