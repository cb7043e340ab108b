"""Rules on masks."""
