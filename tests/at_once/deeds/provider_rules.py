"""Done twice at once: what a provider's next files are judged by: rules, companies, mappings and words."""

from dataclasses import replace
from datetime import time

from django.db import DatabaseError

from accounts.seen import StaleError
from desk.agreements.judging import file_of
from desk.imports.claiming import claim_agreement, never_counted
from imports.judging.books import provider_book
from imports.judging.books import seen_of as rules_seen
from imports.judging.companies import NotMappedError, ask_about_again, map_company, never_ours
from imports.judging.opening_times import save_times
from imports.judging.reclassify import reclassify
from imports.judging.rulebook import adding, save
from imports.models import NeverOurs, RememberedWording, SavedMapping, StandingAnswer
from imports.publishing import standing_answers
from imports.reading.mapped import Mapping
from imports.saved_mappings import NotSavedError, call_mapping, mapping_names, save_mapping
from imports.saved_mappings import take_back as take_back_mapping
from imports.wording.memory import correct, forget
from imports.wording.reword import NewWords, reword
from retainers.agreements import agreement_from_document
from retainers.loading import load
from retainers.models import (
    CompanyName,
    Entry,
    Retainer,
)
from retainers.terms import BusinessHours, Effects, Rule, TextCondition
from tests.at_once.conftest import AT
from tests.at_once.deeds.register import refused, service, trail

WARRANTY = Rule("Warranty", Effects(exclude="warranty"), texts=(TextCondition("title", ("*warranty*",)),))


@service("reword.reword")
def the_later_words_stand(house):
    house.published(1)
    entry = Entry.objects.get(retainer=house.acme)

    def deed(text):
        given = [NewWords((entry.origin,), text)]
        return lambda: reword(provider=house.provider, given=given, by=house.owner, at=AT)

    def check(first, second):
        assert [e.wording for e in Entry.objects.filter(origin=entry.origin, retired_in=None)] == [
            "Two words"
        ]

    return deed("One word"), deed("Two words"), check


@service("rulebook.save")
def the_second_change_of_the_rules_looks_again(house):
    book = provider_book()
    edit = adding(book, WARRANTY)

    def deed():
        return save(provider=house.provider, book=book, edit=edit, by=house.owner, at=AT)

    def check(first, second):
        refused(second, StaleError)
        assert provider_book().version == book.version + 1

    return deed, deed, check


@service("companies.map_company")
def a_company_belongs_to_one_client(house):
    def deed(client):
        return lambda: map_company(company="Zeta Corp", client=client, by=house.owner)

    def check(first, second):
        refused(second, NotMappedError)
        assert CompanyName.objects.get(name="Zeta Corp").client == house.acme.client

    return deed(house.acme.client), deed(house.birch.client), check


@service("companies.never_ours")
def a_company_is_settled_once(house):
    def deed(*companies):
        return lambda: never_ours(companies=companies, by=house.owner, at=AT)

    def check(first, second):
        assert (first, second) == (("Alpha", "Zeta"), ())
        assert trail("company never ours") == NeverOurs.objects.count() == 2

    return deed("Zeta", "Alpha"), deed("Alpha", "Zeta"), check


@service("claiming.claim_agreement")
def an_agreement_of_the_psa_is_given_to_one(house):
    client, document = house.acme.client, house.acme.version.document
    named = replace(agreement_from_document(document), psa_agreements=("Support",))
    load(file_of(house.provider, client, named), at=AT, by=None, reclassify=reclassify)

    def deed():
        return claim_agreement(
            provider=house.provider,
            client=client,
            retainer=house.acme.key,
            name="Web Care",
            by=house.owner,
            at=AT,
        )

    def check(first, second):
        assert first == second
        version = Retainer.objects.get(pk=house.acme.pk).version
        assert version.document["psa_agreements"] == ["Support", "Web Care"]

    return deed, deed, check


