"""Statements of closed cycles: issued, issued again with a reason."""
