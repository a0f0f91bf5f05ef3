"""`--restate-reason TEXT`: how a command says why closed cycles may be restated."""

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from accounts.commands import BadUsageError
from retainers.restating.writing import Consent


def say_why(parser: CommandParser) -> None:
    parser.add_argument(
        "--restate-reason", default="", metavar="TEXT", help="why, in words for the client; with --restate"
    )


def read_consent(options: Mapping[str, Any]) -> Consent:
    """What `--restate` and its reason agree to. Raises `BadUsageError` for a reason alone."""
    if options["restate"]:
        return Consent.to_all(options["restate_reason"])
    if options["restate_reason"].strip():
        raise BadUsageError("--restate-reason needs --restate beside it.")
    return Consent()
