"""Faults put into correct programs, one at a time: which are said, where, and whether the first fix is the inverse."""
