"""Two clients that become one: what passes over, what speaks against it, and that nothing is lost or counted anew."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from accounts.access import today_at
from accounts.audit import record
from accounts.models import AuditEvent, Provider, Role
from accounts.tenancy import tenant_scope
from desk.clients.merging import merge_clients
from desk.clients.trail import events_about
from desk.dashboard.holding import seal_of
from desk.dashboard.keeping import keep_days
from desk.models import ClientDay
from hourtab.provider_archive.writing import export
from hourtab.verifying.walk import verified
from hourtab.whole_provider import erase
from imports.models import ImportPublication, SourceRow
from imports.publishing.undo import undo
from portal import links
from retainers import publishing
from retainers.agreements import AgreementError, agreement_from_document
from retainers.files import ClientFile, ProviderFile
from retainers.loading import load
from retainers.merging import is_taken, rows_of
from retainers.models import Client, CompanyName, Contact, MergedClient, Publication, Retainer
from tests.factories import ClientFactory, MembershipFactory
from tests.imports.desk import NOW, a_desk, hidden
from tests.shared_rows import shared_rows

HEADER = "Entry ID,Client,Agreement,Date,Hours,Technician,Ticket,Title\n"
ACME = "1,Acme Dental,,2026-02-03,1.5,Jo Doe,T1,Mail\n2,Acme Dental,,2026-02-04,1,Jo Doe,T2,Mail\n"
BIRCH = "3,Birch & Lowe,Birch care,2026-02-03,2,Jo Doe,T3,Disk\n"
WEEK = (HEADER + ACME + BIRCH).encode()


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(NOW, tick=False):
        yield


@shared_rows
def desk(time_machine):
    """Acme and Birch with one agreement each, both of the key `support`; Birch's takes the PSA's “Birch care”."""
    time_machine.move_to(NOW, tick=False)
    desk = a_desk()
    claim(desk, "birch", "Birch care")
    return desk


def claim(desk, slug, *names):
    """The client's agreement takes these agreements of the PSA."""
    with tenant_scope(desk.provider):
        pk = Retainer.objects.get(client__slug=slug).pk
        (row,) = publishing.lock([pk]).values()
        agreement = replace(agreement_from_document(row.version.document), psa_agreements=names)
        publishing.save_version(retainer=row, agreement=agreement, at=timezone.now(), by=None)
        publishing.Press(Publication.Kind.AGREEMENT, timezone.now(), None).publication(row)


@shared_rows(upon="desk")
def week(desk):
    """A week of both is published."""
    source = desk.upload_bytes(WEEK)
    desk.publish(source)
    assert len(desk.live("birch")) == 1
    return source


def address(slug="birch"):
    return reverse("client_merge", args=[slug])


def seen(desk, gone="birch", goes_on="acme"):
    return desk.browser.get(address(gone), {"into": goes_on})


def send(desk, gone="birch", goes_on="acme", **more):
    mark = hidden(seen(desk, gone, goes_on).content.decode(), "seen")
    fields = {"into": goes_on, "seen": mark, "merge": "on", **more}
    return desk.browser.post(address(gone), fields, follow=True)


def clients(desk):
    with tenant_scope(desk.provider):
        return set(Client.objects.values_list("slug", flat=True))


def balances(desk, capsys):
    call_command("balances", "--provider", desk.provider.slug)
    return capsys.readouterr().out


def faults(provider):
    return [looked for looked in verified([provider]) if looked.fault]


# what passes over


def test_a_merge_begins_with_the_choice_of_the_client_to_keep(desk):
    page = desk.browser.get(address())
    assert page.status_code == 200
    choice = page.content.decode().split('<select id="into"')[1].split("</select>")[0]
    assert '<option value="acme">Acme Dental</option>' in choice
    assert "birch" not in choice


def test_a_merge_shows_what_it_does_and_waits_for_a_tick(desk, week):
    page = seen(desk).content.decode()
    assert "Birch &amp; Lowe becomes part of Acme Dental" in page
    assert "Its key becomes support_birch" in page
    assert "1 published line stays in its agreement." in page
    mark = hidden(page, "seen")
    answer = desk.browser.post(address(), {"into": "acme", "seen": mark})
    assert (answer.status_code, clients(desk)) == (422, {"acme", "birch", "cobalt"})


def test_the_client_that_goes_on_has_names_agreements_contacts_and_links_of_both(desk, week):
    with tenant_scope(desk.provider):
        birch = Client.objects.get(slug="birch")
        Contact.objects.create(client=birch, name="Sam", email="sam@birch.example", alerts=True)
        _link, token = links.create(client=birch, by=None)
    answer = send(desk)

    assert "Birch &amp; Lowe is now part of Acme Dental" in answer.content.decode()
    with tenant_scope(desk.provider):
        acme = Client.objects.get(slug="acme")
        assert {"Acme Dental", "Birch & Lowe"} == set(acme.company_names.values_list("name", flat=True))
        assert {"support", "support_birch"} == set(acme.retainers.values_list("key", flat=True))
        assert [each.email for each in acme.contacts.all()] == ["sam@birch.example"]
    page = Browser().get(f"/b/{token}/").content.decode()
    assert ("Acme Dental" in page, "2.0" in page, "8.0" in page) == (True, True, True)
    json = Browser().get(f"/b/{token}/balance.json").json()
    assert [each["retainer"] for each in json["retainers"]] == ["support", "support_birch"]
    assert faults(desk.provider) == []


