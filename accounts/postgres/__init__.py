"""The database engine of `DATABASE_URL`, where that names a PostgreSQL server: Django's, in `base`, and the scope is
said.
"""
