"""Writes what the forms say, through the services that load a file; and what somebody else saved in between.

One way in, whatever the door. A form that is stale is told what changed while it was open.

The form carries the mark of the version that it was opened with. What was left as it was follows the new version;
what was typed stays, beside what stands now.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.http import QueryDict

from accounts.models import Provider, User
from accounts.providers import lock_provider
from accounts.seen import Seen, digest_of
from desk.agreements.draft import AgreementDraft, draft_of
from desk.agreements.fields import Field
from desk.agreements.judging import file_of, seen_of
from desk.agreements.pages import AgreementPage, agreement_page
from desk.since import ChangeSince
from imports.judging.reclassify import reclassify
from retainers import publishing
from retainers.agreements import agreement_from_document
from retainers.loading import load
from retainers.models import AgreementVersion, Client, Retainer
from retainers.restating.writing import Agreed
from retainers.seen import require
from retainers.terms import Adjustment, Agreement, TopUp


@transaction.atomic
def save_agreement(
    *,
    provider: Provider,
    client: Client,
    agreement: Agreement,
    form: str,
    today: date,
    by: User,
    at: datetime,
    others: Sequence[Agreement] = (),
    top_ups: Sequence[TopUp] = (),
    charges: Sequence[Adjustment] = (),
    agreed: Agreed = "",
) -> list[str]:
    """Save and publish the agreement; what changed, a line each. Raises `AgreementError` as `load` does.

    `form` is the mark of what was in view `today`: raises `DoneError` where it was used before, `StaleError`
    where something that its figures come from has changed since, and `RestatingError` for closed cycles that
    `agreed` does not name.
    """
    fresh = lock_provider(provider)
    locked = publishing.lock_all()  # as many as `load` will
    seen = seen_of(fresh, client, (*others, agreement), (*top_ups, *charges), on=today)
    require(seen, form, [row for row in locked.values() if row.client_id == client.pk])
    file = file_of(provider, client, agreement, others=others, top_ups=top_ups, charges=charges)
    seen_as = digest_of(form)
    return load(
        file, at=at, by=by, reclassify=reclassify, note="", seen=seen_as, agreed=agreed, locked=locked
    ).changes


NOTHING = "\N{EN DASH}"


@dataclass(frozen=True, slots=True)
class AgreementMeanwhile:
    """`post` is what was sent, with what was left alone brought up to date."""

    changes: tuple[ChangeSince, ...]
    post: QueryDict


@dataclass(frozen=True, slots=True)
class Input:
    """One input of the form: under which words it stands, what it sends, and what a person reads in it."""

    label: str
    values: tuple[str, ...]
    text: str
    hidden: bool


def mark_of(retainer: Retainer | None) -> str:
    """What a form of that agreement carries from its opening on."""
    return _seen(retainer.version_id).mark if retainer else ""


def _seen(version: int | None) -> Seen:
    return Seen(versions={"agreement": version})


def meanwhile(retainer: Retainer, post: QueryDict, today: date) -> AgreementMeanwhile | None:
    """What has changed since the form was opened; None where nothing has, or the form does not say."""
    opened = post.get("opened", "")
    if not opened or _seen(retainer.version_id).is_in(opened):
        return None
    rows = AgreementVersion.objects.filter(retainer=retainer).order_by("-number")
    version = rows.filter(pk=retainer.version_id).first()
    base = next((row for row in rows if _seen(row.pk).is_in(opened)), None)
    now = _inputs_of(version, today)
    was = _inputs_of(base, today)
    merged = _merged(post, was, now, _inputs(AgreementDraft.read(post), today))
    yours = _inputs(AgreementDraft.read(merged), today)
    return AgreementMeanwhile(
        tuple(_changes(was if base else yours, now, yours, told=base is not None)), merged
    )


def _merged(
    post: QueryDict, was: dict[str, Input], now: dict[str, Input], typed: dict[str, Input]
) -> QueryDict:
    """The form with theirs where it was left alone; where rows came or went, it stays as it was sent."""
    merged = post.copy()
    if _rows(was) == _rows(now):
        for name, field in now.items():
            left = name in typed and typed[name].values == was[name].values
            if left and field.values != was[name].values:
                merged.setlist(name, list(field.values))
    return merged


def _rows(inputs: dict[str, Input]) -> dict[str, tuple[str, ...]]:
    """The names of all inputs, and the keys by which pools are told apart."""
    return {name: field.values if name.endswith("-key") else () for name, field in inputs.items()}


def _changes(
    was: dict[str, Input], now: dict[str, Input], yours: dict[str, Input], *, told: bool
) -> Iterator[ChangeSince]:
    for name in dict.fromkeys((*now, *was)):
        before, after, typed = was.get(name), now.get(name), yours.get(name)
        known = after or before
        if known is None or known.hidden or _values(before) == _values(after):
            continue
        yield ChangeSince(known.label, _text(before) if told else "", _text(after), _text(typed))


def _values(field: Input | None) -> tuple[str, ...]:
    return field.values if field else ()


def _text(field: Input | None) -> str:
    return (field.text if field else "") or NOTHING


def _inputs_of(version: AgreementVersion | None, today: date) -> dict[str, Input]:
    if version is None:
        return {}
    return _inputs(draft_of(agreement_from_document(version.document)), today)


def _inputs(draft: AgreementDraft, today: date) -> dict[str, Input]:
    """Every input of the form of that draft, by name."""
    page = agreement_page(draft, None, is_new=False, title="", today=today)
    return {field.name: _input(field, heading) for heading, field in _fields(page)}


def _fields(page: AgreementPage) -> Iterator[tuple[str, Field]]:
    """Each with the words before its own: of which terms it is, where there are several, and of which row."""
    for step in page.steps:
        yield from (("", field) for field in step.all_fields)
    for part in page.terms:
        heading = part.since.value if len(page.terms) > 1 else ""
        yield heading, part.since
        for step in part.steps:
            yield from ((_joined(heading, name), field) for name, field in step.named_fields)


def _joined(*texts: str) -> str:
    return " · ".join(filter(None, texts))


def _input(field: Field, heading: str) -> Input:
    label = _joined(heading, field.label)
    if not field.options:
        return Input(label, (field.value,), field.value, field.kind == "hidden")
    chosen = [option for option in field.options if option.chosen]
    return Input(
        label,
        tuple(option.value for option in chosen),
        ", ".join(option.name for option in chosen),
        hidden=False,
    )
