"""Cycle by cycle and the meters beside figures, printed: ten years are a hundred rows with a picture in each of some.

As the log's lines they are put together here and not by includes of a template, which take many times as long.
"""

from collections.abc import Sequence

from django import template
from django.utils.translation import gettext as _

from portal.past_cycles import HistoryCell, HistoryRow
from portal.templatetags.log_rows import Printed
from presentation.charts import Meter

register = template.Library()


@register.simple_tag
def history_rows(rows: Sequence[HistoryRow]) -> str:
    """A row of the table for each cycle."""
    printed, past, provisional = Printed(), _("%(price)s past the cap"), _("Provisional")
    for row in rows:
        chosen = ' aria-current="page"' if row.chosen else ""
        printed.add(f'<tr><th scope="row"><a href="{{}}"{chosen}>{{}}</a>', row.href, row.name)
        if row.provisional:
            printed.add(" <small>{}</small>", provisional)
        if row.price:
            printed.add(" <small>{}</small>", past % {"price": row.price})
        printed.add("</th>")
        for pool, cell in row.by_pool:
            _add_cell(printed, pool, cell)
        printed.add("</tr>\n")
    return printed.html()


def _add_cell(printed: Printed, pool: str, cell: HistoryCell) -> None:
    """What an account came to in a cycle, under the name of its column where there are several."""
    if pool:
        printed.add('<td data-label="{}">', pool)
    else:
        printed.add("<td>")
    printed.add("<div><span>{}", cell.words)
    if cell.over:
        printed.add(" <em>{}</em>", cell.over)
    printed.add("</span>")
    if cell.meter:
        _add_meter(printed, cell.meter)
    printed.add("</div>")
    for share in cell.shares:
        printed.add('<small dir="auto">{}</small>', share)
    printed.add("</td>")


@register.simple_tag
def meter(shown: Meter) -> str:
    """A bar; its text alternative is left out where the words beside it say the same."""
    printed = Printed()
    _add_meter(printed, shown)
    return printed.html()


def _add_meter(printed: Printed, shown: Meter) -> None:
    if shown.label:
        printed.add('<svg class="meter {}" role="img" aria-label="{}">', shown.tone, shown.label)
    else:
        printed.add('<svg class="meter {}" aria-hidden="true">', shown.tone)
    if shown.cap:
        printed.add('<rect class="past" width="100%" height="100%" rx="7"/>')
        printed.add(
            '<svg width="{}" height="100%"><rect class="used" width="200%" height="100%" rx="7"/></svg>',
            shown.cap,
        )
        printed.add('<rect class="gap" x="{}" width="3" height="100%"/>', shown.cap)
    else:
        printed.add('<rect class="track" width="100%" height="100%" rx="7"/>')
        printed.add('<rect class="used" width="{}" height="100%" rx="7"/>', shown.used)
        if shown.pace:
            printed.add('<rect class="pace" x="{}" width="2" height="100%"/>', shown.pace)
    printed.add("</svg>")
