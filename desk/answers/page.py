"""What was answered about files for good, as lines."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.access import zone_of
from accounts.models import Provider
from desk.imports import format_words
from imports.models import StandingAnswer
from imports.publishing.standing_answers import UNREAD, standing
from presentation.days import moment


@dataclass(frozen=True, slots=True)
class AnswerLine:
    pk: int
    what: str
    where: str
    who: str
    when: str


def answer_lines(provider: Provider) -> tuple[AnswerLine, ...]:
    """Newest first; answers about single rows are not among them."""
    zone = zone_of(provider)
    return tuple(
        AnswerLine(
            pk=row.pk,
            what=_what(row),
            where=format_words.format_name(row.format) if row.format else _("every format"),
            who=str(row.given_by) if row.given_by else _("a program"),
            when=moment(row.given_at, zone),
        )
        for row in standing()
    )


def _what(row: StandingAnswer) -> str:
    """The answer as a sentence."""
    values = {"subject": row.subject, "value": row.value}
    if row.kind == "long":
        return _("Entries and days over 24 hours of %(subject)s are right.") % values
    if row.kind == "unit":
        return _("The numbers in “%(subject)s” count %(value)s.") % values
    if row.kind == "columns" and row.value == UNREAD:
        return _("The column “%(subject)s” may stay unread.") % values
    if row.kind == "columns":
        return _("The column “%(subject)s” is read as %(value)s.") % values
    return _("The same work is also published for %(subject)s, and both count.") % values
