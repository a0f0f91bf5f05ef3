"""Who carries out what is ordered for large imports: a process that the web server starts, else `tick`.

The process is nobody's child: it lives on when the web server is restarted, and where it can't be started, or dies,
the order waits for the next `tick` or for a click.
"""

import logging
import subprocess
import sys
from typing import NamedTuple

from django.conf import settings
from django.db import DatabaseError
from django.utils.timezone import now

from accounts.models import User
from accounts.providers import all_of_them
from accounts.tenancy import tenant_scope
from desk.imports.ordering import last_order, order
from desk.models import LongWork
from imports.models import Import

logger = logging.getLogger("hourtab.imports")
LOOK = LongWork.Kind.LOOK
LET_GO = 'nice "$@" </dev/null >/dev/null 2>&1 &'  # pages come first where both want the processor


def start(order: LongWork) -> None:
    """Let a process of its own carry the order out."""
    if not settings.LONG_IMPORT_PROCESSES:
        return
    words = [sys.executable, str(settings.BASE_DIR / "manage.py"), "carry_out_orders", str(order.pk)]
    try:
        subprocess.run(  # noqa: S603  # words of our own
            ["/bin/sh", "-c", LET_GO, "sh", *words],
            cwd=settings.BASE_DIR,
            check=True,
            start_new_session=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        logger.warning("No process for order %d: %s. The next tick carries it out.", order.pk, error)


class CarriedOut(NamedTuple):
    """How many orders were carried out, and what broke others off, in words."""

    done: int
    faults: list[str]


def carry_out_all(only: int | None = None) -> CarriedOut:
    """Carry out every order that nobody is at, the oldest first. `only`: that one alone. What breaks one off is told in
    the log as well; the order stands, and keeps no other one back.
    """
    done, faults = 0, []
    for provider in all_of_them():
        with tenant_scope(provider):
            orders = LongWork.objects.filter(state=LongWork.State.ORDERED).order_by("pk")
            wanted = orders if only is None else orders.filter(pk=only)
            for order_id in wanted.values_list("pk", flat=True):
                try:
                    done += _carry_out(order_id)
                except (DatabaseError, OSError, ValueError, LookupError) as error:
                    logger.exception("Order %d stopped before it was done.", order_id)
                    what = f"{provider.slug}: the ordered import {order_id} stopped"
                    faults.append(f"{what}: {type(error).__name__}: {error}")
    return CarriedOut(done, faults)


def _carry_out(order_id: int) -> bool:
    """All that reads and publishes a file is loaded for an order alone: `tick` finds none, as a rule."""
    from desk.imports.carrying_out import carry_out

    return carry_out(order_id)


def order_preview(source: Import, digest: str, by: User) -> LongWork:
    """The order for this preview; one that broke off too often stands until a person orders it again."""
    last = last_order(source)
    if last and (last.kind, last.state, last.digest) == (LOOK, LongWork.State.FAILED, digest):
        return last
    return order(source=source, kind=LOOK, digest=digest, by=by, at=now(), start=start)


def carry_on(source: Import, by: User) -> None:
    """A process for what is ordered and nobody is at; what broke off too often is ordered anew."""
    last = last_order(source)
    if last is None or last.state == LongWork.State.ORDERED:
        if last is not None:
            LongWork.objects.filter(pk=last.pk).update(started_at=now())
            start(last)
    elif last.kind == LOOK and last.state == LongWork.State.FAILED:
        order(source=source, kind=LOOK, digest=last.digest, by=by, at=now(), start=start)
