"""The chain against a clock: decide, release, keep on record, hand over for delivery."""
