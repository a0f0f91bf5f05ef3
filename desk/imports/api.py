"""`POST /api/imports`: an export dropped off by a program, with a provider's key.

It arrives as a preview. With `publish=1` and a key that may, it is published at once where nothing needs a
person; what does is named in the answer, and the import waits in the browser. Same limits and same errors as
the upload, as JSON.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now

from accounts.access import today_at
from accounts.models import ApiKey, Scope
from desk.api.door import ApiRefusedError, behind_key, said, told_to_wait
from desk.api.once import answered_once
from desk.api.parameters import Parameter
from desk.imports.refused import noting_refusals
from desk.imports.unattended import FILES_AN_HOUR, publish_unseen, seconds_to_wait
from imports import originals
from imports.models import Import
from imports.publishing.hindrances import HinderedError, hindrances
from imports.publishing.options import Options
from imports.publishing.plan import Plan
from imports.publishing.plan_marks import Unknown
from imports.publishing.preview import preview
from imports.publishing.read_options import (
    CLOCKS,
    OPTIONS,
    ORDERS,
    REMOVALS,
    RefusedOptionsError,
    read_flag,
    read_options,
)
from imports.publishing.report import report, unreadable
from imports.publishing.unknowns import in_words
from imports.reading.rows import MAX_FILE_BYTES, UnreadableFileError
from presentation.counts import counted
from presentation.phrases import one_stop
from retainers.merging import client_called
from retainers.models import Client

TOO_MUCH = (
    f"This key has uploaded {FILES_AN_HOUR} files in an hour, or a gigabyte in a day. "
    "Nothing was stored; try again later."
)
OF_THE_ADDRESS = ("client", "name", "publish", "hold")
YES_OR_NO: Mapping[str, Any] = {"type": "string", "enum": ["1", "0"]}
A_DATE: Mapping[str, Any] = {"type": "string", "format": "date"}
PARAMETERS = (
    Parameter("publish", "1: publish the clients with nothing left to decide, if the key may.", YES_OR_NO),
    Parameter("hold", "Always on with `publish`: clients with something to decide are held back.", YES_OR_NO),
    Parameter("client", "The key of the client, if the file is for one client."),
    Parameter("name", "The file’s name."),
    Parameter("format", "The format, or a saved mapping, by name; without it, it is recognised."),
    Parameter("encoding", "`utf-8`, `cp1252` and others; without it, it is recognised."),
    Parameter("date_order", "What comes first in a date.", {"type": "string", "enum": list(ORDERS)}),
    Parameter("clock", "Of times without am or pm.", {"type": "string", "enum": list(CLOCKS)}),
    Parameter("through", "The last day the file covers.", A_DATE),
    Parameter("from", "With `to`: the days the file covers.", A_DATE),
    Parameter("to", "The last of them.", A_DATE),
    Parameter("covers", "`agreement:NAME` or `pool:KEY`: the only thing it covers.", many=True),
    Parameter(
        "removals", "What happens to entries missing from it.", {"type": "string", "enum": list(REMOVALS)}
    ),
    Parameter("skip_bad_rows", "Publish despite refused rows.", YES_OR_NO),
    Parameter("accept", "A question to accept the file’s answer for, or `all`.", many=True),
    Parameter("restate", "Let figures of settled cycles change.", YES_OR_NO),
    Parameter("restate_reason", "Why, in words for the client; needs `restate`."),
    Parameter("replace", "The format whose entries of these days this file replaces."),
)


@dataclass(frozen=True, slots=True)
class _Asked:
    options: Options
    client: Client | None
    name: str
    publish: bool


@noting_refusals
@behind_key(Scope.IMPORT)
def drop_off(request: HttpRequest, key: ApiKey) -> HttpResponse:
    """201 with what a preview found and what it needs, 200 where it is published; 422 for a file that can't be read."""
    wait = seconds_to_wait(key, now())
    if wait:
        return told_to_wait(TOO_MUCH, wait)
    asked = _asked(request)
    data, name = _body(request, asked.name)
    if len(data) > MAX_FILE_BYTES:
        megabytes = MAX_FILE_BYTES // (1024 * 1024)
        return said({"error": f"The file is larger than {megabytes} MB. Export a shorter period."}, 413)
    return answered_once(request, key, data, lambda: _taken(data, name, asked, key))


