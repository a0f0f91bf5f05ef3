"""Whether the database holds what everything else relies on. `walk.verified` is the door; each other module holds
chapters of it: their `faults()` look at the provider in scope, read in portions, and say in sentences what is not so,
each with its place. Nothing here writes.
"""
