"""What is published: each row added and retired by publications of its own agreement, each entry alive once."""

from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef, Q

from hourtab.verifying.places import place, portions
from imports.models import SourceRow
from retainers.models import Adjustment, Approval, Entry, Notice, Publication, Published, TopUp

KINDS: tuple[type[Published], ...] = (Entry, TopUp, Adjustment, Approval, Notice)


def faults() -> Iterator[str]:
    for model in KINDS:
        yield from _of_their_retainer(model)
    yield from _lives()
    yield from _replaced()
    yield from _sources()
    yield from _grants()


def _of_their_retainer(model: type[Published]) -> Iterator[str]:
    name = model._meta.verbose_name
    rows = model.objects.select_related("retainer__client")
    foreign = ~Q(added_in__retainer=F("retainer")) | (
        Q(retired_in__isnull=False) & ~Q(retired_in__retainer=F("retainer"))
    )
    for row in portions(rows.filter(foreign).order_by("pk")):
        yield f"{place(row.retainer)}: {name} {row.pk} is published under another agreement"
    early = Q(retired_in__number__lt=F("added_in__number"))
    for row in portions(rows.filter(early).order_by("pk")):
        yield f"{place(row.retainer)}: {name} {row.pk} was retired before it was added"


def _lives() -> Iterator[str]:
    """No row of an export counts twice at any time: the next entry of its mark begins where the last one ends."""
    columns = ("origin", "retainer", "added_in__number", "retired_in__number", "pk")
    rows = Entry.objects.order_by("origin", "retainer", "added_in__number", "pk").values_list(*columns)
    before: tuple[object, object] = (None, None)
    ends: int | None = 0
    for origin, retainer, begins, until, pk in rows.iterator(chunk_size=1000):
        if (origin, retainer) == before and (ends is None or ends > begins):
            yield f"entry {pk} counts beside another one of the same row of an export"
        before, ends = (origin, retainer), until
    yield from _twice()


def _twice() -> Iterator[str]:
    other = Entry.objects.filter(origin=OuterRef("origin"), retired_in=None, pk__lt=OuterRef("pk"))
    for row in portions(
        Entry.objects.filter(Exists(other), retired_in=None).select_related("retainer__client")
    ):
        yield f"{place(row.retainer)}: entry {row.pk} counts on two pages at once"


def _replaced() -> Iterator[str]:
    """What an entry came in the place of was published, and doesn't count beside it."""
    rows = Entry.objects.filter(replaces__isnull=False).select_related("retainer__client").order_by("pk")
    replaced = Entry.objects.filter(origin=OuterRef("replaces"))
    for row in portions(rows.filter(~Exists(replaced))):
        yield f"{place(row.retainer)}: entry {row.pk} came in the place of one that never was"
    for row in portions(rows.filter(Exists(replaced.filter(retired_in=None)), retired_in=None)):
        yield f"{place(row.retainer)}: entry {row.pk} counts beside the one in whose place it came"


def _sources() -> Iterator[str]:
    """Every entry can be traced to the row of the file that it came from, and to its client."""
    own = SourceRow.objects.filter(origin=OuterRef("origin"), client=OuterRef("retainer__client"))
    rows = Entry.objects.filter(~Exists(own)).select_related("retainer__client")
    for row in portions(rows.order_by("pk")):
        yield f"{place(row.retainer)}: entry {row.pk} came from no row of an export of this client"


def _grants() -> Iterator[str]:
    kinds = {
        Approval: (Publication.Kind.APPROVAL,),
        Notice: (Publication.Kind.NOTICE,),
    }
    for model, allowed in kinds.items():
        rows = model.objects.exclude(added_in__kind__in=allowed).select_related(
            "retainer__client", "added_in"
        )
        for row in portions(rows.order_by("pk")):
            yield (
                f"{place(row.retainer)}: {model._meta.verbose_name} {row.pk} was added by a publication"
                f" that is for something else ({row.added_in.get_kind_display()})"
            )
    for grant in (TopUp, Adjustment):
        wrong = Q(hours_units__lte=0) if grant is TopUp else Q(hours_units=0)
        for row in portions(grant.objects.filter(wrong).select_related("retainer__client")):
            yield f"{place(row.retainer)}: {grant._meta.verbose_name} {row.pk} grants no hours"
