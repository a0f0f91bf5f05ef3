"""Bytes of an export to rows: what a file says, whoever's it is. Pure; it knows no provider and no database.

In the order in which a file goes through it: `decode` (bytes to text, with `code_pages`), `records` (text to
records with their lines), `headers` (which format), `columns` (which cell fills which field), `second_tables`
and `set_aside` (what is no entry), `column_facts` and `clock_facts` (what is decided once a file: units, order
of dates, clock), `build` (a record to a `Row`), `unread` (which columns matter and aren't read) and
`file_warnings` (what is odd). `parse` is the way in; `formats` holds a declared table a PSA, `mapped` the
columns that a person mapped by hand, `proposals` what is proposed for them.
"""
