"""Restatements: what a closed cycle said, and says since a deed changed it (domain.md, "Restatements").

`changes` finds which closed cycles a deed changes, and why, `writing` stands around the deed: it
refuses what nobody has agreed to and writes the rest down beside the publication; `reading` is what pages ask.
"""
