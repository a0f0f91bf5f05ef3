"""`POST /api/imports`: an export dropped off by a program, with a provider's key.

It arrives as a preview. With `publish=1` and a key that may, it is published at once where nothing needs a
person; what does is named in the answer, and the import waits in the browser. Same limits and same errors as
the upload, as JSON.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.request import QueryDict
from django.utils.timezone import now
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts import keys
from accounts.access import today_at
from accounts.models import ApiKey
from accounts.tenancy import tenant_scope
from imports import originals
from imports.models import Import
from imports.publishing.options import Options
from imports.publishing.plan import Plan
from imports.publishing.preview import preview
from imports.publishing.publish import HinderedError, publish
from imports.publishing.report import report, unreadable
from imports.reading.decode import MAX_FILE_BYTES
from imports.reading.rows import UnreadableFileError
from retainers.models import Client

REMOVALS = ("guarded", "apply", "keep")
ORDERS = ("", "mdy", "dmy", "ymd")


class RefusedError(Exception):
    """The request itself can't be used; the text says why."""


@csrf_exempt
@require_POST
def drop_off(request: HttpRequest) -> HttpResponse:
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    key = keys.find(secret.strip(), now()) if kind.casefold() == "bearer" else None
    if key is None:
        answer = said({"error": "This needs a key: Authorization: Bearer ht_…"}, 401)
        answer.headers["WWW-Authenticate"] = 'Bearer realm="HourTab"'
        return answer
    with tenant_scope(key.provider):
        try:
            return _take(request, key)
        except RefusedError as error:
            return said({"error": str(error)}, 400)


def _take(request: HttpRequest, key: ApiKey) -> HttpResponse:
    options = read_options(request.GET)
    client = _client(request.GET.get("client", ""))
    data, name = _body(request)
    if len(data) > MAX_FILE_BYTES:
        megabytes = MAX_FILE_BYTES // (1024 * 1024)
        return said({"error": f"The file is larger than {megabytes} MB. Export a shorter period."}, 413)
    source = originals.store(
        data=data, file_name=name, client=client, options=options.document(), by=None, at=now()
    )
    try:
        plan = preview(source, today=today_at(key.provider))
    except UnreadableFileError as error:
        return said(unreadable(source, error.problems), 422)
    needs = list(needs_a_person(plan))
    if request.GET.get("publish") in ("1", "true", "yes"):
        if not key.may_publish:
            needs.insert(0, "This key may not publish: a manager does, in the browser.")
        if not needs:
            return _publish(source, plan)
    return said({**report(plan, published=False), "needs": needs}, 201)


def _publish(source: Import, plan: Plan) -> HttpResponse:
    try:
        publish(source=source, plan=plan, by=None, at=now())
    except HinderedError as error:
        return said({**report(plan, published=False), "needs": list(error.hindrances)}, 201)
    return said({**report(plan, published=True), "needs": []}, 200)


def needs_a_person(plan: Plan) -> Iterator[str]:
    """What a program must not decide, in sentences; nothing when the plan may be published as it is."""
    yield from plan.hindrances
    for unknown in plan.unknown:
        yield f"“{unknown.company}” is no client yet: {unknown.rows} rows wait."
    for client in plan.clients:
        yield from (f"{client.client.name}: {warning}" for warning in client.warnings)
        if any(effect.closed_cycles for effect in client.effects):
            yield f"{client.client.name}: figures of a closed cycle would change."
    yield from (problem.message for problem in plan.parsed.warnings)
    if plan.grants:
        yield f"{len(plan.grants)} rows grant hours: they are offered as top-ups."


def read_options(query: QueryDict | Mapping[str, str]) -> Options:
    """What the address says about the file, in the words of the command's options."""
    covers = query.getlist("covers") if isinstance(query, QueryDict) else []
    options = Options(
        format=query.get("format", "") or "",
        date_order=_one_of(query, "date_order", ORDERS, ""),
        removals=_one_of(query, "removals", REMOVALS, "guarded"),  # type: ignore[arg-type]  # checked there
        skip_bad_rows=query.get("skip_bad_rows") in ("1", "true", "yes"),
        through=_day(query, "through"),
        starts=_day(query, "from"),
        ends=_day(query, "to"),
    )
    if bool(options.starts) != bool(options.ends):
        raise RefusedError("A period has two ends: give from and to together.")
    for covered in covers:
        kind, _, name = covered.partition(":")
        if kind not in ("agreement", "pool") or not name:
            raise RefusedError(f"covers={covered}: say agreement:NAME or pool:KEY.")
        if kind == "agreement":
            options = replace(options, agreements=(*options.agreements, name))
        else:
            options = replace(options, pools=(*options.pools, name))
    return options


def _one_of(query: Mapping[str, str], name: str, known: tuple[str, ...], default: str) -> str:
    value = query.get(name, default) or default
    if value not in known:
        raise RefusedError(f"{name}={value}: say one of {', '.join(filter(None, known))}.")
    return value


def _day(query: Mapping[str, str], name: str) -> date | None:
    text = query.get(name)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise RefusedError(f"{name}={text} is no date. Write it as 2026-03-15.") from error


def _client(slug: str) -> Client | None:
    if not slug:
        return None
    found: Client | None = Client.objects.filter(slug=slug).first()
    if found is None:
        raise RefusedError(f"There is no client “{slug}”.")
    return found


def _body(request: HttpRequest) -> tuple[bytes, str]:
    """The file: the body as it is (`curl --data-binary @time.csv`), or the field `file` of a form."""
    name = request.GET.get("name", "")
    if request.content_type == "multipart/form-data":
        file = request.FILES.get("file")
        if file is None:
            raise RefusedError("The form has no field “file”.")
        return file.read(MAX_FILE_BYTES + 1), name or str(file.name)
    data = request.read(MAX_FILE_BYTES + 1)
    if not data:
        raise RefusedError("The body is empty: send the file with curl --data-binary @time.csv")
    return data, name or "dropped-off.csv"


def said(document: dict[str, Any], status: int) -> HttpResponse:
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    return HttpResponse(
        text, status=status, content_type="application/json", headers={"Cache-Control": "no-store"}
    )
