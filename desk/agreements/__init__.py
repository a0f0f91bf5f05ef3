"""Agreements in the browser: the same values, checks and services as the file of `load_retainers`."""
