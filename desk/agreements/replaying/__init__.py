"""What if: drafts of terms, looked at over the client's own past. Nothing here is saved."""
