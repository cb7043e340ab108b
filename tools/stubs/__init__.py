"""The stubs of typedlayers, made of the installed Keras's signatures and the catalogue's table of parameters.

``python -m tools.stubs`` writes them; `tests/test_stubs.py` says when they are stale.
"""
