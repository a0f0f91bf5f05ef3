"""`POST /api/imports`: an export dropped off by a program, with a provider's key.

It arrives as a preview. With `publish=1` and a key that may, it is published at once where nothing needs a
person; what does is named in the answer, and the import waits in the browser. Same limits and same errors as
the upload, as JSON.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts import keys
from accounts.access import today_at
from accounts.actors import with_key
from accounts.models import ApiKey
from accounts.tenancy import tenant_scope
from desk.imports.quota import AN_HOUR, seconds_to_wait
from desk.imports.unattended import publish_unseen
from imports import originals
from imports.models import Import
from imports.publishing.hindrances import hindrances
from imports.publishing.options import Options
from imports.publishing.plan import Plan, Unknown
from imports.publishing.preview import preview
from imports.publishing.publish import HinderedError
from imports.publishing.read_options import OPTIONS, RefusedOptionsError, read_flag, read_options
from imports.publishing.report import report, unreadable
from imports.reading.how_many import how_many
from imports.reading.rows import MAX_FILE_BYTES, UnreadableFileError
from retainers.merging.former import client_called
from retainers.models import Client

TOO_MUCH = (
    f"This key has dropped off {AN_HOUR} files in an hour, or a gigabyte in a day."
    " Nothing was taken: try again later."
)
OF_THE_ADDRESS = ("client", "name", "publish", "hold")


class ApiRefusedError(Exception):
    """The request itself can't be used; the sentences say why."""


@dataclass(frozen=True, slots=True)
class _Asked:
    options: Options
    client: Client | None
    name: str
    publish: bool


@csrf_exempt
@require_POST
def drop_off(request: HttpRequest) -> HttpResponse:
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    key = keys.find(secret.strip(), now()) if kind.casefold() == "bearer" else None
    if key is None:
        answer = said({"error": "This needs a key: Authorization: Bearer ht_…"}, 401)
        answer.headers["WWW-Authenticate"] = 'Bearer realm="HourTab"'
        return answer
    with tenant_scope(key.provider), with_key(key):
        try:
            return _take(request, key)
        except ApiRefusedError as error:
            return said({"error": " ".join(error.args)}, 400)


def _take(request: HttpRequest, key: ApiKey) -> HttpResponse:
    wait = seconds_to_wait(key, now())
    if wait:
        answer = said({"error": TOO_MUCH}, 429)
        answer.headers["Retry-After"] = str(wait)
        return answer
    asked = _asked(request)
    data, name = _body(request, asked.name)
    if len(data) > MAX_FILE_BYTES:
        megabytes = MAX_FILE_BYTES // (1024 * 1024)
        return said({"error": f"The file is larger than {megabytes} MB. Export a shorter period."}, 413)
    source = originals.store(
        data=data, file_name=name, client=asked.client, options=asked.options.document(), by=None, at=now()
    )
    try:
        plan, needs = brought(source, key, publish=asked.publish)
    except UnreadableFileError as error:
        return said(unreadable(source, error.problems), 422)
    published = source.state == Import.State.PUBLISHED
    return said({**report(plan, published=published), "needs": needs}, 200 if published else 201)


def brought(source: Import, key: ApiKey, *, publish: bool) -> tuple[Plan, list[str]]:
    """The plan, published for whom nothing waits if that is asked for, and what waits for a person."""
    if publish and key.may_publish:
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
        yield f"{how_many(len(plan.grants), *rows)}."


def _unknown(unknown: Unknown) -> str:
    waits = how_many(unknown.rows, "row waits", "rows wait")
    who = (
        f"“{unknown.company}” isn't a client yet"
        if unknown.company
        else "A row without a company is nobody’s"
    )
    names = ", ".join(client.name for client in unknown.stops)
    return f"{who}: {waits}{f', and so does the date of {names}' if names else ''}."


def _asked(request: HttpRequest) -> _Asked:
    """What the address asks for: the words of the command's options. One that nobody knows is refused."""
    query = {name.replace("-", "_"): values for name, values in request.GET.lists()}
    unknown = sorted(query.keys() - {*OPTIONS, *OF_THE_ADDRESS})
    if unknown:
        known = ", ".join((*OPTIONS, *OF_THE_ADDRESS))
        raise ApiRefusedError(f"“{unknown[0]}” isn't a parameter. Known are {known}.")
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


def said(document: dict[str, Any], status: int) -> HttpResponse:
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    return HttpResponse(
        text, status=status, content_type="application/json", headers={"Cache-Control": "no-store"}
    )
