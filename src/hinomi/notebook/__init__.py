"""Runs as a script or a notebook has them: begun, opened, asked, shown, reported."""
