"""Are the forecasts as good as they say: simulated launches against predicted areas."""
