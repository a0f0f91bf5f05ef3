"""A count with the words that go with it, in English sentences that are made without Django."""


def how_many(count: int, one: str, several: str) -> str:
    """
    >>> how_many(1, "row lacks", "rows lack"), how_many(1200, "row lacks", "rows lack")
    ('1 row lacks', '1,200 rows lack')
    """
    return f"{count:,} {one if count == 1 else several}"
