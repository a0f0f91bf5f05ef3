"""Done twice at once: files, previews, rules and words."""

from dataclasses import replace
from datetime import date, time
from decimal import Decimal

from django.db import DatabaseError

from accounts.models import AuditEvent
from accounts.seen import StaleError
from desk.agreements.judging import file_of
from desk.imports.claiming import never_counted, take_agreement
from imports import originals
from imports.by_hand import HandRow, store_by_hand
from imports.judging.books import provider_book
from imports.judging.books import seen_of as rules_seen
from imports.judging.companies import NotMappedError, ask_about_again, map_company, never_ours
from imports.judging.opening_times import save_times
from imports.judging.reclassify import reclassify
from imports.judging.rulebook import adding, save
from imports.models import Import, NeverOurs, RememberedWording, SavedMapping, StandingAnswer
from imports.publishing import entry_change, standing_answers
from imports.publishing.answers import ClosedError, change_options, give_to
from imports.publishing.options import Options
from imports.publishing.preview import preview
from imports.publishing.preview_answers import save_choices
from imports.publishing.preview_form import Choices
from imports.publishing.publish import StalePlanError as PlanChanged
from imports.publishing.reopen import discard, look_again
from imports.publishing.top_up_offers import NotGrantedError, top_up
from imports.publishing.undo import NotUndoableError, undo
from imports.reading.mapped import Mapping
from imports.reading.rows import Grant
from imports.saved_mappings import NotSavedError, call_mapping, called, save_mapping
from imports.saved_mappings import take_back as take_back_mapping
from imports.wording.memory import correct, forget
from imports.wording.reword import NewWords, reword
from retainers.agreements import agreement_from_document
from retainers.loading import load
from retainers.models import (
    Client,
    CompanyName,
    Entry,
    Retainer,
    TopUp,
)
from retainers.seen import DoneError
from retainers.terms import BusinessHours, Effects, Rule, TextCondition
from tests.at_once.conftest import AT
from tests.at_once.deeds.register import refused, service, trail

WARRANTY = Rule("Warranty", Effects(exclude="warranty"), texts=(TextCondition("title", ("*warranty*",)),))


@service("publish.publish")
def the_second_import_looks_again(house):
    one, two = house.upload(1, 2), house.upload(3, 4)

    def check(first, second):
        refused(second, PlanChanged)
        assert Entry.objects.filter(retired_in=None).count() == 4
        house.publishing(two)()
        assert Entry.objects.filter(retired_in=None).count() == 8

    return house.publishing(one), house.publishing(two), check


@service("undo.undo")
def an_import_is_taken_back_once(house):
    source = house.published(1, 2)

    def deed():
        return undo(source=Import.objects.get(pk=source.pk), by=house.owner, at=AT)

    def check(first, second):
        refused(second, NotUndoableError)
        assert not Entry.objects.filter(retired_in=None).exists()

    return deed, deed, check


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


@service("entry_change.change_entry")
def an_entry_is_changed_once_by_a_form(house):
    house.published(1)
    acme = house.fresh(house.acme)
    entry = Entry.objects.get(retainer=acme)
    choice = entry_change.EntryOverride(entry.wording, "support", (), "goodwill", "As agreed by telephone")
    form = entry_change.seen_of(acme, entry, choice).mark

    def deed():
        return entry_change.change_entry(
            provider=house.provider,
            retainer=acme,
            entry=entry,
            choice=choice,
            let=False,
            form=form,
            by=house.owner,
            at=AT,
        )

    def check(first, second):
        refused(second, DoneError)
        assert [e.exclusion for e in Entry.objects.filter(origin=entry.origin, retired_in=None)] == [
            "goodwill"
        ]

    return deed, deed, check


@service("top_up_offers.top_up")
def a_line_of_a_ledger_grants_once(house):
    source = house.upload(1)
    grant = Grant(2, "Acme Dental", "", date(2026, 6, 3), Decimal(5))

    def deed():
        return top_up(
            source=Import.objects.get(pk=source.pk),
            grant=grant,
            client=house.acme.client,
            retainer_key="support",
            pool="support",
            by=house.owner,
            at=AT,
        )

    def check(first, second):
        refused(second, NotGrantedError)
        assert TopUp.objects.count() == 1

    return deed, deed, check


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


