"""The whole installation as one file: database and originals of one moment; and an installation made of such a file.

`making` makes it: the database's part by `sqlite` or `postgres`, packed as `archive` says; `retention` says which are
kept. `restoring` makes an installation of it.
"""
