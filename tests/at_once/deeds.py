"""Every write service, as two people do it at once: the two deeds, and what must be so afterwards.

A new service is listed here, or `test_every_write_service_is_listed` fails.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import DatabaseError

from accounts import keys, services
from accounts.access import Member
from accounts.models import ApiKey, AuditEvent, Deletion, Invitation, Membership, OutboxMail, Provider, Role
from accounts.provider_settings import ProviderSettings, save_settings
from accounts.provider_settings import seen_of as settings_seen
from accounts.seen import StaleError
from alerts import consents, mornings, pushes, telling
from alerts.models import Consent, Crossing
from desk.agreements.judging import seen_of
from desk.agreements.saving import save_agreement
from desk.clients.form import ClientDraft, ContactRow, draft_of_client
from desk.clients.merging import merge_clients
from desk.clients.saving import save_client
from desk.clients.saving import seen_of as client_seen
from desk.dashboard.query import DashboardQuery
from desk.dashboard.saved_views import save_view
from desk.imports.new_clients import client_of_company
from desk.models import SavedView
from hourtab.setting_up.founding import NotFoundedError, Wish, found
from hourtab.whole_provider import erase
from imports import originals
from imports.judging.books import provider_book
from imports.judging.books import seen_of as rules_seen
from imports.judging.companies import NotMappedError, ask_about_again, map_company, never_ours
from imports.judging.merging import find_merge
from imports.judging.opening_times import save_times
from imports.judging.reclassify import reclassify
from imports.judging.rulebook import adding, save
from imports.models import Import, NeverOurs, SavedMapping, StandingAnswer
from imports.publishing import entry_change, standing_answers
from imports.publishing.answers import ClosedError, change_options, give_to
from imports.publishing.discard import discard
from imports.publishing.options import Options
from imports.publishing.preview import preview
from imports.publishing.preview_answers import save_choices
from imports.publishing.preview_form import Choices
from imports.publishing.publish import StalePlanError as PlanChanged
from imports.publishing.reopen import look_again
from imports.publishing.top_up_offers import NotGrantedError, top_up
from imports.publishing.undo import NotUndoableError, undo
from imports.reading.mapped import Mapping
from imports.reading.rows import Grant
from imports.saved_mappings import NotSavedError, save_mapping
from imports.wording.reword import NewWords, reword
from portal import approval_by_mail, asking, badges, links
from portal.models import ClientRequest, ShareLink
from retainers import approving, granting, notices
from retainers.agreements import agreement_from_document, read_file
from retainers.gate import letting
from retainers.gate.models import LetThrough
from retainers.loading import load
from retainers.models import (
    Approval,
    Client,
    ClosedMonth,
    CompanyName,
    Contact,
    Entry,
    MergedClient,
    Notice,
    Statement,
    TopUp,
)
from retainers.no_work import say_no_work
from retainers.seen import DoneError
from retainers.selectors import standings
from retainers.settling import invoicing, months
from retainers.settling.in_view import CycleKey
from retainers.settling.in_view import seen_of as cycles_seen
from retainers.statements import StatedError, issue, issue_all
from retainers.terms import BusinessHours, Effects, Rule, TextCondition
from retainers.terms import TopUp as TopUpTerms
from tests.at_once.conftest import AT, House
from tests.at_once.two import Do
from tests.factories import MembershipFactory

Check = Callable[[object, object], None]
Pair = tuple[Do, Do, Check]
DEEDS: dict[str, Callable[[House], Pair]] = {}
FIVE = TopUpTerms(date(2026, 6, 10), Decimal(5), "support", note="PO 4711")
WARRANTY = Rule("Warranty", Effects(exclude="warranty"), texts=(TextCondition("title", ("*warranty*",)),))


def service(name: str) -> Callable[[Callable[[House], Pair]], Callable[[House], Pair]]:
    def note(pair: Callable[[House], Pair]) -> Callable[[House], Pair]:
        DEEDS[name] = pair
        return pair

    return note


def refused(outcome: object, error: type[Exception]) -> None:
    assert isinstance(outcome, error), repr(outcome)


def trail(action: str) -> int:
    return AuditEvent.objects.filter(action=action).count()


@service("granting.grant_hours")
def one_form_grants_once(house):
    form = granting.seen_of(house.fresh(house.acme), top_ups=[FIVE]).mark

    def deed():
        granting.grant_hours(retainer=house.acme, top_ups=[FIVE], form=form, by=house.owner, at=AT)

    def check(first, second):
        refused(second, DoneError)
        assert TopUp.objects.count() == 1

    return deed, deed, check


@service("granting.take_back")
def a_grant_is_taken_back_once(house):
    one_form_grants_once(house)[0]()
    grant = TopUp.objects.get()
    form = granting.seen_taking_back(house.fresh(house.acme), grant).mark

    def deed():
        granting.take_back(grant=grant, reason="Typed twice", form=form, by=house.owner, at=AT)

    def check(first, second):
        refused(second, DoneError)
        assert trail("top-up taken back") == 1

    return deed, deed, check


@service("granting.correct")
def a_grant_is_corrected_once(house):
    one_form_grants_once(house)[0]()
    grant = TopUp.objects.get()
    six = replace(FIVE, hours=Decimal(6))
    form = granting.seen_correcting(house.fresh(house.acme), grant, six).mark

    def deed():
        granting.correct(grant=grant, becomes=six, reason="Six", form=form, by=house.owner, at=AT)

    def check(first, second):
        refused(second, DoneError)
        assert TopUp.objects.count() == 2
        assert trail("top-up taken back") == 1

    return deed, deed, check


@service("notices.post_notice")
def the_later_notice_stands(house):
    def deed(text):
        return lambda: notices.post_notice(
            retainer=house.acme, text=text, pending_hours=None, by=house.owner, at=AT
        )

    def check(first, second):
        assert [notice.text for notice in Notice.objects.filter(retired_in=None)] == ["Two"]

    return deed("One"), deed("Two"), check


@service("no_work.say_no_work")
def days_without_work_are_said_once(house):
    house.published(1)
    days = {"starts": date(2026, 6, 2), "ends": date(2026, 6, 5), "today": AT.date()}

    def deed():
        return say_no_work(retainer=house.acme, **days, by=house.owner, at=AT)

    def check(first, second):
        assert (first, second) == (True, False)

    return deed, deed, check


@service("letting.let_words")
def words_are_let_through_once(house):
    def deed():
        letting.let_words(text="srv-sql-02", client=house.acme.client, by=house.owner, at=AT)

    def check(first, second):
        assert second is None
        assert trail("words let through") == LetThrough.objects.count() == 1

    return deed, deed, check


@service("letting.allow_find")
def a_text_is_allowed_once(house):
    def deed():
        letting.allow_find(provider=house.provider, text="srv-sql-02", by=house.owner, at=AT)

    def check(first, second):
        assert second is None
        assert trail("text allowed") == LetThrough.objects.count() == 1

    return deed, deed, check


@service("letting.take_back")
def what_was_let_through_is_taken_back_once(house):
    letting.allow_find(provider=house.provider, text="srv-sql-02", by=house.owner, at=AT)
    pk = LetThrough.objects.get().pk

    def deed():
        letting.take_back(LetThrough.objects.select_related("client").get(pk=pk), by=house.owner)

    def check(first, second):
        assert not isinstance(second, DatabaseError), repr(second)
        assert trail("text no longer let through") == 1

    return deed, deed, check


@service("notices.end_notice")
def a_notice_ends_once(house):
    notices.post_notice(retainer=house.acme, text="One", pending_hours=None, by=house.owner, at=AT)

    def deed():
        return notices.end_notice(retainer=house.acme, by=house.owner, at=AT)

    def check(first, second):
        assert (first, second) == (True, False)

    return deed, deed, check


@service("statements.issue")
def a_cycle_is_stated_once(house):
    (standing,) = standings([house.fresh(house.acme)], on=AT.date(), zone=ZoneInfo("UTC"))
    may = date(2026, 5, 1)
    form = cycles_seen([CycleKey(house.acme.pk, may)]).mark

    def deed():
        return issue(standing=standing, cycle_starts=may, form=form, by=house.owner, at=AT)

    def check(first, second):
        refused(second, StatedError)
        assert Statement.objects.count() == 1

    return deed, deed, check


def _may(house):
    """May of both clients, as it stands, with the mark of what is in view."""
    cycles = [CycleKey(retainer.pk, date(2026, 5, 1)) for retainer in (house.acme, house.birch)]
    return {"cycles": cycles, "form": cycles_seen(cycles).mark}


@service("statements.issue_all")
def cycles_are_stated_once(house):
    may = _may(house)

    def deed():
        return len(issue_all(provider=house.provider, **may, by=house.owner, at=AT))

    def check(first, second):
        assert (first, second, Statement.objects.count()) == (2, 0, 2)

    return deed, deed, check


@service("invoicing.mark_invoiced")
def cycles_are_marked_as_invoiced_once(house):
    may = _may(house)

    def deed():
        return len(invoicing.mark_invoiced(provider=house.provider, **may, by=house.owner, at=AT))

    def check(first, second):
        assert (first, second, trail("cycle invoiced")) == (2, 0, 2)

    return deed, deed, check


@service("invoicing.take_mark_back")
def a_mark_is_taken_back_once(house):
    (mark, _other) = invoicing.mark_invoiced(provider=house.provider, **_may(house), by=house.owner, at=AT)

    def deed():
        invoicing.take_mark_back(mark=mark, reason="Too early", by=house.owner, at=AT)

    def check(first, second):
        refused(second, invoicing.NotInvoicedError)
        assert trail("invoice mark taken back") == 1

    return deed, deed, check


@service("months.close_month")
def a_month_is_closed_once(house):
    form = months.seen_of(date(2026, 5, 1)).digest

    def deed():
        return months.close_month(
            provider=house.provider, month=date(2026, 5, 1), form=form, by=house.owner, at=AT
        )

    def check(first, second):
        assert (first, second, trail("month closed")) == (True, False, 1)

    return deed, deed, check


@service("months.open_month_again")
def a_month_is_opened_again_once(house):
    a_month_is_closed_once(house)[0]()
    closed = ClosedMonth.objects.get()

    def deed():
        months.open_month_again(closed=closed, reason="A late file", by=house.owner, at=AT)

    def check(first, second):
        refused(second, months.NotClosedError)
        assert trail("month opened again") == 1

    return deed, deed, check


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


@service("loading.load")
def a_file_is_loaded_once(house):
    file = read_file(house.file(hours=12).replace(house.slug, f"{house.slug}-new", 1))

    def deed():
        return load(file, at=AT, by=None, reclassify=reclassify).changes

    def check(first, second):
        assert first[0] == f"provider {house.slug}-new created"
        assert second == []

    return deed, deed, check


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


@service("provider_settings.save_settings")
def of_two_forms_of_the_settings_the_second_is_told(house):
    opened = settings_seen(house.provider).mark
    said = ProviderSettings("North IT", "+1 555 0100", "", "UTC", "", 10, (), "")

    def deed(phone):
        settings = replace(said, support_phone=phone)
        return lambda: save_settings(provider=house.provider, settings=settings, form=opened, by=house.owner)

    def check(first, second):
        assert "support_phone" in first
        refused(second, StaleError)
        assert second.parts == ("support_phone",)

    return deed("+1 555 0100"), deed("+1 555 0199"), check


@service("services.change_role")
def two_owners_do_not_demote_each_other(house):
    house.provider.memberships.exclude(user=house.owner).delete()
    other = MembershipFactory(provider=house.provider, role=Role.OWNER)
    mine = Membership.objects.get(provider=house.provider, user=house.owner)

    def deed(membership, actor):
        return lambda: services.change_role(membership=membership, role=Role.VIEWER, actor=actor)

    def check(first, second):
        refused(second, services.LastOwnerError)
        assert house.provider.memberships.filter(role=Role.OWNER).count() == 1

    return deed(other, house.owner), deed(mine, other.user), check


@service("services.invite")
def each_invitation_has_its_mail(house):
    def deed():
        return services.invite(
            provider=house.provider, email="new@north.example", role=Role.VIEWER, actor=house.owner
        )

    def check(first, second):
        mails = OutboxMail.objects.filter(provider=house.provider, kind="invitation")
        assert mails.count() == Invitation.objects.filter(provider=house.provider).count() == 2

    return deed, deed, check


def _invited(house: House) -> Invitation:
    return services.invite(
        provider=house.provider, email=f"new@{house.slug}.example", role=Role.VIEWER, actor=house.owner
    )


@service("services.withdraw_invitation")
def an_invitation_is_withdrawn_once(house):
    invitation = _invited(house)

    def deed():
        services.withdraw_invitation(invitation=invitation, actor=house.owner)

    def check(first, second):
        assert trail("invitation withdrawn") == 1

    return deed, deed, check


@service("services.accept_invitation")
def an_invitation_is_accepted_once(house):
    invitation = _invited(house)

    def deed():
        return services.accept_invitation(invitation=invitation, password="a sentence is fine")

    def check(first, second):
        assert second is None
        assert house.provider.memberships.filter(user=first).count() == 1

    return deed, deed, check


@service("keys.create")
def each_key_is_another_one(house):
    def deed():
        return keys.create(name="Nightly", may_publish=True, by=house.owner)[1]

    def check(first, second):
        assert first != second
        assert ApiKey.objects.count() == 2

    return deed, deed, check


@service("keys.revoke")
def a_key_is_revoked_once(house):
    key, _ = keys.create(name="Nightly", may_publish=True, by=house.owner)

    def deed():
        keys.revoke(key=ApiKey.objects.get(pk=key.pk), by=house.owner, at=AT)

    def check(first, second):
        assert trail("key revoked") == 1

    return deed, deed, check


@service("links.create")
def each_link_is_another_one(house):
    def deed():
        return links.create(client=house.acme.client, by=house.owner)[1]

    def check(first, second):
        assert first != second

    return deed, deed, check


@service("links.copy")
def copies_are_the_same_address(house):
    def deed():
        return links.copy(link=house.link, by=house.owner)

    def check(first, second):
        assert first == second

    return deed, deed, check


@service("links.revoke")
def a_link_is_revoked_once(house):
    def deed():
        links.revoke(link=ShareLink.objects.get(pk=house.link.pk), by=house.owner, at=AT)

    def check(first, second):
        assert trail("link revoked") == 1

    return deed, deed, check


@service("badges.make_badge")
def each_badge_is_another_one(house):
    def deed():
        return badges.make_badge(client=house.acme.client, sites=[], by=house.owner)[1]

    def check(first, second):
        assert first != second

    return deed, deed, check


@service("badges.allow_sites")
def sites_of_a_badge_change_once(house):
    badge, _ = badges.make_badge(client=house.acme.client, sites=[], by=house.owner)

    def deed():
        return badges.allow_sites(badge=badge, sites=["https://a.example"], by=house.owner)

    def check(first, second):
        assert sorted([first, second]) == [False, True]
        assert trail("badge sites changed") == 1

    return deed, deed, check


@service("badges.revoke_badge")
def a_badge_is_revoked_once(house):
    badge, _ = badges.make_badge(client=house.acme.client, sites=[], by=house.owner)

    def deed():
        return badges.revoke_badge(badge=badge, by=house.owner, at=AT)

    def check(first, second):
        assert sorted([first, second]) == [False, True]
        assert trail("badge revoked") == 1

    return deed, deed, check


@service("links.replace")
def a_link_is_replaced_by_one(house):
    def deed():
        return links.replace(link=ShareLink.objects.get(pk=house.link.pk), by=house.owner, at=AT)

    def check(first, second):
        refused(second, links.EndedError)
        assert ShareLink.objects.filter(revoked_at=None, replaced_at=None).count() == 1

    return deed, deed, check


def _asked(house: House, kind: str = "top_up") -> ClientRequest:
    said = asking.RequestDetails(kind, Decimal(4), "Pat Lee", "pat@acme.example", "For the move")
    return asking.ask(link=house.link, retainer=house.acme, cycle_starts=date(2026, 6, 1), asked=said, at=AT)


@service("asking.ask")
def the_limit_of_a_link_holds(house):
    for _ in range(asking.AN_HOUR - 1):
        _asked(house)

    def deed():
        return _asked(house)

    def check(first, second):
        refused(second, asking.TooManyError)
        assert ClientRequest.objects.count() == asking.AN_HOUR

    return deed, deed, check


@service("approval_by_mail.confirm")
def an_approval_is_confirmed_once(house):
    made = _asked(house, "overage")

    def deed():
        approval_by_mail.confirm(request=ClientRequest.objects.get(pk=made.pk), at=AT)

    def check(first, second):
        assert trail("overage approved") == 1

    return deed, deed, check


@service("approving.approve")
def two_approvals_add_up(house):
    pat = Contact.objects.get(client=house.acme.client, email="pat@acme.example")

    def deed(hours):
        return lambda: approving.approve(
            retainer=house.acme, cycle=date(2026, 6, 1), hours=Decimal(hours), contact=pat, at=AT
        )

    def check(first, second):
        assert sorted(Approval.objects.values_list("hours_units", flat=True)) == [200, 400]

    return deed(4), deed(2), check


@service("approving.withdraw")
def an_approval_is_withdrawn_once(house):
    two_approvals_add_up(house)[0]()
    given = Approval.objects.select_related("retainer").get()
    form = approving.seen_of(given).mark

    def deed():
        return approving.withdraw(approval=given, form=form, by=house.owner, at=AT)

    def check(first, second):
        refused(second, DoneError)
        assert trail("approval withdrawn") == 1

    return deed, deed, check


@service("asking.answer")
def a_request_is_answered_once(house):
    made = _asked(house)

    def deed():
        return asking.answer(request=made, words="Gladly", by=house.owner, at=AT, grants=FIVE)

    def check(first, second):
        assert (first, second) == (True, False)
        assert TopUp.objects.count() == 1

    return deed, deed, check


@service("consents._ask")
def a_contact_is_asked_once(house):
    def deed():
        return consents.ask_contacts(house.provider, AT)

    def check(first, second):
        assert OutboxMail.objects.filter(provider=house.provider, kind="consent").count() == 2

    return deed, deed, check


def _consent(house: House) -> Consent:
    consents.ask_contacts(house.provider, AT)
    return Consent.objects.order_by("pk").first()


@service("telling.agree")
def a_contact_agrees(house):
    consent = _consent(house)

    def deed():
        telling.agree(consent, AT)

    def check(first, second):
        assert Consent.objects.get(pk=consent.pk).is_given

    return deed, deed, check


@service("consents.leave")
def a_contact_leaves_once(house):
    consent = _consent(house)

    def deed():
        consents.leave(consent, AT)

    def check(first, second):
        assert trail("alerts left") == 1

    return deed, deed, check


@service("mornings.remind")
def nobody_is_reminded_twice(house):
    house.publishing(house.upload(1))()

    def deed():
        return mornings.remind(house.provider, AT + timedelta(days=7))

    def check(first, second):
        assert first > 0
        assert OutboxMail.objects.filter(provider=house.provider, kind="due").count() == first

    return deed, deed, check


@service("mornings.send_digest")
def nobody_gets_two_digests(house):
    def deed():
        return mornings.send_digest(house.provider, AT)

    def check(first, second):
        assert first > 0
        assert OutboxMail.objects.filter(provider=house.provider, kind="digest").count() == first

    return deed, deed, check


@service("telling._tell")
def a_crossing_is_told_once(house):
    house.publishing(house.upload(1, hours="9.5"))()

    def deed():
        return telling.tell_crossings(house.provider, AT)

    def check(first, second):
        assert (first, second) == (Crossing.objects.count(), 0)
        assert first > 0

    return deed, deed, check


@service("saved_views.save_view")
def one_name_is_one_view(house):
    member = Member(house.owner, house.provider, Role.OWNER)

    def deed():
        return save_view(member=member, name="Mine", question=DashboardQuery(), shared=False)

    def check(first, second):
        assert SavedView.objects.count() == 1

    return deed, deed, check


@service("companies.map_company")
def a_company_belongs_to_one_client(house):
    def deed(client):
        return lambda: map_company(company="Zeta Corp", client=client, by=house.owner)

    def check(first, second):
        refused(second, NotMappedError)
        assert CompanyName.objects.get(name="Zeta Corp").client == house.acme.client

    return deed(house.acme.client), deed(house.birch.client), check


@service("new_clients.client_of_company")
def one_company_becomes_one_client(house):
    def deed():
        return client_of_company(
            provider=house.provider,
            company="Zeta Corp",
            template="bank",
            cap="8",
            starts=date(2026, 6, 1),
            by=house.owner,
            at=AT,
        )

    def check(first, second):
        refused(second, NotMappedError)
        assert list(Client.objects.filter(name="Zeta Corp")) == [first]

    return deed, deed, check


@service("companies.never_ours")
def a_company_is_settled_once(house):
    def deed(*companies):
        return lambda: never_ours(companies=companies, by=house.owner, at=AT)

    def check(first, second):
        assert (first, second) == (("Alpha", "Zeta"), ())
        assert trail("company never ours") == NeverOurs.objects.count() == 2

    return deed("Zeta", "Alpha"), deed("Alpha", "Zeta"), check


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


@service("discard.discard")
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


def _pushed(house: House, *days: int) -> None:
    """Files that a program dropped off at noon of these days of June."""
    key, _ = keys.create(name="Nightly", may_publish=True, by=house.owner)
    for day in days:
        source = house.upload(day)
        at = AT.replace(day=day)
        Import.objects.filter(pk=source.pk).update(uploaded_with=key, uploaded_at=at)


@service("pushes.tell_waiting")
def a_file_that_waits_is_told_once(house):
    _pushed(house, 1)

    def deed():
        return pushes.tell_waiting(house.provider, AT)

    def check(first, second):
        mails = OutboxMail.objects.filter(provider=house.provider, kind="push_waits")
        assert first > 0
        assert (first, second) == (mails.count(), 0)

    return deed, deed, check


@service("pushes.tell_silence")
def a_silent_schedule_is_told_once(house):
    _pushed(house, 1, 2, 3)

    def deed():
        return pushes.tell_silence(house.provider, AT)

    def check(first, second):
        mails = OutboxMail.objects.filter(provider=house.provider, kind="push_silent")
        assert first > 0
        assert (first, second) == (mails.count(), 0)

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


@service("saved_mappings.save_mapping")
def a_mapping_is_not_overwritten_unseen(house):
    def deed(*headers):
        mapping = Mapping("Weekly", frozenset(headers), {"date": headers[0], "hours": headers[1]})
        return lambda: save_mapping(mapping=mapping, by=house.owner, at=AT)

    def check(first, second):
        refused(second, NotSavedError)
        assert SavedMapping.objects.count() == 1

    return deed("day", "time"), deed("tag", "zeit"), check


@service("whole_provider.erase")
def a_provider_is_deleted_after_what_is_being_written(house):
    writing = house.publishing(house.upload(1))

    def check(first, second):
        assert isinstance(second, Deletion), repr(second)
        assert not Provider.objects.filter(pk=house.provider.pk).exists()

    return writing, lambda: erase(house.provider, reason="The contract has ended"), check


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


@service("founding._found")
def a_provider_is_set_up_once(house):
    def deed():
        return found(Wish("South IT", "mel@south.example"))

    def check(first, second):
        refused(second, NotFoundedError)
        assert Provider.objects.filter(slug="south-it").count() == 1

    return deed, deed, check
