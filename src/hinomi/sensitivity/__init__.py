"""Which assumption moves which headline, and how wide the answers are when all of them move."""
