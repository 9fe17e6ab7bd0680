"""A municipal receiver: verifies, shows, sounds at most once, answers; every output simulated."""
