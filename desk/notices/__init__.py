"""A manager's notice beside the client's number."""
