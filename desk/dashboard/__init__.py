"""The dashboard: every client's case, the ones to act on first, with what stands beside the list; and saved views."""
