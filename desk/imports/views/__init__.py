"""The import pages: each view answers one address, and leaves figures to `pages`, writing to the services."""
