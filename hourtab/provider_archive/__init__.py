"""The archive of one provider: what is in it, how it is written, and how it becomes a provider again."""
