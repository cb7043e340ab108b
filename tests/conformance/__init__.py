"""Keras's own tests with the typed classes exchanged: ``python -m tests.conformance``."""
