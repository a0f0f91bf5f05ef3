"""Every address that programs may ask, once: from this table come the addresses themselves and their description."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.urls import URLPattern, path

from accounts.models import Scope
from desk.api import reading
from desk.api.door import Answer, by_method
from desk.api.incidents import incident
from desk.api.once import HEADER
from desk.api.parameters import Parameter
from desk.api.schemas import (
    BALANCE,
    CLIENT,
    FILE,
    IMPORT,
    INCIDENT,
    LISTED_IMPORT,
    LOG,
    SAID_OF_INCIDENT,
    UNREADABLE,
    listed,
)
from desk.imports.api import PARAMETERS, drop_off


@dataclass(frozen=True, slots=True)
class Operation:
    """`path` below /api/, with its names in braces. `tells`: by status what is answered where nothing is wrong;
    `refuses`: the statuses of sentences that it can answer beside those of every address.
    """

    method: str
    path: str
    name: str
    summary: str
    scope: Scope
    answer: Answer
    tells: Mapping[int, tuple[str, Mapping[str, Any]]]
    refuses: tuple[int, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    body: Mapping[str, Any] = field(default_factory=dict)


OPERATIONS = (
    Operation(
        "GET",
        "clients",
        "api_clients",
        "The clients by their keys, each with its published agreements",
        Scope.READ,
        reading.clients,
        {200: ("The clients", listed(CLIENT))},
        parameters=reading.OF_CLIENTS,
    ),
    Operation(
        "GET",
        "balances",
        "api_balances",
        "Every agreement with each of its cycles, as `balances --json` prints them",
        Scope.READ,
        reading.balances,
        {200: ("The balances, by client and agreement", listed(BALANCE))},
        (404,),
        reading.OF_BALANCES,
    ),
    Operation(
        "GET",
        "clients/{slug}/log",
        "api_log",
        "A client’s page in figures, with the work log as the client reads it",
        Scope.READ,
        reading.log,
        {200: ("The page in figures", LOG)},
        (404,),
        (
            Parameter(
                "slug", "The client’s key.", {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"}, where="path"
            ),
            *reading.OF_LOG,
        ),
    ),
    Operation(
        "GET",
        "imports",
        "api_imports",
        "The uploaded files, newest first",
        Scope.READ,
        reading.imports,
        {200: ("The imports", listed(LISTED_IMPORT))},
        parameters=reading.OF_IMPORTS,
    ),
    Operation(
        "POST",
        "imports",
        "api_imports",
        "Upload an export; it waits as a preview, or whatever needs no decision is published",
        Scope.IMPORT,
        drop_off,
        {
            200: ("Published: all of it, or the clients with nothing left to decide", IMPORT),
            201: ("Stored: it waits as a preview, and `needs` says why", IMPORT),
            422: ("Stored, but it can’t be read: `problems` says why", UNREADABLE),
        },
        (409, 413),
        (*PARAMETERS, HEADER),
        FILE,
    ),
    Operation(
        "POST",
        "incidents",
        "api_incidents",
        "Sets a client’s live incident: started, with this number of people, paused (0 people) or ended",
        Scope.INCIDENT,
        incident,
        {200: ("The incident is as requested", INCIDENT), 201: ("The incident was started", INCIDENT)},
        (404, 409, 413),
        (HEADER,),
        {"application/json": {"schema": SAID_OF_INCIDENT}},
    ),
)


def addresses() -> Iterator[URLPattern]:
    """An address for each path of the table, for all of its methods."""
    for where, group in groupby(OPERATIONS, key=lambda each: each.path):
        found = list(group)
        answers: dict[str, Answer] = {each.method: each.answer for each in found}
        yield path(where.replace("{slug}", "<slug:slug>"), by_method(answers), name=found[0].name)
