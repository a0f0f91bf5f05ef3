"""Makes rows for tests. Names are plainly invented."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import factory
import tomli_w
from django.core.management import call_command
from django.db import transaction

from accounts.models import Membership, Provider, Role, User
from accounts.tenancy import all_tenants, tenant_scope
from retainers import publishing
from retainers.agreements.fields import AGREEMENT, TERMS, agreement_from_document
from retainers.coverage import Coverage, Spoken
from retainers.hours import to_units
from retainers.models import Client, Entry, Publication, Retainer
from retainers.terms import Agreement, Pool, Terms

PASSWORD = "correct horse battery"
AFTER_HOURS = {"category": "after_hours", "name": "After hours", "factor": "2"}
PAT = {"name": "Pat Lee", "email": "pat@acme.example"}


class WhosesoeverFactory(factory.django.DjangoModelFactory):
    """A test makes a provider or a membership, whoever's scope it is in."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class: type[Any], *args: Any, **kwargs: Any) -> Any:
        with all_tenants("made by a test"):
            return super()._create(model_class, *args, **kwargs)


class ProviderFactory(WhosesoeverFactory):
    class Meta:
        model = Provider

    slug = factory.Sequence(lambda n: f"provider-{n}")
    name = factory.Sequence(lambda n: f"Provider {n}")
    timezone = "UTC"


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@provider.example")
    password = factory.django.Password(PASSWORD)


class MembershipFactory(WhosesoeverFactory):
    class Meta:
        model = Membership

    provider = factory.SubFactory(ProviderFactory)
    user = factory.SubFactory(UserFactory)
    role = Role.MANAGER


class ClientFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Client

    slug = factory.Sequence(lambda n: f"client-{n}")
    name = factory.Sequence(lambda n: f"Client {n}")


def an_agreement(**changes: Any) -> Agreement:
    """A time bank of ten hours a month from January 2026."""
    starts = changes.get("starts", date(2026, 1, 1))
    terms = Terms(starts, (Pool("support", "IT support", Decimal(10)),))
    return Agreement(
        **{"key": "support", "name": "IT support", "starts": starts, "terms": (terms,), **changes}
    )


def bank(cap: str = "12", **words: Any) -> Agreement:
    """A time bank with one pool, from January, that counts worked hours."""
    starts = words.pop("starts", date(2026, 1, 1))
    key, name = words.pop("key", "support"), words.pop("name", "IT support")
    pools = words.pop("pools", (Pool("support", "IT support", Decimal(cap)),))
    agreed = {name: words.pop(name) for name in ("ends", "updates_on", "months") if name in words}
    terms = Terms(starts, pools, hours_from="worked", **words)
    return Agreement(key, name, starts, (terms,), **agreed)


def a_retainer(client: Client, agreement: Agreement | None = None, at: datetime | None = None) -> Retainer:
    """A published retainer of that client."""
    agreement = agreement or an_agreement()
    moment = at or datetime(2026, 1, 1, 9, tzinfo=UTC)
    with tenant_scope(client.provider):
        retainer = Retainer.objects.create(client=client, key=agreement.key)
        publishing.save_version(retainer=retainer, agreement=agreement, at=moment, by=None)
        publishing.Press(Publication.Kind.AGREEMENT, moment, None).publication(retainer)
    return retainer


def covered(retainer: Retainer, through: date) -> dict[str, Any]:
    """What a publication keeps where files speak for all days from the agreement's first."""
    agreement = agreement_from_document(retainer.version.document)
    coverage = Coverage().adding(Spoken(agreement.starts, max(through, agreement.starts), starts_given=True))
    return publishing.covering(agreement, coverage, through)


def publish_work(
    retainer: Retainer, *works: tuple[date, str], through: date | None = None, at: datetime, **columns: Any
) -> Publication:
    """An import's publication for that retainer: an entry for each (day, worked hours)."""
    with tenant_scope(retainer.provider), transaction.atomic():
        locked = publishing.lock([retainer.pk])[retainer.pk]
        press = publishing.Press(Publication.Kind.IMPORT, at, None)
        publication = press.publication(locked, **covered(locked, through or at.date()), updated_at=at)
        values = {"wording": "Printer set up", "worded_by": Entry.WordedBy.PERSON, **columns}
        publishing.add_entries(
            publication,
            [
                Entry(origin=uuid4(), day=day, worked_units=to_units(Decimal(hours), 4), **values)
                for day, hours in works
            ],
        )
    return publication


def agreement_file(*clients: dict[str, Any], slug: str = "north", name: str = "North IT", **more: Any) -> str:
    """The text of an agreement file of these clients; `members` and `rules` stand beside the provider."""
    beside = {key: more.pop(key) for key in ("members", "rules") if key in more}
    return tomli_w.dumps({"provider": {"slug": slug, "name": name, **more}, **beside, "clients": clients})


def client_table(
    called: str = "Acme Dental", /, *retainers: dict[str, Any], slug: str = "", **differences: Any
) -> dict[str, Any]:
    """A client of the file, with one retainer that differs so from `retainer_table`, or with those given."""
    own = {key: differences.pop(key) for key in ("psa_names", "contacts") if key in differences}
    if retainers and differences:
        raise TypeError(f"whose are these? {', '.join(differences)}")
    tables = retainers or (retainer_table(**differences),)
    return {"slug": slug or called.split()[0].lower(), "name": called, **own, "retainers": tables}


def retainer_table(hours: str = "10", **differences: Any) -> dict[str, Any]:
    """A time bank with one pool, from January 2026, that counts hours worked, but for what is said here."""
    of_terms = set(TERMS.keys.values()) - set(AGREEMENT.keys.values())
    terms = {"hours_from": "worked", "pools": [pool_table("support", hours, "IT support")]}
    terms |= {key: differences.pop(key) for key in of_terms & differences.keys()}
    whole = {"key": "support", "name": "IT support", "starts": date(2026, 1, 1), "terms": [terms]}
    return whole | differences


def pool_table(key: str, hours: str, name: str = "", **differences: Any) -> dict[str, Any]:
    """A pool of a file's terms."""
    return {"key": key, "name": name or key.capitalize(), "hours": hours, **differences}


def load_agreements(folder: Path, text: str, *options: str) -> str:
    """What the command says of an agreement file with that text."""
    return _said_of("load_retainers", folder / "agreements.toml", text, *options)


def publish_export(folder: Path, text: str, *options: str, provider: str = "north") -> str:
    """What the command says of an export with that text, which it publishes."""
    return _said_of(
        "import_csv", folder / f"{provider}.csv", text, "--provider", provider, "--publish", *options
    )


def _said_of(command: str, file: Path, text: str, *options: str) -> str:
    file.write_text(text)
    out = StringIO()
    call_command(command, str(file), *options, stdout=out)
    return out.getvalue()


def installed(folder: Path, agreements: str, export: str, *options: str) -> Provider:
    """The only provider there is: `north`, from its agreement file, with an export published."""
    load_agreements(folder, agreements)
    publish_export(folder, export, "--accept", "one-company", *options)
    return Provider.objects.get()
