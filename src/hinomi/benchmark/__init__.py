"""A published set of plots with their truth, trackers run on it, and their scores."""