def test_no_figure_changes(desk, week, capsys):
    before = balances(desk, capsys).replace("birch/support", "acme/support_birch")
    send(desk)
    assert sorted(balances(desk, capsys).splitlines()) == sorted(before.splitlines())


def test_every_table_that_names_the_client_follows(desk, week):
    with tenant_scope(desk.provider):
        both = [Client.objects.get(slug=slug) for slug in ("acme", "birch")]
        links.create(client=both[1], by=None)
        before = [
            sum(rows.count() for rows, _name in found) for found in zip(*map(rows_of, both), strict=True)
        ]
    send(desk)
    with tenant_scope(desk.provider):
        after = [rows.count() for rows, _name in rows_of(Client.objects.get(slug="acme"))]
        gone = [rows.count() for rows, _name in rows_of(both[1])]
        tables = [rows.model for rows, _name in rows_of(both[1])]
    more = [int(model is MergedClient) for model in tables]
    assert {SourceRow, ImportPublication, Retainer, CompanyName} <= set(tables)
    assert (gone, after) == ([0] * len(gone), [count + one for count, one in zip(before, more, strict=True)])


def test_who_is_a_contact_of_both_may_what_either_may(desk):
    with tenant_scope(desk.provider):
        for slug, rights in (("acme", {"alerts": True}), ("birch", {"approves": True})):
            client = Client.objects.get(slug=slug)
            Contact.objects.create(client=client, name="Pat", email="pat@both.example", **rights)
    assert "is a contact of both" in seen(desk).content.decode()
    send(desk)
    with tenant_scope(desk.provider):
        (pat,) = Contact.objects.all()
    assert (pat.client.slug, pat.approves, pat.alerts) == ("acme", True, True)


def test_the_trail_says_who_merged_what(desk, week):
    send(desk)
    with tenant_scope(desk.provider):
        event = AuditEvent.objects.get(action="clients merged")
        about = set(event.clients.values_list("client", flat=True))
    assert (event.member, about, event.detail["lines"]) == (desk.member.user, {"acme", "birch"}, 1)


def test_what_was_done_about_either_is_on_the_page_of_the_one_that_goes_on(desk):
    with tenant_scope(desk.provider):
        record(None, "business hours changed", "of Birch", about=["birch"])
    send(desk)
    with tenant_scope(desk.provider):
        found = events_about(Client.objects.get(slug="acme"), ())
    assert "of Birch" in [event.subject for event in found]
    page = desk.as_role(Role.OWNER).get(reverse("trail")).content.decode()
    assert "Birch &amp; Lowe" in page


# old addresses


def test_old_addresses_lead_to_the_client_that_goes_on(desk, week):
    send(desk)
    old = desk.browser.get(reverse("client", args=["birch"]) + "?retainer=support")
    assert old.headers["Location"] == reverse("client", args=["acme"]) + "?retainer=support"
    old = desk.browser.get(reverse("agreement", args=["birch", "support"]))
    assert old.headers["Location"] == reverse("agreement", args=["acme", "support_birch"])
    assert desk.browser.get(old.headers["Location"]).status_code == 200


def test_an_old_address_tells_another_provider_nothing(desk, week):
    send(desk)
    stranger = Browser()
    stranger.force_login(MembershipFactory(role=Role.OWNER).user)
    assert stranger.get(reverse("client", args=["birch"])).status_code == 404
    assert Browser().get(reverse("client", args=["birch"])).status_code == 302


def test_commands_know_the_old_key_and_nobody_gets_it_again(desk, week, capsys):
    send(desk)
    call_command("balances", "--provider", desk.provider.slug, "--client", "birch")
    assert "acme/support_birch" in capsys.readouterr().out
    again = ClientFile("birch", "Birch again", (), None, ())
    file = ProviderFile(desk.provider.slug, desk.provider.name, clients=(again,))
    with pytest.raises(AgreementError, match="merged into the client acme"):
        load(file, at=timezone.now(), by=None, reclassify=lambda *_: None)


def test_a_key_of_a_client_that_was_merged_is_taken(desk, week):
    send(desk)
    with tenant_scope(desk.provider):
        assert [is_taken(each) for each in ("birch", "acme", "birch-2")] == [True, True, False]


def test_a_client_that_was_merged_twice_over_is_found(desk, week):
    claim(desk, "cobalt", "Cobalt care")
    send(desk)
    send(desk, "acme", "cobalt")
    assert clients(desk) == {"cobalt"}
    old = desk.browser.get(reverse("agreement", args=["birch", "support"]), follow=True)
    assert old.status_code == 200
    assert faults(desk.provider) == []


# imports of before and after


