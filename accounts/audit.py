"""The trail: one line for everything that someone did, written in the same transaction as the deed."""

from typing import Any

from accounts.models import AuditEvent, User


def record(actor: User | None, action: str, subject: str = "", **detail: Any) -> None:
    """Write one event of the provider in scope. `actor` None is the command line."""
    AuditEvent.objects.create(
        actor=actor.email if actor else "command line", action=action, subject=subject[:200], detail=detail
    )
