"""The chain composed and run many times: plan, batches, store, summary, report."""
