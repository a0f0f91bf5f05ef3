"""Two clients that become one: what passes over, what speaks against it, and that nothing is lost or counted anew."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
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
from tests.factories import ClientFactory
from tests.imports.uploading import NOW, an_import_world, hidden
from tests.shared_rows import shared_rows

HEADER = "Entry ID,Client,Agreement,Date,Hours,Technician,Ticket,Title\n"
ACME = "1,Acme Dental,,2026-02-03,1.5,Jo Doe,T1,Mail\n2,Acme Dental,,2026-02-04,1,Jo Doe,T2,Mail\n"
BIRCH = "3,Birch & Lowe,Birch care,2026-02-03,2,Jo Doe,T3,Disk\n"
WEEK = (HEADER + ACME + BIRCH).encode()


@shared_rows
def world(time_machine):
    """Acme and Birch with one agreement each, both of the key `support`; Birch's takes the PSA's “Birch care”."""
    time_machine.move_to(NOW, tick=False)
    world = an_import_world()
    claim(world, "birch", "Birch care")
    return world


def claim(world, slug, *names):
    """The client's agreement takes these agreements of the PSA."""
    with tenant_scope(world.provider):
        pk = Retainer.objects.get(client__slug=slug).pk
        (row,) = publishing.lock([pk]).values()
        agreement = replace(agreement_from_document(row.version.document), psa_agreements=names)
        publishing.save_version(retainer=row, agreement=agreement, at=timezone.now(), by=None)
        publishing.Press(Publication.Kind.AGREEMENT, timezone.now(), None).publication(row)


@shared_rows(upon="world")
def week(world):
    """A week of both is published."""
    source = world.upload_bytes(WEEK)
    world.publish(source)
    assert len(world.live("birch")) == 1
    return source


def address(slug="birch"):
    return reverse("client_merge", args=[slug])


def seen(world, gone="birch", goes_on="acme"):
    return world.manager.get(address(gone), {"into": goes_on})


def send(world, gone="birch", goes_on="acme", **more):
    mark = hidden(seen(world, gone, goes_on).content.decode(), "seen")
    fields = {"into": goes_on, "seen": mark, "merge": "on", **more}
    return world.manager.post(address(gone), fields, follow=True)


def clients(world):
    with tenant_scope(world.provider):
        return set(Client.objects.values_list("slug", flat=True))


def balances(world, capsys):
    call_command("balances", "--provider", world.provider.slug)
    return capsys.readouterr().out


def faults(provider):
    return [looked for looked in verified([provider]) if looked.fault]


# what passes over


def test_a_merge_begins_with_the_choice_of_the_client_to_keep(world):
    page = world.manager.get(address())
    assert page.status_code == 200
    choice = page.content.decode().split('<select id="into"')[1].split("</select>")[0]
    assert '<option value="acme">Acme Dental</option>' in choice
    assert "birch" not in choice


def test_a_merge_shows_what_it_does_and_waits_for_a_tick(world, week):
    page = seen(world).content.decode()
    assert "Birch &amp; Lowe becomes part of Acme Dental" in page
    assert "Its key becomes support_birch" in page
    assert "1 published line stays in its agreement." in page
    mark = hidden(page, "seen")
    answer = world.manager.post(address(), {"into": "acme", "seen": mark})
    assert (answer.status_code, clients(world)) == (422, {"acme", "birch", "cobalt"})


def test_the_client_that_goes_on_has_names_agreements_contacts_and_links_of_both(world, week):
    with tenant_scope(world.provider):
        birch = Client.objects.get(slug="birch")
        Contact.objects.create(client=birch, name="Sam", email="sam@birch.example", alerts=True)
        _link, token = links.create(client=birch, by=None)
    answer = send(world)

    assert "Birch &amp; Lowe is now part of Acme Dental" in answer.content.decode()
    with tenant_scope(world.provider):
        acme = Client.objects.get(slug="acme")
        assert {"Acme Dental", "Birch & Lowe"} == set(acme.company_names.values_list("name", flat=True))
        assert {"support", "support_birch"} == set(acme.retainers.values_list("key", flat=True))
        assert [each.email for each in acme.contacts.all()] == ["sam@birch.example"]
    page = Browser().get(f"/b/{token}/").content.decode()
    assert ("Acme Dental" in page, "2.0" in page, "8.0" in page) == (True, True, True)
    json = Browser().get(f"/b/{token}/balance.json").json()
    assert [each["retainer"] for each in json["retainers"]] == ["support", "support_birch"]
    assert faults(world.provider) == []


def test_no_figure_changes(world, week, capsys):
    before = balances(world, capsys).replace("birch/support", "acme/support_birch")
    send(world)
    assert sorted(balances(world, capsys).splitlines()) == sorted(before.splitlines())


