"""Messages: diagnostics as values, the table of codes, and one renderer per format."""
