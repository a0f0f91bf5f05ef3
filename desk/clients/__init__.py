"""A client's page for staff, its form, the client's own page without a token, and what a page said on a past day."""
