"""From tracks to people: forecast, alert, receipt, response."""
