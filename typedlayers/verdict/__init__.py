"""Finding × mode: raise, warn, repair; allowances, reports and the ledger."""
