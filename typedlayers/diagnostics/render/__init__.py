"""Diagnostics → text, JSON; one file per format."""
