"""Saved mappings of columns: what each reads, tried on a file, called otherwise, taken back."""