@service("claiming.never_counted")
def an_agreement_never_counts_once(house):
    def deed():
        return never_counted(client=house.acme.client, agreement="Web Care", by=house.owner, at=AT)

    def check(first, second):
        assert {first, second} == {True, False}
        assert trail("agreement never counted") == NeverOurs.objects.count() == 1

    return deed, deed, check


@service("companies.ask_about_again")
def a_company_is_asked_about_again_once(house):
    never_ours(companies=["Zeta"], by=house.owner, at=AT)
    pk = NeverOurs.objects.get().pk

    def deed():
        ask_about_again(row=NeverOurs.objects.get(pk=pk), by=house.owner)

    def check(first, second):
        assert not isinstance(second, DatabaseError), repr(second)
        assert trail("company asked about again") == 1

    return deed, deed, check


def remembered_words(house):
    """One of the provider's remembered words, found anew for each deed."""
    made = RememberedWording.objects.create(kind="title", key="vpn down", text="Connection repaired")
    return lambda: RememberedWording.objects.get(pk=made.pk)


@service("memory.correct")
def remembered_words_are_corrected_once(house):
    found = remembered_words(house)

    def deed():
        return correct(row=found(), text="Connection restored", by=house.owner, at=AT)

    def check(first, second):
        assert (first, second) == (True, False)
        assert trail("remembered words corrected") == 1

    return deed, deed, check


@service("memory.forget")
def remembered_words_are_forgotten_once(house):
    row = remembered_words(house)()

    def deed():
        return forget(row=row, by=house.owner)

    def check(first, second):
        assert (first, second) == (True, False)
        assert trail("remembered words forgotten") == 1

    return deed, deed, check


@service("opening_times.save_times")
def the_second_change_of_the_hours_looks_again(house):
    book = provider_book()
    seen = rules_seen(house.provider, book)

    def deed(end):
        times = (BusinessHours(("mon", "tue"), time(8), time(end)),)
        return lambda: save_times(
            provider=house.provider, book=book, times=times, seen=seen, by=house.owner, at=AT
        )

    def check(first, second):
        refused(second, StaleError)
        assert trail("business hours changed") == 1

    return deed(17), deed(18), check


@service("standing_answers.take_back")
def an_answer_is_taken_back_once(house):
    row = StandingAnswer.objects.create(kind="clock", format="generic", value="24", given_by=house.owner)

    def deed():
        return standing_answers.take_back(pk=row.pk, by=house.owner, at=AT)

    def check(first, second):
        assert (first, second) == (True, False)

    return deed, deed, check


def a_saved_mapping(house):
    mapping = Mapping("Weekly", frozenset({"day", "time"}), {"date": "day", "worked": "time"})
    return save_mapping(mapping=mapping, by=house.owner, at=AT).pk


@service("saved_mappings.call_mapping")
def two_new_words_for_a_mapping_leave_the_second(house):
    pk = a_saved_mapping(house)

    def check(first, second):
        assert (first, second) == (True, True)
        assert mapping_names() == {"Weekly": "Fortnightly"}

    return (
        lambda: call_mapping(pk=pk, name="Biweekly", by=house.owner),
        lambda: call_mapping(pk=pk, name="Fortnightly", by=house.owner),
        check,
    )


@service("saved_mappings.take_back")
def a_mapping_is_taken_back_once(house):
    pk = a_saved_mapping(house)

    def deed():
        return take_back_mapping(pk=pk, by=house.owner)

    def check(first, second):
        assert (first, second) == (True, False)
        assert not SavedMapping.objects.exists()

    return deed, deed, check


@service("saved_mappings.save_mapping")
def a_mapping_is_not_overwritten_unseen(house):
    def deed(*headers):
        mapping = Mapping("Weekly", frozenset(headers), {"date": headers[0], "hours": headers[1]})
        return lambda: save_mapping(mapping=mapping, by=house.owner, at=AT)

    def check(first, second):
        refused(second, NotSavedError)
        assert SavedMapping.objects.count() == 1

    return deed("day", "time"), deed("tag", "zeit"), check
