"""Finding × mode: raise, warn, repair; what the user allowed; reports and the ledger."""
