"""Whether the database holds what everything else relies on. Nothing here writes.

`walk` is the way in, by `verified()`. Each other module holds chapters of it, whose `faults()` look at the provider in
scope and say in sentences what is not so: `publications`, their `rows`, the `figures` that clients read, and what is
`kept`: originals, mails, ties to one provider. `places` says where a fault is, and reads rows in portions.
"""
