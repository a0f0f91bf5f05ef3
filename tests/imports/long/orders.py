"""Ordering what is done outside of the request, as a manager does it, and what became of it."""

from django.urls import reverse

from accounts.models import AuditEvent
from accounts.tenancy import tenant_scope
from desk.imports import ordering
from desk.imports.long_orders import carry_out_all
from desk.models import LongWork
from tests.imports.desk import hidden


def orders(desk, **of):
    with tenant_scope(desk.provider):
        return list(LongWork.objects.filter(**of).order_by("pk"))


def looked_at(desk, source):
    """The preview's page, once it is worked out."""
    desk.page(source)
    carry_out_all()
    return desk.page(source)


def order_publication(desk, source, browser=None):
    page = looked_at(desk, source)
    fields = {"digest": hidden(page, "digest"), "shown": "acme birch", "publish": ("acme", "birch")}
    fields |= {"asked": hidden(page, "asked"), "accept": "one-company"}
    (browser or desk.browser).post(reverse("publish_import", args=[source.pk]), fields)


def ordered(desk, source):
    """Accepting what a question asks is looked at once more: then it is ordered."""
    order_publication(desk, source)
    if not orders(desk, kind="publish"):
        order_publication(desk, source)
    assert len(orders(desk, kind="publish")) == 1


def trail(desk, action):
    with tenant_scope(desk.provider):
        return [event.actor for event in AuditEvent.objects.filter(action=action)]


def breaks_off(monkeypatch):
    def publish(**_said):
        raise OSError("the machine went away")

    monkeypatch.setattr(ordering, "publish", publish)
