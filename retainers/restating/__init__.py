"""Restatements: what a closed cycle said, and says since a deed changed it (domain.md, "Restatements").

`writing` stands around the deed: it refuses what nobody has agreed to and writes the rest down beside the publication;
`sides` has the deed's retainers before and after, `changes` finds which closed cycles differ, and why; `saying` is how
a command agrees. `reading` is what pages ask.
"""
