"""What the public record says, as claims: who said what and when, where they contradict each other.

A claim is one statement of one speaker about one quantity. Claims are compared, never averaged; a
stated rule picks one, and every number of a run that stands on claims names them.
"""
