"""Notes in saved files, and how typed models are read back."""
