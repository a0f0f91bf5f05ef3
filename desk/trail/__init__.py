"""Who did what: the deeds about one client for its page, and the whole trail for owners."""