def test_every_table_that_names_the_client_follows(world, week):
    with tenant_scope(world.provider):
        both = [Client.objects.get(slug=slug) for slug in ("acme", "birch")]
        links.create(client=both[1], by=None)
        before = [
            sum(rows.count() for rows, _name in found) for found in zip(*map(rows_of, both), strict=True)
        ]
    send(world)
    with tenant_scope(world.provider):
        after = [rows.count() for rows, _name in rows_of(Client.objects.get(slug="acme"))]
        gone = [rows.count() for rows, _name in rows_of(both[1])]
        tables = [rows.model for rows, _name in rows_of(both[1])]
    more = [int(model is MergedClient) for model in tables]
    assert {SourceRow, ImportPublication, Retainer, CompanyName} <= set(tables)
    assert (gone, after) == ([0] * len(gone), [count + one for count, one in zip(before, more, strict=True)])


def test_who_is_a_contact_of_both_may_what_either_may(world):
    with tenant_scope(world.provider):
        for slug, rights in (("acme", {"alerts": True}), ("birch", {"approves": True})):
            client = Client.objects.get(slug=slug)
            Contact.objects.create(client=client, name="Pat", email="pat@both.example", **rights)
    assert "is a contact of both" in seen(world).content.decode()
    send(world)
    with tenant_scope(world.provider):
        (pat,) = Contact.objects.all()
    assert (pat.client.slug, pat.approves, pat.alerts) == ("acme", True, True)


def test_the_trail_says_who_merged_what(world, week):
    send(world)
    with tenant_scope(world.provider):
        event = AuditEvent.objects.get(action="clients merged")
        about = set(event.clients.values_list("client", flat=True))
    assert (event.member, about, event.detail["lines"]) == (world.manager.user, {"acme", "birch"}, 1)


def test_what_was_done_about_either_is_on_the_page_of_the_one_that_goes_on(world):
    with tenant_scope(world.provider):
        record(None, "business hours changed", "of Birch", about=["birch"])
    send(world)
    with tenant_scope(world.provider):
        found = events_about(Client.objects.get(slug="acme"), ())
    assert "of Birch" in [event.subject for event in found]
    page = world.person(Role.OWNER).get(reverse("trail")).content.decode()
    assert "Birch &amp; Lowe" in page


# old addresses


def test_old_addresses_lead_to_the_client_that_goes_on(world, week):
    send(world)
    old = world.manager.get(reverse("client", args=["birch"]) + "?retainer=support")
    assert old.headers["Location"] == reverse("client", args=["acme"]) + "?retainer=support"
    old = world.manager.get(reverse("agreement", args=["birch", "support"]))
    assert old.headers["Location"] == reverse("agreement", args=["acme", "support_birch"])
    assert world.manager.get(old.headers["Location"]).status_code == 200


def test_an_old_address_tells_another_provider_nothing(world, week, stranger):
    send(world)
    assert stranger.get(reverse("client", args=["birch"])).status_code == 404
    assert Browser().get(reverse("client", args=["birch"])).status_code == 302


def test_commands_know_the_old_key_and_nobody_gets_it_again(world, week, capsys):
    send(world)
    call_command("balances", "--provider", world.provider.slug, "--client", "birch")
    assert "acme/support_birch" in capsys.readouterr().out
    again = ClientFile("birch", "Birch again", (), None, ())
    file = ProviderFile(world.provider.slug, world.provider.name, clients=(again,))
    with pytest.raises(AgreementError, match="merged into the client acme"):
        load(file, at=timezone.now(), by=None, reclassify=lambda *_: None)


def test_a_key_of_a_client_that_was_merged_is_taken(world, week):
    send(world)
    with tenant_scope(world.provider):
        assert [is_taken(each) for each in ("birch", "acme", "birch-2")] == [True, True, False]


def test_a_client_that_was_merged_twice_over_is_found(world, week):
    claim(world, "cobalt", "Cobalt care")
    send(world)
    send(world, "acme", "cobalt")
    assert clients(world) == {"cobalt"}
    old = world.manager.get(reverse("agreement", args=["birch", "support"]), follow=True)
    assert old.status_code == 200
    assert faults(world.provider) == []


# imports of before and after


def test_the_same_file_changes_nothing_after_a_merge(world, week):
    send(world)
    source = world.upload_bytes(WEEK)
    world.publish(source, publish=("acme", "cobalt"))
    counts = world.fresh(source).result["entries"]
    assert (counts["unchanged"], counts["new"], counts["changed"], counts["removed"]) == (3, 0, 0, 0)
    assert len(world.live("acme")) == 3


def test_a_correction_finds_its_line_after_a_merge(world, week):
    send(world)
    source = world.upload_bytes(WEEK.replace(b"2026-02-03,2,", b"2026-02-03,2.5,"))
    world.publish(source, publish=("acme", "cobalt"))
    with tenant_scope(world.provider):
        retainer = Retainer.objects.get(key="support_birch")
        (entry,) = retainer.entry_set.filter(retired_in=None)
    assert (entry.worked_units, world.fresh(source).result["entries"]["changed"]) == (25000, 1)


