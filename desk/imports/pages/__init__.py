"""Finished page objects for the import pages: every figure worked out, every sentence said."""
