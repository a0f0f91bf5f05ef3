"""`GET /api/openapi.json`: what programs can ask, made of the one table that answers them. It names nobody's data."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse

from accounts.keys import A_MINUTE
from desk.api.door import by_method, looked_up, said, written
from desk.api.operations import OPERATIONS, Operation
from desk.api.parameters import Parameter
from desk.api.schemas import ERROR, SCHEMAS

ABOUT = (
    "A provider’s own key opens its clients, balances, logs, imports and incidents, and nothing of anybody else."
    " Owners make keys in the desk, each with the scopes that it needs."
    f" A key may ask {A_MINUTE} times a minute. Hours and money are texts with two decimals."
    " Answers may gain further keys; none changes its meaning."
)
REFUSALS = {
    400: "The request is invalid; the sentence says why",
    401: "No key, or one that is wrong or revoked",
    403: "The key lacks the scope",
    404: "Nothing has that name",
    409: "Something else is running or already done; the sentence says what",
    413: "The body is too large",
    429: "Too often or too much; Retry-After says in how many seconds to ask again",
    503: "The database can’t be reached at the moment",
}
OF_EVERY = (400, 401, 403, 429, 503)
ETAG = {
    "description": "Identifies this answer: send it as `If-None-Match` to ask whether it has changed.",
    "schema": {"type": "string"},
}
NEXT = {"description": '`rel="next"`: where the list goes on.', "schema": {"type": "string"}}
WAIT = {"description": "Seconds.", "schema": {"type": "integer"}}


def openapi(request: HttpRequest) -> HttpResponse:
    return looked_up(request, written(description()))


def no_such_address(request: HttpRequest, anything: str) -> HttpResponse:
    return said({"error": "There is no such address. /api/openapi.json lists all of them."}, 404)


answer_openapi = by_method({"GET": openapi})


@cache
def description() -> Mapping[str, Any]:
    paths: dict[str, dict[str, Any]] = {}
    for each in OPERATIONS:
        paths.setdefault(f"/api/{each.path}", {})[each.method.lower()] = _operation(each)
    return {
        "openapi": "3.1.0",
        "info": {"title": "HourTab", "version": "1", "description": ABOUT},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": "ht_…"}},
        },
    }


def _operation(each: Operation) -> dict[str, Any]:
    body = {"requestBody": {"required": True, "content": each.body}} if each.body else {}
    return {
        "operationId": f"{each.method.lower()}_{each.name.removeprefix('api_')}",
        "summary": each.summary,
        "description": f"Needs a key with the scope `{each.scope}`.",
        "security": [{"key": []}],
        "parameters": [_parameter(one) for one in each.parameters],
        **body,
        "responses": {**_answers(each), **_refusals(each)},
    }


def _parameter(each: Parameter) -> dict[str, Any]:
    schema = {"type": "array", "items": each.schema} if each.many else each.schema
    is_path = each.where == "path"
    return {
        "name": each.name,
        "in": each.where,
        "description": each.text,
        "schema": schema,
        **({"required": True} if is_path else {}),
    }


def _answers(each: Operation) -> dict[str, Any]:
    more: dict[str, Any] = {}
    if each.method == "GET":
        pages = {"Link": NEXT} if any(one.name == "limit" for one in each.parameters) else {}
        more = {"headers": {"ETag": ETAG, **pages}}
    told = {
        str(status): {"description": words, "content": {"application/json": {"schema": schema}}, **more}
        for status, (words, schema) in each.tells.items()
    }
    unchanged = (
        {"304": {"description": "Not changed since your last request"}} if each.method == "GET" else {}
    )
    return {**told, **unchanged}


def _refusals(each: Operation) -> dict[str, Any]:
    return {
        str(status): {
            "description": REFUSALS[status],
            "content": {"application/json": {"schema": ERROR}},
            **({"headers": {"Retry-After": WAIT}} if status in (429, 503) else {}),
        }
        for status in sorted({*OF_EVERY, *each.refuses})
    }
