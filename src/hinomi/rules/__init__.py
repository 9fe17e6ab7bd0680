"""Warning rules compared on the same runs: measures, trade curves, cost-loss reading, page."""
