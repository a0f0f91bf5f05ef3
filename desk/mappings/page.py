"""The saved mappings as a page: which column fills what, who saved it, and what was read by it last."""

from dataclasses import dataclass

from accounts import actors as account_words
from accounts.access import zone_of
from accounts.models import Provider
from desk.mapping.field_names import LABELS
from imports.models import Import, SavedMapping
from imports.saved_mappings import called_of, mapping_of
from presentation.days import moment


@dataclass(frozen=True, slots=True)
class MappingLine:
    """`format` is the name that files are read by; `name` what it is called."""

    pk: int
    format: str
    name: str
    columns: tuple[tuple[str, str], ...]
    who: str
    when: str
    last: int | None


def mapping_lines(provider: Provider) -> tuple[MappingLine, ...]:
    """By name."""
    zone = zone_of(provider)
    newest = dict(Import.objects.order_by("pk").values_list("format", "pk"))
    return tuple(
        MappingLine(
            pk=row.pk,
            format=row.name,
            name=called_of(row),
            columns=_columns(row),
            who=account_words.person(row.made_by),
            when=moment(row.made_at, zone),
            last=newest.get(row.name),
        )
        for row in SavedMapping.objects.select_related("made_by")
    )


def _columns(row: SavedMapping) -> tuple[tuple[str, str], ...]:
    """What each column is read as, in the order of the mapping's own form."""
    columns = mapping_of(row.name, row.document).columns
    return tuple((str(LABELS[field]), columns[field]) for field in LABELS if field in columns)
