"""The archive of one provider: what is in it, how it is written, and how it becomes a provider again.

`contents` says what is in it; `writing` makes it; `reading` looks one through, `bringing` makes a provider of it.
"""
