"""Saved artefacts as data: what each takes and gives. Read with the standard library; no framework is imported."""
