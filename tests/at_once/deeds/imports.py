"""Done twice at once: files, previews, publications and single entries."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from accounts.models import AuditEvent
from imports import originals
from imports.by_hand import HandRow, store_by_hand
from imports.models import Import
from imports.publishing import entry_change
from imports.publishing.answers import ClosedError, change_options, give_to
from imports.publishing.hindrances import StalePlanError as PlanChanged
from imports.publishing.options import Options
from imports.publishing.preview import preview
from imports.publishing.preview_answers import save_choices
from imports.publishing.preview_form import Choices
from imports.publishing.reopen import discard, reopen
from imports.publishing.top_up_offers import NotGrantedError, top_up
from imports.publishing.undo import NotUndoableError, undo
from imports.reading.rows import Grant
from retainers.models import (
    Client,
    Entry,
    TopUp,
)
from retainers.seen import DoneError
from tests.at_once.conftest import AT
from tests.at_once.deeds.register import refused, service, trail


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


@service("reopen.discard")
def a_preview_is_discarded_once(house):
    source = house.upload(1)

    def deed():
        discard(source=Import.objects.get(pk=source.pk), by=house.owner)

    def check(first, second):
        refused(second, ClosedError)
        assert trail("preview discarded") == 1

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


@service("reopen.reopen")
def a_second_preview_is_an_import_of_its_own(house):
    source = house.published(1)

    def deed():
        return reopen(source=source, by=house.owner, at=AT).pk

    def check(first, second):
        assert len({source.pk, first, second}) == 3

    return deed, deed, check
