"""Mismatch × mode → Verdict: nothing, diagnostics, or repairs as data."""
