"""Calls that break a layer's contract: the message, and the repair that fixes it."""
