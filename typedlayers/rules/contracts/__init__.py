"""A layer's contract that a call breaks: what is said of it, and the repair that mends it."""