def test_the_same_file_changes_nothing_after_a_merge(desk, week):
    send(desk)
    source = desk.upload_bytes(WEEK)
    desk.publish(source, publish=("acme", "cobalt"))
    counts = desk.fresh(source).result["entries"]
    assert (counts["unchanged"], counts["new"], counts["changed"], counts["removed"]) == (3, 0, 0, 0)
    assert len(desk.live("acme")) == 3


def test_a_correction_finds_its_line_after_a_merge(desk, week):
    send(desk)
    source = desk.upload_bytes(WEEK.replace(b"2026-02-03,2,", b"2026-02-03,2.5,"))
    desk.publish(source, publish=("acme", "cobalt"))
    with tenant_scope(desk.provider):
        retainer = Retainer.objects.get(key="support_birch")
        (entry,) = retainer.entry_set.filter(retired_in=None)
    assert (entry.worked_units, desk.fresh(source).result["entries"]["changed"]) == (25000, 1)


def test_an_import_of_before_can_still_be_undone(desk, week):
    second = desk.upload_bytes(WEEK.replace(b"2026-02-03,2,", b"2026-02-03,2.5,"))
    desk.publish(second)
    send(desk)
    with tenant_scope(desk.provider):
        undo(source=desk.fresh(second), by=desk.member.user, at=timezone.now())
        hours = [entry.worked_units for entry in desk.live("acme")]
        assert sorted(hours) == [10000, 15000, 20000]
        undo(source=desk.fresh(week), by=desk.member.user, at=timezone.now())
    assert (desk.live("acme"), faults(desk.provider)) == ([], [])
    assert "Undone" in desk.page(week)


def test_a_provider_with_merged_clients_is_exported_and_deleted_whole(desk, week):
    send(desk)
    export(desk.provider, by=None).close()
    erase(desk.provider, reason="closed")
    assert not Provider.objects.filter(pk=desk.provider.pk).exists()


# what speaks against it


def test_two_agreements_that_claim_the_same_rows_are_not_merged(desk, week):
    page = seen(desk, "cobalt", "acme").content.decode()
    assert "both take entries of any agreement" in page
    assert 'name="merge"' not in page
    answer = send(desk, "cobalt", "acme")
    assert (answer.status_code, clients(desk)) == (422, {"acme", "birch", "cobalt"})


def test_a_line_that_would_change_its_agreement_stops_the_merge(desk):
    claim(desk, "birch")
    source = desk.upload_bytes(WEEK)
    desk.publish(source)
    claim(desk, "acme", "Birch care")
    page = seen(desk).content.decode()
    assert "published lines would go to another agreement" in page
    assert send(desk).status_code == 422
    assert len(desk.live("birch")) == 1


def test_what_was_not_in_view_is_not_merged(desk, week):
    mark = hidden(seen(desk).content.decode(), "seen")
    with tenant_scope(desk.provider):
        Contact.objects.create(client=Client.objects.get(slug="birch"), name="Sam", email="sam@birch.example")
    answer = desk.browser.post(address(), {"into": "acme", "seen": mark, "merge": "on"})
    assert (answer.status_code, "changed since you looked" in answer.content.decode()) == (409, True)
    assert "birch" in clients(desk)


def test_a_form_sent_twice_merges_once(desk, week):
    mark = hidden(seen(desk).content.decode(), "seen")
    fields = {"into": "acme", "seen": mark, "merge": "on"}
    desk.browser.post(address(), fields)
    again = desk.browser.post(address(), fields, follow=True)
    assert "Already merged" in again.content.decode()
    with tenant_scope(desk.provider):
        said = {"provider": desk.provider, "gone": "birch", "goes_on": "acme", "form": mark}
        assert merge_clients(**said, by=None, at=timezone.now()).slug == "acme"
        assert AuditEvent.objects.filter(action="clients merged").count() == 1


# the guards


@pytest.mark.parametrize("model", [SourceRow, ImportPublication])
def test_a_row_written_once_passes_to_nobody_but_who_took_its_client_over(desk, week, model):
    with tenant_scope(desk.provider):
        ids: Mapping[str, int] = dict(Client.objects.values_list("slug", "pk"))
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.filter(client=ids["birch"]).update(client=ids["acme"])
    send(desk)
    with tenant_scope(desk.provider):
        for change in ({"client": ids["cobalt"]}, {"id": 999_999}):
            with pytest.raises(IntegrityError), transaction.atomic():
                model.objects.filter(client=ids["acme"]).update(**change)


def test_what_was_kept_of_a_client_for_the_dashboard_is_kept_anew_of_the_one_that_goes_on(desk, week):
    """Dune has no agreement, so nothing of it is kept that Birch's could stand twice with."""
    with tenant_scope(desk.provider):
        ClientFactory(provider=desk.provider, slug="dune")
        keep_days(desk.provider)
    send(desk, "birch", "dune")

    assert faults(desk.provider) == []
    with tenant_scope(desk.provider):
        keep_days(desk.provider)
        (today,) = ClientDay.objects.filter(client__slug="dune", day=today_at(desk.provider))
        assert today.seal == seal_of(today)
