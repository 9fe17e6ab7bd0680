"""Many settings of one scenario on one truth: what a setting changes, what is not computed again."""
