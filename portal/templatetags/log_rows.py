"""The work log's lines, printed: a page has a hundred of them and more, and includes of a template take many times as
long.

Put together here are the signs around the texts; the texts are escaped all at once and put in between.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django import template
from django.utils.html import escape, format_html
from django.utils.translation import gettext as _

from portal.log import Total
from portal.log_days import Day, Line

register = template.Library()
BETWEEN = "\0"


@dataclass(frozen=True, slots=True)
class _Words:
    """What stands at every line, in the reader's language."""

    ask: str
    about: str


class Printed:
    """Signs with a place for each text, and the texts in their order."""

    def __init__(self) -> None:
        self.signs: list[str] = []
        self.texts: list[str] = []

    def add(self, signs: str, *texts: str) -> None:
        self.signs.append(signs)
        self.texts += texts

    def html(self) -> str:
        """Each text is escaped once, however often it stands there, and all of them together."""
        if not self.texts:
            return ""
        texts = list(dict.fromkeys(self.texts))
        escaped = dict(zip(texts, _escaped(texts), strict=True))
        whole = "".join(self.signs).format(*map(escaped.__getitem__, self.texts))
        return format_html(
            whole, ""
        )  # it has no place for that: it is said to be safe, and braces are single again


def _escaped(texts: list[str]) -> list[str]:
    """Each escaped and with its braces doubled, all at once, with a sign between two texts that no page has."""
    whole = BETWEEN.join(texts).replace("{", "{{").replace("}", "}}")
    found = str(escape(whole)).split(BETWEEN)
    return found if len(found) == len(texts) else _escaped([text.replace(BETWEEN, "") for text in texts])


@register.simple_tag
def log_table(days: Sequence[Day], part: str = "", title: str = "", totals: Sequence[Total] = ()) -> str:
    """The lines of a log, or of what is folded under a title; `part` is the section whose name it bears."""
    printed, heads = Printed(), (_("Date"), _("Work"), _("Hours"))
    if title:
        look = "log oneday" if len(days) == 1 else "log"
        printed.add(f'<table class="{look}"><caption class="sr">{{}}</caption>', title)
    else:
        printed.add('<table class="log" aria-labelledby="{}-name">', part)
    printed.add('<thead><tr><th scope="col">{}</th><th scope="col">{}', *heads[:2])
    if title:
        printed.add(' <span class="again">{}</span>', title)
    printed.add('</th><th scope="col">{}</th></tr></thead>\n', heads[2])
    _add_days(printed, days)
    _add_totals(printed, totals)
    printed.add("</table>\n")
    return printed.html()


@register.simple_tag
def log_totals(totals: Sequence[Total]) -> str:
    """What the lines add up to, as the foot of a table."""
    printed = Printed()
    _add_totals(printed, totals)
    return printed.html()


def _add_totals(printed: Printed, totals: Sequence[Total]) -> None:
    if not totals:
        return
    printed.add("<tfoot>")
    for total in totals:
        opened = '<tr class="whole">' if total.is_sum else "<tr>"
        cells = f'{opened}<th scope="row" colspan="2"><bdi>{{}}</bdi></th><td>{{}}</td></tr>\n'
        printed.add(cells, total.name, total.hours)
    printed.add("</tfoot>\n")


def _add_days(printed: Printed, days: Sequence[Day]) -> None:
    """A table's body for each day."""
    words = _Words(_("Ask"), _("about %(day)s, line %(number)s"))
    for day in days:
        printed.add('<tbody><tr><th scope="rowgroup">{} <span>{}</span></th>', day.date, day.weekday)
        for number, line in enumerate(day.lines):
            printed.add("<tr><td></td><td>" if number else "<td>")
            _add_line(printed, line, day, words)
            printed.add("</td><td>{}</td></tr>", line.hours)
        if day.total:
            printed.add('<tr class="day"><td></td><td>{}</td><td>{}</td></tr>', day.total_words, day.total)
        printed.add("</tbody>\n")


def _add_line(printed: Printed, line: Line, day: Day, words: _Words) -> None:
    """A line, or an incident that opens on its lines."""
    if not line.parts:
        printed.add("<bdi>{}</bdi><small>", line.text)
        _add_why(printed, line)
        _add_question(printed, line, day, words)
        printed.add("</small>")
        return
    opened = " open" if line.is_open else ""
    printed.add(f'<details class="incident"{opened}><summary><bdi>{{}}</bdi><small>', line.text)
    _add_why(printed, line)
    printed.add("</small></summary><ul>")
    for part in line.parts:
        printed.add("<li><span><bdi>{}</bdi><small>", part.text)
        _add_why(printed, part)
        _add_question(printed, part, day, words)
        printed.add('</small></span> <span class="num">{}</span></li>', part.hours)
    printed.add("</ul></details>")


def _add_why(printed: Printed, line: Line) -> None:
    """How the line was counted."""
    printed.add("{}", line.why)
    if line.pool:
        printed.add(" · <bdi>{}</bdi>", line.pool)
    if line.so_far:
        printed.add(" · {}", line.so_far)
    if line.corrected:
        printed.add(' <span class="chip amber">{}</span>', line.corrected)


def _add_question(printed: Printed, line: Line, day: Day, words: _Words) -> None:
    if line.ask_href:
        about = words.about % {"day": day.date, "number": line.number}
        signs = ' <a class="q" href="{}">{}<span class="sr"> {}: <bdi>{}</bdi>, {} h</span></a>'
        printed.add(signs, line.ask_href, words.ask, about, line.text, line.hours)
