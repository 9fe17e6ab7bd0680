"""A municipal receiver: verify, show, acknowledge; at most once sounded."""
