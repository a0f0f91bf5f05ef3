"""Bytes of an export to rows: what a file says, whoever's it is. Pure; it knows no provider and no database.

In the order in which a file goes through it: `decode` (bytes to text), `records` (text to records with their
lines), `headers` (which format), `columns` (which cell fills which field), `set_aside` (what is no entry),
`column_facts` (what is decided once a file: units, order of dates), `build` (a record to a `Row`), `sums` and
`file_warnings` (what is odd). `parse` is the way in; `formats` holds a declared table a PSA, `mapping` the
columns that a person mapped by hand.
"""
