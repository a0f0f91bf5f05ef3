"""Whether the database holds what everything else relies on. `walk.verified` is the door; each other module is
one chapter of it: `faults()` looks at the provider in scope, reads in portions, and says in sentences what is
not so, each with its place. Nothing here writes.
"""
