"""A statement as PDF: what its page says, in the same strings, on paper of the provider's country.

Nothing is computed here: every figure and sentence is the page's own, so that the two can't differ.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from portal.log_days import Line
from portal.logo_ground import on_its_plate
from portal.paper import Paper
from portal.statement import AccountTable, StatementPage
from portal.statement_log import StatedLog


def statement_pdf(page: StatementPage, *, size: str, logo: bytes, at: datetime) -> bytes:
    """The document; `at` is the moment of the newest statement, so that the same statement is the same file."""
    title = _("Statement for %(cycle)s") % {"cycle": page.cycle}
    paper = Paper(size=size, title=title, foot=f"{page.provider} · {page.client} · {page.number}", at=at)
    paper.set_author(page.provider)
    paper.set_subject(f"{page.client} · {page.agreement} · {page.number}")
    if logo:
        paper.logo(on_its_plate(logo))
    paper.say(page.provider, bold=True, gap=4)
    paper.say(title, size=18, bold=True, gap=1)
    paper.say(f"{page.client} · {page.agreement}")
    paper.say(_("Statement %(number)s") % {"number": page.number}, soft=True, gap=2)
    for sentence in (_("Provisional"), page.provisional) if page.provisional else ():
        paper.say(sentence, bold=True, gap=2)
    _figures(paper, page)
    for log in page.logs:
        _log(paper, log)
    paper.heading(_("What was stated when"))
    for sentence in (*page.history, page.differs):
        if sentence:
            paper.say(sentence, gap=0.5)
    _contact(paper, page)
    return paper.body()


def _figures(paper: Paper, page: StatementPage) -> None:
    paper.heading(_("Hours"))
    widths = (3, *(2 for _each in page.columns))
    rows: list[tuple[tuple[str, ...], bool]] = []
    for account in page.accounts:
        rows += _account(account, len(page.columns))
    rows += [((line.words, *line.figures), False) for line in page.money]
    paper.rows(("", *page.columns), rows, widths=widths)


def _account(account: AccountTable, columns: int) -> list[tuple[tuple[str, ...], bool]]:
    head = [((account.name, *("" for _each in range(columns))), True)] if account.name else []
    return [*head, *(((line.words, *line.figures), line.is_result) for line in account.lines)]


def _log(paper: Paper, log: StatedLog) -> None:
    name = f" · {log.name}" if log.name else ""
    paper.heading(_("Work log") + name)
    if not log.days:
        paper.say(_("No work in this cycle."), soft=True)
        return
    rows = [((day.date, _told(line), line.hours), False) for day in log.days for line in day.lines]
    rows += [(("", total.name, total.hours), total.is_sum) for total in log.totals]
    paper.rows((_("Date"), _("Work"), _("Hours")), rows, widths=(3, 16, 3), left=2)
    if log.note:
        paper.say(log.note, soft=True)
    if log.kinds:
        _kinds(paper, log)


def _kinds(paper: Paper, log: StatedLog) -> None:
    paper.heading(_("How the hours were counted"))
    heads = _("Kind of work"), _("Worked"), _("Counted"), _("Taken")
    told = [((kind.name, kind.worked, kind.counted, kind.taken), kind.is_sum) for kind in log.kinds]
    paper.rows(heads, told, widths=(10, 4, 4, 4))


def _told(line: Line) -> str:
    """A line's words, and below them how its hours came about; below an incident each of its lines."""
    below = (f"– {part.text}: {_how(part)} · {part.hours} h" for part in line.parts)
    return "\n".join((line.text, _how(line), *below))


def _how(line: Line) -> str:
    return " · ".join(filter(None, (line.why, line.pool, line.so_far)))


def _contact(paper: Paper, page: StatementPage) -> None:
    ways = " · ".join(filter(None, (page.contact.phone, page.contact.email)))
    if ways:
        paper.ln(3)
        paper.say(_("Questions about a line or about the agreement?") + " " + ways, soft=True)
