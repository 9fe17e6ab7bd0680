"""A run handed to other programs, and two runs held side by side."""
