"""What is left after a raid: production, money, the ledger."""
