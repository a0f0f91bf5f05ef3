"""What the last update did to the lines of a cycle that isn't settled, in one sentence beside the freshness."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from presentation.coverage import day_words
from presentation.facts import Since


def of_since(since: Since | None, today: date) -> Iterator[str]:
    """Since Mon 9 November: 2 lines changed, 1 new."""
    if since is None:
        return
    yield _("Since %(day)s: %(changes)s.") % {
        "day": day_words(since.on, today),
        "changes": ", ".join(_parts(since)),
    }


def _parts(since: Since) -> Iterator[str]:
    if since.changed:
        yield ngettext("%(count)d line changed", "%(count)d lines changed", since.changed) % {
            "count": since.changed
        }
    if since.new:
        yield ngettext("%(count)d new line", "%(count)d new lines", since.new) % {"count": since.new}
    if since.gone:
        yield ngettext("%(count)d line taken back", "%(count)d lines taken back", since.gone) % {
            "count": since.gone
        }
