"""The whole installation as one file: database and originals of one moment; and an installation made of such a file."""
