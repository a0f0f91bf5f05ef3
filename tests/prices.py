"""What a request may cost the database: fifty queries, whoever asks and whatever it does.

Every request that any test sends with Django's test client is looked at, so each write that the suite does
successfully is too. What costs more is named here, with how much at most and why.
"""

from contextlib import nullcontext
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import Resolver404

QUERIES = 50
JUDGES = "says what becomes of every figure, saves, and judges published work anew"
DEAR = {
    "answer_company": (130, "makes clients with their agreements, as many as were ticked"),
    "agreement": (70, JUDGES),
    "renew": (70, JUDGES),
    "client_edit": (90, JUDGES),
    "business_hours": (65, JUDGES),
    "rule_new": (80, JUDGES),
    "rule_edit": (80, JUDGES),
    "rule_move": (60, JUDGES),
    "rule_delete": (60, JUDGES),
    "api_imports": (55, "plans a file that waits twice: to publish it, and once more to keep what waits"),
    "publish_import": (55, "plans the file anew where the form that publishes it brings answers"),
    "client_merge": (75, "moves everything that one client has to another"),
    "export_everything": (130, "reads each table of the provider once, however much is in it"),
    "whole_provider": (110, "deletes from each table of the provider, however much is in it"),
    "account_login": (55, "counts attempts by address, by person and by both"),
}
# What begins and ends a transaction, for how long SQLite waits for a lock, and where PostgreSQL puts the rows that one
# INSERT takes on (`accounts.many_rows`): SQLite writes them by that INSERT alone.
_FREE = (
    "PRAGMA busy_timeout", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT", "BEGIN", "CREATE TEMP TABLE",
)  # fmt: skip


class TooDearError(AssertionError):
    """A request took more queries than it may."""


def look_at_every_request() -> None:
    """From now on a request of the test client that costs too much fails its test."""
    ask = Client.request
    open_requests: list[list[str]] = []

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if open_requests and not sql.startswith(_FREE):
            open_requests[-1].append(sql)
        return execute(sql, params, many, context)

    def request(self: Client, **environ: Any) -> Any:
        open_requests.append([])  # a test may send one request in the middle of another
        looking = nullcontext() if open_requests[:-1] else connection.execute_wrapper(count)
        try:
            with looking:
                answer = ask(self, **environ)
        finally:
            queries = open_requests.pop()
        limit, _why = DEAR.get(_name_of(answer), (QUERIES, ""))
        if len(queries) > limit:
            said = f"{environ.get('REQUEST_METHOD')} {environ.get('PATH_INFO')} ({_name_of(answer)})"
            raise TooDearError("\n".join((f"{said}: {len(queries)} queries, {limit} allowed", *queries)))
        return answer

    Client.request = request


def _name_of(answer: Any) -> str:
    try:
        return answer.resolver_match.url_name or ""
    except (AttributeError, Resolver404):
        return ""
