"""Providers: nothing of one points at something of another, and the trail names whom it knows."""

from collections.abc import Iterator

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from accounts.audit import ACTIONS
from accounts.models import ActorKind, AuditEvent, EventClient
from accounts.tenancy import TenantModel
from hourtab.verifying.places import portions
from retainers.models import Client, MergedClient

OF_A_MEMBER = Q(actor_kind=ActorKind.MEMBER)
OF_A_KEY = Q(actor_kind=ActorKind.KEY)


def faults() -> Iterator[str]:
    for model in apps.get_models():
        if issubclass(model, TenantModel):
            yield from _foreign(model)
    yield from _merged()
    yield from _trail()


def _foreign(model: type[TenantModel]) -> Iterator[str]:
    """A row that points at another provider's, or at nothing."""
    for name in _links(model):
        wrong = Q(**{f"{name}__isnull": False}) & (
            ~Q(**{f"{name}__provider": F("provider")}) | Q(**{f"{name}__provider__isnull": True})
        )
        for row in portions(model.objects.filter(wrong).order_by("pk")):
            yield f"{model._meta.verbose_name} {row.pk}: its {name} is another provider's"


def _links(model: type[models.Model]) -> Iterator[str]:
    for field in model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey) and issubclass(field.remote_field.model, TenantModel):
            yield field.name


def _merged() -> Iterator[str]:
    """A client that was merged is no client any more, and its key is nobody else's."""
    alive = MergedClient.objects.filter(
        Exists(Client.objects.filter(Q(pk=OuterRef("was")) | Q(slug=OuterRef("slug"))))
    )
    for row in portions(alive.order_by("pk")):
        yield f"the client {row.slug} was merged into another, and is still one"


def _trail() -> Iterator[str]:
    rows = AuditEvent.objects.order_by("pk")
    for event in portions(rows.exclude(action__in=list(ACTIONS))):
        yield f"the trail's line {event.pk} is of no kind that there is: {event.action}"
    nobody = (OF_A_MEMBER & Q(member=None)) | (OF_A_KEY & Q(key=None)) | Q(actor="")
    for event in portions(rows.filter(nobody)):
        yield f"the trail's line {event.pk} ({event.action}) does not say who did it"
    for named in portions(EventClient.objects.filter(client="")):
        yield f"the trail's line {named.event_id} is about a client without a name"