def _taken(data: bytes, name: str, asked: _Asked, key: ApiKey) -> HttpResponse:
    source = originals.store(
        data=data, file_name=name, client=asked.client, options=asked.options.document(), by=None, at=now()
    )
    try:
        plan, needs = publish_or_preview(source, key, publish=asked.publish)
    except UnreadableFileError as error:
        return said(unreadable(source, error.problems), 422)
    published = source.state == Import.State.PUBLISHED
    result = source.result if published else report(plan, published=False)
    return said({**result, "needs": needs}, 200 if published else 201)


def publish_or_preview(source: Import, key: ApiKey, *, publish: bool) -> tuple[Plan, list[str]]:
    """The plan, published for whom nothing waits if that is asked for, and what waits for a person."""
    if publish and key.may(Scope.PUBLISH):
        try:
            plan = publish_unseen(source=source, by=None, at=now(), hold=True)
        except HinderedError:
            plan = preview(source, today=today_at(key.provider))
        return plan, list(needs_a_person(plan))
    plan = preview(source, today=today_at(key.provider))
    refused = ["This key may not publish: a manager does, in the browser."] if publish else []
    return plan, [*refused, *needs_a_person(plan)]


def needs_a_person(plan: Plan) -> Iterator[str]:
    """What a program must not decide, in sentences; nothing where nothing waits.

    A company that is no client yet is named where it stops something: a client's date, or the whole file.
    """
    yield from hindrances(plan)
    for unknown in plan.unknown:
        if unknown.stops or not plan.published_clients:
            yield _unknown(unknown)
    if plan.grants:
        rows = "row grants hours: it is offered as a top-up", "rows grant hours: they are offered as top-ups"
        yield f"{counted(len(plan.grants), *rows)}."


def _unknown(unknown: Unknown) -> str:
    waits = counted(unknown.rows, "row waits", "rows wait")
    who = in_words(unknown)
    names = ", ".join(client.name for client in unknown.stops)
    return one_stop(f"{who}: {waits}{f', and so does the date of {names}' if names else ''}.")


def _asked(request: HttpRequest) -> _Asked:
    """What the address asks for: the words of the command's options. One that nobody knows is refused."""
    query = {name.replace("-", "_"): values for name, values in request.GET.lists()}
    unknown = sorted(query.keys() - {*OPTIONS, *OF_THE_ADDRESS})
    if unknown:
        known = ", ".join((*OPTIONS, *OF_THE_ADDRESS))
        raise ApiRefusedError(f"“{unknown[0]}” isn't a parameter. Known: {known}.")
    words: dict[str, Any] = {
        name: values if name in ("covers", "accept") else values[-1] for name, values in query.items()
    }
    try:
        return _Asked(
            options=read_options(words),
            client=_client(words.get("client", "")),
            name=words.get("name", ""),
            publish=read_flag(words, "publish"),
        )
    except RefusedOptionsError as error:
        raise ApiRefusedError(
            *(f"{problem.option}: {problem.message}" for problem in error.problems)
        ) from error


def _client(slug: str) -> Client | None:
    if not slug:
        return None
    found = client_called(slug)
    if found is None:
        raise ApiRefusedError(f"There is no client “{slug}”.")
    return found


def _body(request: HttpRequest, name: str) -> tuple[bytes, str]:
    """The file: the body as it is (`curl --data-binary @time.csv`), or the field `file` of a form."""
    if request.content_type == "multipart/form-data":
        file = request.FILES.get("file")
        if file is None:
            raise ApiRefusedError("The form has no field “file”.")
        return file.read(MAX_FILE_BYTES + 1), name or str(file.name)
    data = request.read(MAX_FILE_BYTES + 1)
    if not data:
        raise ApiRefusedError("The body is empty: send the file with curl --data-binary @time.csv")
    return data, name or "dropped-off.csv"
