"""Publications: numbered without a gap, never before the one before, each with its version, its newest pointed at."""

from collections.abc import Iterator

from django.db.models import F, Max, Q

from hourtab.verifying.places import numbered, of_publication, place, portions
from imports.models import Import, ImportPublication
from retainers.models import AgreementVersion, Publication, Restatement, Retainer, RuleBook, Statement

KIND = Publication.Kind
Pair = tuple[Publication, Publication | None]


def faults() -> Iterator[str]:
    yield from _numbers()
    yield from _heads()
    for row, before in _in_order():
        yield from _of_one(row, before)
    yield from _imports()


def _numbers() -> Iterator[str]:
    for client, key, *_ in numbered(Publication.objects.all(), "retainer__client__slug", "retainer__key"):
        yield f"{client}/{key}: its publications are not numbered 1, 2, 3 and so on"
    for client, key, *_ in numbered(
        AgreementVersion.objects.all(), "retainer__client__slug", "retainer__key"
    ):
        yield f"{client}/{key}: its versions are not numbered 1, 2, 3 and so on"
    for slug, *_ in numbered(RuleBook.objects.all(), "provider__slug"):
        yield f"{slug}: its rule books are not numbered 1, 2, 3 and so on"
    stated = ("retainer__client__slug", "retainer__key", "cycle_starts")
    for client, key, starts, *_ in numbered(Statement.objects.all(), *stated):
        yield f"{client}/{key}: the statements of the cycle from {starts} are not numbered 1, 2, 3 and so on"
    for row in portions(Statement.objects.exclude(publication__retainer=F("retainer"))):
        yield f"{place(row.retainer)}: statement {row.number} of {row.cycle_starts} is of another agreement"
    published = Restatement.objects.filter(publication__isnull=False)
    for told in portions(published.exclude(publication__retainer=F("retainer"))):
        yield f"{place(told.retainer)}: what changed in {told.cycle_starts} is of another agreement"


def _heads() -> Iterator[str]:
    """The retainer points at its newest version and its newest publication."""
    newest = Retainer.objects.select_related("client", "publication", "version").annotate(
        last=Max("publications__number")
    )
    for row in portions(newest.order_by("pk")):
        head, version = row.publication, row.version
        if row.last != (head.number if head else None) or (head and head.retainer_id != row.pk):
            yield f"{place(row)}: what is shown is not its newest publication"
        last = AgreementVersion.objects.filter(retainer=row).order_by("-number").first()
        if last != version:
            yield f"{place(row)}: its agreement is not its newest version"


def _in_order() -> Iterator[Pair]:
    rows = Publication.objects.select_related("retainer__client", "version", "took_back")
    before: Publication | None = None
    for row in portions(rows.defer("version__document").order_by("retainer", "number")):
        yield row, before if before and before.retainer_id == row.retainer_id else None
        before = row


def _of_one(row: Publication, before: Publication | None) -> Iterator[str]:
    said = of_publication(row)
    if row.version.retainer_id != row.retainer_id:
        yield f"{said} shows the agreement of another retainer"
    if before and row.made_at < before.made_at:
        yield f"{said} was made before the one before it"
    if before and row.version.number < before.version.number:
        yield f"{said} shows an older agreement than the one before it"
    yield from _of_its_kind(row, before, said)


def _of_its_kind(row: Publication, before: Publication | None, said: str) -> Iterator[str]:
    back = row.took_back
    if (row.kind == KIND.UNDO) != (back is not None):
        yield f"{said} takes an import back without naming it, or names one though it isn't an undo"
    if back and not _is_an_earlier_import(back, row):
        yield f"{said} takes back something other than an earlier import of this agreement"
    was, now = before.updated_at if before else None, row.updated_at
    match row.kind:
        case KIND.IMPORT if now is None or (was and now < was):
            yield f"{said} sets back when the last import was"
        case KIND.IMPORT | KIND.UNDO:
            return
        case _ if now != was:
            yield f"{said} changes when the last import was, and is none"


def _is_an_earlier_import(back: Publication, row: Publication) -> bool:
    is_earlier = back.retainer_id == row.retainer_id and back.number < row.number
    return is_earlier and back.kind == KIND.IMPORT


def _imports() -> Iterator[str]:
    links = ImportPublication.objects.select_related("publication__retainer__client")
    for link in portions(links.exclude(publication__kind=KIND.IMPORT)):
        yield f"{of_publication(link.publication)} belongs to import {link.made_by_id}, and is none"
    for link in portions(links.exclude(client=F("publication__retainer__client"))):
        yield f"{of_publication(link.publication)} is filed under another client's import"
    known = ImportPublication.objects.values("publication")
    unnamed = Publication.objects.filter(kind=KIND.IMPORT).exclude(pk__in=known)
    for row in portions(unnamed.select_related("retainer__client")):
        yield f"{of_publication(row)} is of an import that nobody kept"
    yield from _states()


def _states() -> Iterator[str]:
    """An import in preview or discarded has published nothing, of an undone one nothing stands."""
    standing = Q(publications__publication__taken_back_by=None)
    published = Import.objects.filter(publications__isnull=False)
    wrong = (
        (
            published.filter(state__in=(Import.State.UPLOADED, Import.State.DISCARDED)),
            "has published something",
        ),
        (published.filter(standing, state=Import.State.UNDONE), "is still on a page"),
        (
            published.filter(state=Import.State.PUBLISHED).exclude(pk__in=published.filter(standing)),
            "is undone",
        ),
    )
    for rows, what in wrong:
        for row in portions(rows.order_by("pk").distinct()):
            yield f"import {row.pk} is {row.get_state_display()}, and {what}"
