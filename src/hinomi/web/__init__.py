"""The pages and the interface behind them: studies, replays, what-if, evidence, in a browser."""
