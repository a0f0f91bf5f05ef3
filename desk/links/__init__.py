"""A client's share links: made, copied, replaced, revoked, and what they were used for."""
