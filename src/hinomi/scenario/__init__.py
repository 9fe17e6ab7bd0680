"""The gate: from a scenario's text to checked records, with every number's source."""
