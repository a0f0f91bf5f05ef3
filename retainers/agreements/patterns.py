"""The patterns that people write in rules, compiled so that none can hang a worker (google-re2, linear time).

`checks` uses this to refuse what re2 can't compile, the import's classifier to match; the standard library's
`re` never sees a person's pattern.
"""

from collections.abc import Callable

import re2

from retainers.terms import TextCondition, collapse

Matcher = Callable[[str], bool]


class PatternError(ValueError):
    """A pattern that re2 can't compile; the text says why."""


def squeeze(text: str) -> str:
    """White space collapsed, case kept: the text that a regular expression searches.

    >>> squeeze("  VPN\\n down ")
    'VPN down'
    """
    return " ".join(text.split())


def matcher(condition: TextCondition) -> Matcher:
    """A function that says whether a raw text meets `condition` (domain.md, "Rules").

    re2 is given bytes: for a text its library works out by itself where its signs begin, which nobody asks.

    Raises `PatternError` for a regular expression that re2 refuses.

    >>> matcher(TextCondition("work_type", ("On-site*",)))("ON-SITE  visit")
    True
    """
    if condition.matches is not None:
        search = _compile(condition.matches).search
        return lambda text: search(squeeze(text).encode()) is not None
    plain = frozenset(collapse(text) for text in condition.texts if "*" not in text)
    globs = [_compile_glob(text).fullmatch for text in condition.texts if "*" in text]

    def holds(text: str) -> bool:
        seen = collapse(text)
        return seen in plain or any(fullmatch(seen.encode()) is not None for fullmatch in globs)

    return holds


def _compile_glob(text: str) -> "re2._Regexp":
    return _compile(".*".join(re2.escape(part) for part in collapse(text).split("*")))


def _compile(pattern: str) -> "re2._Regexp":
    options = re2.Options()
    options.case_sensitive = False
    options.dot_nl = True
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        reason = error.args[0] if error.args else ""
        raise PatternError(reason.decode() if isinstance(reason, bytes) else str(reason)) from error
