"""Rules on data against a model's inputs."""
