"""Restatements: what a closed cycle said, and says since a deed changed it (domain.md, "Restatements").

`writing` stands around the deed: it refuses what nobody has agreed to and writes the rest down beside the publication;
`sides` has the deed's retainers before and after, `changes` finds which closed cycles differ, and why; `saying` is how
a command agrees. `reading` is what pages ask.
"""

LONGEST_REASON = 200


def tidy_reason(text: str) -> str:
    """Typed words as they are kept: one line, as long as the record has room for."""
    return " ".join(text.split())[:LONGEST_REASON]
