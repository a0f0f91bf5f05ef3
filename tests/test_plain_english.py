"""Every sentence a person reads is plain English: the turns that read as translated don't come back."""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = (
    "accounts",
    "alerts",
    "demo",
    "desk",
    "hourtab",
    "imports",
    "leaks",
    "portal",
    "presentation",
    "retainers",
)
NEVER_READ = ("migrations", "signs.py")  # Django's own copies, and words looked for in notes

TRANSLATED = {
    "“is no date” for “isn't a date”": re.compile(
        r"(?<!there )(?<!There )\b(?:is|are) no\b(?! longer| more than| later| earlier)"
    ),
    "“that is over” for “closed” or “past”": re.compile(r"\b(?:that|which) (?:is|are) over\b(?! its| their)"),
    "“stands” for “is”, “applies”, “appears”": re.compile(r"\bstands?\b"),
    "“is told” for an active verb": re.compile(r"\b(?:is|are|was|were) told\b"),
    "“judged otherwise” for “changed”": re.compile(r"\bjudged otherwise\b"),
    "“says something else” for “changes”": re.compile(r"\b(?:says?|said) (?:something else|otherwise)\b"),
    "“ran out”, “no longer holds” for “expired”, “no longer works”": re.compile(
        r"\bran out\b|\bno longer holds\b"
    ),
    "“count for nobody” for “aren't counted”": re.compile(r"\bcount(?:s|ed)? for nobody\b"),
    "“look once more” for “check again”": re.compile(
        r"\blook(?:s|ed)? (?:at (?:it|them|the \w+) )?(?:once more|again)\b"
    ),
    "“is done already” for “is already done”": re.compile(
        r"\b(?:is|are|was|were|has|have) (?:\w+ed|done|made|there|here|in|open|a \w+) already\b"
    ),
    "“Known are …” for “Known: …”": re.compile(r"\b[Kk]nown are (?!\[)"),
    "“broke off” for “stopped”": re.compile(r"\b(?:broke|broken|breaks?) off\b"),
    "“say expressly” for “confirm”": re.compile(r"\bexpressly\b"),
    "“brought along” for “moved”": re.compile(r"\b(?:brought|brings?) along\b"),
    "“holds no more” for “has expired”": re.compile(r"\bholds? (?:no more|from|for \d)"),
    "“stay to be settled” for “still to be settled”": re.compile(r"\bstays? to be\b|\bmay stay un\w+"),
    "“has not come” for “hasn't arrived”": re.compile(r"\b(?:has|have|had) not come\b"),
    "“let through” for “allowed”": re.compile(
        r"(?<!no longer )(?<!words )\blet through\b|\blets? (?:it|them|the words) through\b"
    ),
    "“Left empty: …” for “If empty, …”": re.compile(r"\b(?:Left empty|Empty):"),
    "“reads as fallback text” for “shows fallback text”": re.compile(r"\breads? as (?:fallback|neutral)\b"),
    "“reckoned in” for “included”": re.compile(r"\breckoned in\b(?! a)"),
    "“speaks for” for “covers”": re.compile(r"\bspeaks? (?:only )?for\b"),
    "“in some seconds” for “in a few seconds”": re.compile(r"\bin some (?:seconds|minutes)\b"),
    "“if you know nothing of this” for “if this wasn't you”": re.compile(r"\bknows? nothing of\b"),
    "“its 72 hours are over” for “it has expired”": re.compile(r"\b(?:hours|minutes) are over\b"),
}
# Turns that the documents are free of as well; code and tests may still use these words.
TRANSLATED_IN_DOCUMENTS = {
    "“deed” for “action”": re.compile(r"\bdeeds?\b"),
    "“mended” for “fixed”": re.compile(r"\bmend(?:s|ed|ing)?\b"),
    "“bears” for “carries”": re.compile(r"\b(?:bears?|borne)\b"),
    "“anew” for “again”": re.compile(r"\banew\b"),
    "“reckons” for “calculates”": re.compile(r"\breckon(?:s|ed)?\b"),
    "“of no use” for “useless”": re.compile(r"\bof no use\b"),
    "“takes up” for “uses”": re.compile(r"\btak(?:es?|en|ing) (?:it |them )?up\b(?! to)"),
    "“of which nothing speaks”, “speaks for” for “covers”": re.compile(
        r"\bspeaks? (?:for|of)\b|\bnothing speaks\b"
    ),
    "“one's own machine” for “your own machine”": re.compile(r"(?<!another )(?<!each )\bone's\b"),
    "“Who has left stays out” for “a contact who left”": re.compile(
        r"(?:^|[.:;,] )[Ww]ho (?:is|has|was|leaves|sends|wants|takes)\b(?![^.]*\?)"
    ),
    "“by name or not, is asked for” for an active verb": re.compile(r"\b(?:is|are) asked for\b"),
    "“lies” for “is”": re.compile(r"\b(?:lie in|lies in|lies below|lies near)\b"),
    "“will have some”, “where none is” for “if there is none”": re.compile(r"\bwhere (?:none|one) is\b"),
}


