"""Sensors: who is in view, is it detected, what is measured, when is it known."""
