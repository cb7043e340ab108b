"""The documentation site: hand-written pages, and pages made from the rules, the catalogue and the docstrings."""
