"""Production, stock and money of a scenario, asked from the command line: answer, page, pictures."""
