"""Rules on layers of the user's own."""
