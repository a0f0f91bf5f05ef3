"""Badges of a client: made, shown once, allowed on named sites, revoked."""