def docstrings(tree: ast.Module) -> set[int]:
    homes = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    firsts = (node.body[0] for node in ast.walk(tree) if isinstance(node, homes) and node.body)
    return {id(first.value) for first in firsts if isinstance(first, ast.Expr)}


def sentences(text: str) -> Iterator[str]:
    """The texts of a module that have a space in them: what it may say to a person."""
    tree = ast.parse(text)
    passed = docstrings(tree)
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in passed
        if is_text and " " in node.value.strip():
            yield node.value


Said = tuple[tuple[str, str], ...]  # each place with a text that stands there; read once for all turns


@cache
def messages() -> Said:
    paths = (path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    read = (path for path in paths if not set(path.parts) & set(NEVER_READ))
    return tuple((str(path.relative_to(ROOT)), each) for path in read for each in sentences(path.read_text()))


@cache
def templates() -> Said:
    return tuple(shown_by_templates())


def shown_by_templates() -> Iterator[tuple[str, str]]:
    for path in (ROOT / "templates").rglob("*"):
        if path.is_file():
            shown = re.sub(
                r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}|\{\{.*?\}\}",
                "",
                path.read_text(),
                flags=re.S,
            )
            yield from ((str(path.relative_to(ROOT)), line.strip()) for line in shown.splitlines())


@cache
def documents() -> Said:
    return tuple(lines_of_documents())


def lines_of_documents() -> Iterator[tuple[str, str]]:
    """The lines of the README and of every other document, without what they quote from code."""
    for path in sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]):
        read = re.sub(r"^```.*?^```|`[^`\n]*`", "", path.read_text(encoding="utf-8"), flags=re.S | re.M)
        yield from ((str(path.relative_to(ROOT)), line.strip()) for line in read.splitlines())


def translated(said: Iterable[tuple[str, str]], pattern: re.Pattern[str]) -> list[str]:
    return [f"{place}: {text[:160]}" for place, text in said if pattern.search(text)]


@pytest.mark.parametrize("turn", TRANSLATED)
def test_no_message_reads_as_translated(turn: str) -> None:
    assert translated(messages(), TRANSLATED[turn]) == []


@pytest.mark.parametrize("turn", TRANSLATED)
def test_no_page_or_mail_reads_as_translated(turn: str) -> None:
    assert translated(templates(), TRANSLATED[turn]) == []


@pytest.mark.parametrize("turn", [*TRANSLATED, *TRANSLATED_IN_DOCUMENTS])
def test_no_document_reads_as_translated(turn: str) -> None:
    assert translated(documents(), (TRANSLATED | TRANSLATED_IN_DOCUMENTS)[turn]) == []


def test_every_document_is_looked_at() -> None:
    places = {place for place, _ in documents()}
    assert {"README.md", "CHANGELOG.md", "docs/ledger.md", "docs/importing.md"} < places


def test_a_sentence_that_reads_as_translated_is_found() -> None:
    module = (
        'def refuse():\n    """It is no docstring that counts."""\n    raise ValueError("“x” is no date")\n'
    )
    found = translated(
        (("there.py", each) for each in sentences(module)), TRANSLATED["“is no date” for “isn't a date”"]
    )
    assert found == ["there.py: “x” is no date"]
