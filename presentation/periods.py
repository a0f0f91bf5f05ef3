"""The stretch of time that is shown of an agreement, in words: a cycle; a prepaid block's life, which knows none."""

from django.utils.translation import gettext as _

from presentation.days import dated, span
from presentation.facts import RetainerFacts
from retainers.balance import CycleBalance


def period(facts: RetainerFacts, shown: CycleBalance) -> str:
    """`November 2026`; of a block `Since 4 May 2026`, once it is over or looked back at also to which day."""
    if not facts.is_block:
        return span(shown.starts, shown.ends)
    first = dated(facts.run[0].starts)
    if facts.is_current and not shown.closed:
        return _("Since %(day)s") % {"day": first}
    return _("%(first)s to %(last)s") % {"first": first, "last": dated(shown.ends)}


def looking_back(facts: RetainerFacts, shown: CycleBalance) -> tuple[str, str]:
    """What stands above an earlier cycle, and the words of the link back; nothing above what runs."""
    if facts.is_current:
        return ("", "")
    if facts.is_block:
        words = _("You are looking at how it stood on %(day)s.") % {"day": dated(shown.ends)}
        return (words, _("Back to today"))
    words = _("You are looking at an earlier cycle: %(name)s.") % {"name": period(facts, shown)}
    return (words, _("Back to the current cycle"))
