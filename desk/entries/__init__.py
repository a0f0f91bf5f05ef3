"""One published entry: what the PSA says, what counts and why, and a change seen before it is saved."""
