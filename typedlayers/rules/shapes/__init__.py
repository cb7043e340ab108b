"""Rules on the shapes of a whole model."""
