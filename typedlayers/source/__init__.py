"""Edits of a fix, made in the source of a program: formatting and comments stay as they are."""
