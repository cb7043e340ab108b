"""Diagnostics → text, JSON, HTML, SARIF, GitHub's annotations; one file per format."""
