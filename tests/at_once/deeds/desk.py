"""Done twice at once: what staff save of clients and agreements."""

from dataclasses import replace
from datetime import date

from accounts.access import Member
from accounts.models import Role
from accounts.seen import StaleError
from desk.agreements.judging import seen_of
from desk.agreements.saving import save_agreement
from desk.clients.form import ClientDraft, ContactRow, draft_of_client
from desk.clients.merging import merge_clients
from desk.clients.saving import save_client
from desk.clients.saving import seen_of as client_seen
from desk.dashboard.query import DashboardQuery
from desk.dashboard.saved_views import save_view
from desk.imports.carrying_out import MOST_TRIES, _begin, _ended
from desk.imports.new_clients import NewClient, clients_of_companies
from desk.imports.ordering import order, withdraw
from desk.mapping.draft import keep_mapping
from desk.models import LongWork, SavedView
from imports.judging.companies import NotMappedError
from imports.judging.merging import find_merge
from imports.models import Import, SavedMapping
from imports.publishing.preview import preview
from imports.reading.mapped import Mapping
from imports.saved_mappings import NotSavedError
from retainers.agreements import agreement_from_document
from retainers.models import (
    Client,
    Contact,
    MergedClient,
)
from retainers.seen import DoneError
from tests.at_once.conftest import AT
from tests.at_once.deeds.register import refused, service, trail


@service("saving.save_agreement")
def an_agreement_is_saved_as_it_was_looked_at(house):
    acme = house.fresh(house.acme)
    before = agreement_from_document(acme.version.document)
    agreement = replace(before, name="IT support and telephone")
    form = seen_of(house.provider, acme.client, (agreement,), (), on=AT.date()).mark

    def deed():
        return save_agreement(
            provider=house.provider,
            client=acme.client,
            agreement=agreement,
            form=form,
            today=AT.date(),
            by=house.owner,
            at=AT,
        )

    def check(first, second):
        refused(second, DoneError)
        assert house.numbers() == [[1, 2], [1]]

    return deed, deed, check


@service("saving.save_client")
def of_two_forms_of_a_client_the_second_is_told(house):
    opened = client_seen(draft_of_client(house.fresh(house.acme).client)).mark

    def deed(name):
        draft = ClientDraft("acme", name, contacts=(ContactRow(name, f"{name}@acme.example"),))
        said, _ = draft.judged()
        return lambda: save_client(
            provider=house.provider, draft=draft, said=said, form=opened, by=house.owner, at=AT
        )

    def check(first, second):
        refused(second, StaleError)
        client = house.fresh(house.acme).client
        assert client.name == "One"
        assert [contact.name for contact in client.contacts.all()] == ["One"]

    return deed("One"), deed("Two"), check


@service("saved_views.save_view")
def one_name_is_one_view(house):
    member = Member(house.owner, house.provider, Role.OWNER)

    def deed():
        return save_view(member=member, name="Mine", question=DashboardQuery(), shared=False)

    def check(first, second):
        assert SavedView.objects.count() == 1

    return deed, deed, check


@service("draft.keep_mapping")
def columns_mapped_twice_at_once_are_one_mapping(house):
    source = house.upload(1)

    def deed(*headers):
        mapping = Mapping("Weekly", frozenset(headers), {"date": headers[0], "hours": headers[1]})
        said = {"replacing": False, "by": house.owner, "at": AT}
        return lambda: keep_mapping(source=Import.objects.get(pk=source.pk), mapping=mapping, **said)

    def check(first, second):
        refused(second, NotSavedError)
        assert SavedMapping.objects.get().document["columns"]["date"] == "day"

    return deed("day", "time"), deed("tag", "zeit"), check


@service("new_clients.clients_of_companies")
def one_company_becomes_one_client(house):
    def deed():
        return clients_of_companies(
            provider=house.provider,
            wanted=[NewClient("Zeta Corp", hours="8"), NewClient("Omega Foods", "block", "40")],
            starts=date(2026, 6, 1),
            by=house.owner,
            at=AT,
        )

    def check(first, second):
        refused(second, NotMappedError)
        assert set(Client.objects.filter(name__in=("Zeta Corp", "Omega Foods"))) == set(first)

    return deed, deed, check


@service("merging.merge_clients")
def a_client_is_merged_once(house):
    with_twin = Client.objects.create(provider=house.provider, slug="twin", name="Twin")
    Contact.objects.create(client=with_twin, name="Sam", email="sam@twin.example")
    form = find_merge(house.provider, with_twin, house.acme.client).seen.mark

    def deed():
        names = {"gone": "twin", "goes_on": house.acme.client.slug}
        return merge_clients(provider=house.provider, **names, form=form, by=house.owner, at=AT)

    def check(first, second):
        assert first == second == house.acme.client
        assert (trail("clients merged"), MergedClient.objects.count()) == (1, 1)
        assert Contact.objects.filter(email="sam@twin.example").count() == 1

    return deed, deed, check


def a_publication_ordered(house):
    """An order to publish, that nobody has begun."""
    source = house.upload(1)
    digest = preview(source, today=AT.date()).basis.digest
    kind = LongWork.Kind.PUBLISH
    made = order(source=source, kind=kind, digest=digest, by=house.owner, at=AT, start=lambda _order: None)
    return source, made


@service("ordering.order")
def two_orders_are_one(house):
    source = house.upload(1)
    digest = preview(source, today=AT.date()).basis.digest

    def deed():
        kind, mine = LongWork.Kind.PUBLISH, Import.objects.get(pk=source.pk)
        return order(source=mine, kind=kind, digest=digest, by=house.owner, at=AT, start=lambda _order: None)

    def check(first, second):
        assert first == second == LongWork.objects.get()
        assert trail("publication ordered") == 1

    return deed, deed, check


@service("ordering._withdrawn")
def an_order_is_taken_back_once(house):
    source, _made = a_publication_ordered(house)

    def deed():
        return withdraw(source=Import.objects.get(pk=source.pk), by=house.owner, at=AT)

    def check(first, second):
        assert (first, second) == (True, False)
        assert (trail("order withdrawn"), LongWork.objects.get().state) == (1, LongWork.State.WITHDRAWN)

    return deed, deed, check


@service("carrying_out._begin")
def an_order_that_broke_off_too_often_is_given_up_once(house):
    _source, made = a_publication_ordered(house)
    LongWork.objects.update(tries=MOST_TRIES)

    def deed():
        return _begin(made.pk)

    def check(first, second):
        assert (first, second, trail("publication not made")) == (None, None, 1)

    return deed, deed, check


@service("carrying_out._ended")
def an_order_ends_once(house):
    _source, made = a_publication_ordered(house)

    def deed():
        return _ended(made.pk, LongWork.State.FAILED, "It has changed.")

    def check(first, second):
        assert (first, second, trail("publication not made")) == (None, None, 1)

    return deed, deed, check
