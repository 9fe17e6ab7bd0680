"""Exercises planned, disturbed on purpose and reviewed."""
