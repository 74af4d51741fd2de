"""Stories -> Deliveries: editions, issues, mails, the ledger."""
