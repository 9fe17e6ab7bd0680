"""The value of integration: what changes, by how much, how sure, and which part of it causes it."""