@service("claiming.take_agreement")
def an_agreement_of_the_psa_is_given_to_one(house):
    client, document = house.acme.client, house.acme.version.document
    named = replace(agreement_from_document(document), psa_agreements=("Support",))
    load(file_of(house.provider, client, named), at=AT, by=None, reclassify=reclassify)

    def deed():
        return take_agreement(
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


@service("reopen.discard")
def a_preview_is_discarded_once(house):
    source = house.upload(1)

    def deed():
        discard(source=Import.objects.get(pk=source.pk), by=house.owner)

    def check(first, second):
        refused(second, ClosedError)
        assert trail("preview discarded") == 1

    return deed, deed, check


@service("standing_answers.take_back")
def an_answer_is_taken_back_once(house):
    row = StandingAnswer.objects.create(kind="clock", format="generic", value="24", given_by=house.owner)

    def deed():
        return standing_answers.take_back(pk=row.pk, by=house.owner, at=AT)

    def check(first, second):
        assert (first, second) == (True, False)

    return deed, deed, check


@service("originals.store")
def two_files_are_two_imports(house):
    def deed():
        return originals.store(
            data=b"x", file_name="a.csv", client=None, options={}, by=house.owner, at=AT
        ).original

    def check(first, second):
        assert first != second
        assert Import.objects.count() == 2

    return deed, deed, check


@service("by_hand.store_by_hand")
def one_form_of_hours_by_hand_counts_once(house):
    client = Client.objects.get(slug="acme")

    def deed():
        rows = (HandRow("2026-02-09", "1", "Moved a desk"),)
        return store_by_hand(
            rows=rows, client=client, sent="4f1c9a02bb31", starts=None, through=None, by=house.owner, at=AT
        ).pk

    def check(first, second):
        assert {originals.load(each) for each in Import.objects.filter(pk__in=(first, second))} == {
            originals.load(Import.objects.get(pk=first))
        }

    return deed, deed, check


@service("preview_answers.save_choices")
def choices_made_at_once_are_both_kept(house):
    source = house.upload(1)
    plan = preview(source, today=AT.date())

    def deed(slug):
        choices = Choices(shown=frozenset({slug}))
        return lambda: save_choices(
            source=Import.objects.get(pk=source.pk), plan=plan, choices=choices, by=house.owner
        )

    def check(first, second):
        assert Options.read(Import.objects.get(pk=source.pk).options).held == ("acme", "birch")

    return deed("acme"), deed("birch"), check


@service("answers.give_to")
def a_file_given_to_two_clients_at_once_is_one_of_theirs(house):
    source = house.upload(1)
    acme, birch = Client.objects.filter(slug__in=("acme", "birch")).order_by("slug")

    def deed(client):
        return lambda: give_to(source=Import.objects.get(pk=source.pk), client=client, by=house.owner)

    def check(first, second):
        assert Import.objects.get(pk=source.pk).client in (acme, birch)
        assert AuditEvent.objects.filter(action="file given to a client").count() == 2

    return deed(acme), deed(birch), check


@service("answers.change_options")
def options_changed_at_once_are_both_kept(house):
    source = house.upload(1)

    def deed(**changes):
        return lambda: change_options(
            source=Import.objects.get(pk=source.pk), change=lambda options: replace(options, **changes)
        )

    def check(first, second):
        options = Options.read(Import.objects.get(pk=source.pk).options)
        assert (options.skip_bad_rows, options.date_order) == (True, "dmy")

    return deed(skip_bad_rows=True), deed(date_order="dmy"), check


@service("reopen.look_again")
def a_second_preview_is_an_import_of_its_own(house):
    source = house.published(1)

    def deed():
        return look_again(source=source, by=house.owner, at=AT).pk

    def check(first, second):
        assert len({source.pk, first, second}) == 3

    return deed, deed, check


def a_saved_mapping(house):
    mapping = Mapping("Weekly", frozenset({"day", "time"}), {"date": "day", "worked": "time"})
    return save_mapping(mapping=mapping, by=house.owner, at=AT).pk


@service("saved_mappings.call_mapping")
def two_new_words_for_a_mapping_leave_the_second(house):
    pk = a_saved_mapping(house)

    def check(first, second):
        assert (first, second) == (True, True)
        assert called() == {"Weekly": "Fortnightly"}

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
