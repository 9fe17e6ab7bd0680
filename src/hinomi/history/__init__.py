"""Public launches: what was published about them, whether it fits together, and how they flew."""
