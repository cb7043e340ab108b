"""A model as nodes and edges, checked as a whole; reports and the ledger of repairs."""
