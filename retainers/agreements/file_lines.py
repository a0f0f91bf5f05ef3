"""Which line of a TOML text a key stands on, for messages; the text has been parsed before, so it is valid.

Keys inside an inline table share the line of the key that holds it.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping

Path = tuple[str | int, ...]

_PIECE = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*"
    r"|[\[\]{}\n]"
    r"|[^\"'#\[\]{}\n]+",
    re.DOTALL,
)
_KEY = re.compile(r"""(?:"(?:\\.|[^"\\])*"|'[^']*'|[^="'])*""")


def find_lines(text: str) -> Mapping[Path, int]:
    """The line (from 1) of each table header and key, by its path in the parsed file (lists count from 0)."""
    lines: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    for line, statement in _statements(text):
        if statement.startswith("["):
            table = _header(statement, counts)
            lines.setdefault(table, line)
        else:
            path = _resolve((*table, *_keys(_KEY.findall(statement)[0])), counts, len(table))
            lines.setdefault(path, line)
    return lines


def line_of(lines: Mapping[Path, int], path: Path) -> int | None:
    """The line of the innermost known place that holds `path`."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return None


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Each header or `key = value` with its first line; a value in brackets may span lines."""
    line, first, depth = 1, 1, 0
    parts: list[str] = []
    for piece in _PIECE.findall(text.replace("\r\n", "\n") + "\n"):
        if piece == "\n" and depth == 0:
            if statement := "".join(parts).strip():
                yield first, statement
            parts, first = [], line + 1
        elif not piece.startswith("#"):
            parts.append(piece)
            depth += (piece in "[{") - (piece in "]}")
        line += piece.count("\n")


def _header(statement: str, counts: dict[Path, int]) -> Path:
    if statement.startswith("[["):
        *above, last = _keys(statement.strip("[] \t"))
        path = (*_resolve(tuple(above), counts, 0), last)
        counts[path] = counts.get(path, -1) + 1
        return (*path, counts[path])
    return _resolve(_keys(statement.strip("[] \t")), counts, 0)


def _resolve(path: Path, counts: Mapping[Path, int], start: int) -> Path:
    """The path with the index of the newest item put in behind each list on the way."""
    resolved: Path = path[:start]
    for key in path[start:]:
        resolved = (*resolved, key)
        if resolved in counts:
            resolved = (*resolved, counts[resolved])
    return resolved


def _keys(dotted: str) -> Path:
    """A dotted key, taken apart by the TOML parser itself.

    >>> _keys('provider."business hours"')
    ('provider', 'business hours')
    """
    found: list[str | int] = []
    node: object = tomllib.loads(f"{dotted} = 0")
    while isinstance(node, dict):
        name, node = next(iter(node.items()))
        found.append(name)
    return tuple(found)
