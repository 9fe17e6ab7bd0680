"""How well trackers did: the only place besides `study` where tracks meet the truth."""
