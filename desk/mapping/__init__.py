"""Mapping a file's columns by hand: the page, its check over all rows, and the headers as a file for support."""
