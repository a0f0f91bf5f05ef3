"""Ordering what is done outside of the request, as a manager does it, and what became of it."""

from django.urls import reverse

from accounts.models import AuditEvent
from accounts.tenancy import tenant_scope
from desk.imports import carrying_out
from desk.imports.long_orders import carry_out_all
from desk.models import LongWork
from tests.imports.uploading import hidden


def orders(world, **of):
    with tenant_scope(world.provider):
        return list(LongWork.objects.filter(**of).order_by("pk"))


def looked_at(world, source):
    """The preview's page, once it is worked out."""
    world.page(source)
    carry_out_all()
    return world.page(source)


def order_publication(world, source, browser=None):
    page = looked_at(world, source)
    fields = {"digest": hidden(page, "digest"), "shown": "acme birch", "publish": ("acme", "birch")}
    fields |= {"asked": hidden(page, "asked"), "accept": "one-company"}
    (browser or world.manager).post(reverse("publish_import", args=[source.pk]), fields)


def ordered(world, source):
    """Accepting what a question asks is looked at once more: then it is ordered."""
    order_publication(world, source)
    if not orders(world, kind="publish"):
        order_publication(world, source)
    assert len(orders(world, kind="publish")) == 1


def trail(world, action):
    with tenant_scope(world.provider):
        return [event.actor for event in AuditEvent.objects.filter(action=action)]


def breaks_off(monkeypatch):
    def publish(**_said):
        raise OSError("the machine went away")

    monkeypatch.setattr(carrying_out, "publish", publish)
