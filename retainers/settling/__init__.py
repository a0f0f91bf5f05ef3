"""Acts by which a provider settles cycles that are over: marking them as invoiced, and closing a month.

`invoicing` and `months` write, `acts` reads; the rows are in `retainers/models`.
"""
