"""Fixes: candidates are applied to the evidence, all rules run, and what mends is ranked."""