def test_an_import_of_before_can_still_be_undone(world, week):
    second = world.upload_bytes(WEEK.replace(b"2026-02-03,2,", b"2026-02-03,2.5,"))
    world.publish(second)
    send(world)
    with tenant_scope(world.provider):
        undo(source=world.fresh(second), by=world.manager.user, at=timezone.now())
        hours = [entry.worked_units for entry in world.live("acme")]
        assert sorted(hours) == [10000, 15000, 20000]
        undo(source=world.fresh(week), by=world.manager.user, at=timezone.now())
    assert (world.live("acme"), faults(world.provider)) == ([], [])
    assert "Undone" in world.page(week)


def test_a_provider_with_merged_clients_is_exported_and_deleted_whole(world, week):
    send(world)
    export(world.provider, by=None).close()
    erase(world.provider, reason="closed")
    assert not Provider.objects.filter(pk=world.provider.pk).exists()


# what speaks against it


def test_two_agreements_that_claim_the_same_rows_are_not_merged(world, week):
    page = seen(world, "cobalt", "acme").content.decode()
    assert "“IT support” of Acme Dental and “IT support” of Cobalt Freight would both take all rows" in page
    assert "fill in “Names of this agreement in your PSA”, or end it before the other begins." in page
    form = world.manager.get(reverse("agreement", args=["acme", "support"]), follow=True).content.decode()
    assert "Names of this agreement in your PSA" in form
    assert "support_cobalt" not in page.split("</section>")[0]
    assert 'name="merge"' not in page
    answer = send(world, "cobalt", "acme")
    assert (answer.status_code, clients(world)) == (422, {"acme", "birch", "cobalt"})


def test_two_agreements_that_name_the_same_agreement_of_the_psa_are_told_by_its_name(world, week):
    claim(world, "acme", "Birch care")
    page = seen(world).content.decode()
    assert "would both take the rows of “Birch care”, from 1 January 2026 on." in page
    assert "take “Birch care” out of “Names of this agreement in your PSA”" in page


def test_a_line_that_would_change_its_agreement_stops_the_merge(world):
    claim(world, "birch")
    source = world.upload_bytes(WEEK)
    world.publish(source)
    claim(world, "acme", "Birch care")
    page = seen(world).content.decode()
    assert "published lines would go to another agreement" in page
    assert send(world).status_code == 422
    assert len(world.live("birch")) == 1


def test_what_was_not_in_view_is_not_merged(world, week):
    mark = hidden(seen(world).content.decode(), "seen")
    with tenant_scope(world.provider):
        Contact.objects.create(client=Client.objects.get(slug="birch"), name="Sam", email="sam@birch.example")
    answer = world.manager.post(address(), {"into": "acme", "seen": mark, "merge": "on"})
    assert (answer.status_code, "changed since you looked" in answer.content.decode()) == (409, True)
    assert "birch" in clients(world)


def test_a_form_sent_twice_merges_once(world, week):
    mark = hidden(seen(world).content.decode(), "seen")
    fields = {"into": "acme", "seen": mark, "merge": "on"}
    world.manager.post(address(), fields)
    again = world.manager.post(address(), fields, follow=True)
    assert "Already merged" in again.content.decode()
    with tenant_scope(world.provider):
        said = {"provider": world.provider, "gone": "birch", "goes_on": "acme", "form": mark}
        assert merge_clients(**said, by=None, at=timezone.now()).slug == "acme"
        assert AuditEvent.objects.filter(action="clients merged").count() == 1


# the guards


@pytest.mark.parametrize("model", [SourceRow, ImportPublication])
def test_a_row_written_once_passes_to_nobody_but_who_took_its_client_over(world, week, model):
    with tenant_scope(world.provider):
        ids: Mapping[str, int] = dict(Client.objects.values_list("slug", "pk"))
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.filter(client=ids["birch"]).update(client=ids["acme"])
    send(world)
    with tenant_scope(world.provider):
        for change in ({"client": ids["cobalt"]}, {"id": 999_999}):
            with pytest.raises(IntegrityError), transaction.atomic():
                model.objects.filter(client=ids["acme"]).update(**change)


def test_what_was_kept_of_a_client_for_the_dashboard_is_kept_anew_of_the_one_that_goes_on(world, week):
    """Dune has no agreement, so nothing of it is kept that Birch's could stand twice with."""
    with tenant_scope(world.provider):
        ClientFactory(provider=world.provider, slug="dune")
        keep_days(world.provider)
    send(world, "birch", "dune")

    assert faults(world.provider) == []
    with tenant_scope(world.provider):
        keep_days(world.provider)
        (today,) = ClientDay.objects.filter(client__slug="dune", day=today_at(world.provider))
        assert today.seal == seal_of(today)
