"""What an import leaves alone: a client of whom nothing changes gets no publication, its page says what it said."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.tenancy import tenant_scope
from imports.models import ImportPublication
from imports.publishing import plan, report
from imports.publishing.plan import ClientPlan
from imports.publishing.preview import preview
from retainers.models import Client, Publication
from tests.factories import ClientFactory, a_retainer, an_agreement
from tests.imports.uploading import row

WORK = row(1, "Acme Dental", "2026-02-10", "2")


def number_of_publications(world):
    with tenant_scope(world.provider):
        return {
            client.slug: Publication.objects.filter(retainer__client=client).count()
            for client in Client.objects.all()
        }


def publish(world, *rows, **said):
    source = world.upload(*rows, **said)
    return source, world.publish(source, publish=("acme", "birch", "cobalt", "delta"))


def test_the_same_file_again_writes_no_row_of_work(world):
    publish(world, WORK)
    with CaptureQueriesContext(connection) as asked:
        publish(world, WORK)

    written = [each["sql"] for each in asked if each["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    tables = ("retainers_entry", "imports_sourcerow", "retainers_publication")
    assert written
    assert not [sql for sql in written for table in tables if f'"{table}"' in sql]


def a_client_with_a_cadence(world):
    with tenant_scope(world.provider):
        client = ClientFactory(provider=world.provider, slug="delta", name="Delta Law")
        a_retainer(client, an_agreement(updates_on=("mon", "thu")))


def test_the_same_file_again_publishes_nothing(world):
    publish(world, WORK)
    before = number_of_publications(world)

    source, page = publish(world, WORK)

    assert number_of_publications(world) == before
    assert "It changes nothing." in page
    assert world.fresh(source).state == "published"


def test_a_later_covers_through_date_is_published_for_every_client_that_it_moves(world):
    publish(world, WORK)
    before = number_of_publications(world)

    publish(world, WORK, through="2026-02-13")

    assert number_of_publications(world) == {slug: count + 1 for slug, count in before.items()}


def test_only_the_client_whose_entries_change_gets_a_publication(world):
    publish(world, WORK)
    before = number_of_publications(world)

    publish(world, WORK, row(2, "Birch & Lowe", "2026-02-10", "1"))

    assert number_of_publications(world) == {**before, "birch": before["birch"] + 1}


def test_words_alone_are_published_for_their_client(world):
    publish(world, WORK)
    before = number_of_publications(world)
    source = world.upload(WORK)

    world.publish(source, **{"words-2": "Backups checked"})

    assert world.words("acme") == ["Backups checked"]
    assert number_of_publications(world) == {**before, "acme": before["acme"] + 1}


def test_where_the_day_of_the_next_update_moves_that_is_published(world, time_machine):
    a_client_with_a_cadence(world)
    publish(world, WORK)
    before = number_of_publications(world)
    time_machine.move_to("2026-02-19T12:00:00Z", tick=False)  # the promised Thursday
    world.manager.force_login(world.manager.user)  # a session that slept for a day is over

    _source, page = publish(world, WORK)

    assert number_of_publications(world) == {**before, "delta": before["delta"] + 1}
    assert "Published for 1 client." in page  # the date that it is covered through stays


def test_a_second_file_before_the_promised_day_moves_no_promise(world, time_machine):
    a_client_with_a_cadence(world)
    publish(world, WORK)
    before = number_of_publications(world)
    time_machine.move_to("2026-02-18T12:00:00Z", tick=False)
    world.manager.force_login(world.manager.user)  # a session that slept for a day is over

    publish(world, WORK)

    assert number_of_publications(world) == before


def test_the_result_says_for_whom_nothing_changed_and_that_nobody_was_held(world):
    publish(world, WORK)

    _, page = publish(world, WORK)

    assert "Nothing changed for Acme Dental, Birch &amp; Lowe and Cobalt Freight." in page
    assert "held back" not in page
    assert "Published for 0" not in page


def test_a_client_of_whom_nothing_changed_can_have_the_import_before_taken_back(world):
    first, _ = publish(world, WORK)
    publish(world, WORK)

    page = world.post("undo_import", first)

    assert world.live("acme") == []
    assert "undo that one first" not in page


def test_the_list_of_imports_says_for_how_many_clients_each_published(world):
    publish(world, WORK)
    publish(world, WORK)

    page = world.manager.get(reverse("imports")).content.decode()

    assert page.index("No client: nothing changed") < page.index("3 clients")


WHOLE_RESULT = ', "imports_import"."result"'


@pytest.mark.parametrize("path", ["/admin/imports/", "/clients/acme/history/"])
def test_no_page_of_many_imports_reads_or_compares_what_each_of_them_kept_as_its_result(world, path):
    publish(world, WORK)

    with CaptureQueriesContext(connection) as asked:
        page = world.manager.get(path).content.decode()

    assert "week.csv" in page
    assert "1 new" in page or path != "/admin/imports/"
    said = [query["sql"] for query in asked.captured_queries if '"imports_import"' in query["sql"]]
    assert not any(WHOLE_RESULT in sql for sql in said)
    assert not any("DISTINCT" in sql and "COUNT(DISTINCT" not in sql for sql in said)


def test_a_report_asks_each_client_once_whether_it_goes_out(world, monkeypatch):
    source = world.upload(WORK)
    with tenant_scope(world.provider):
        seen = preview(source, today=source.uploaded_at.date())
    asked = []
    blocked = ClientPlan.blocked.fget
    monkeypatch.setattr(
        plan.ClientPlan, "blocked", property(lambda self: asked.append(self) or blocked(self))
    )

    report.report(seen, published=False)

    assert len(seen.clients) == 3
    assert len(asked) <= 3 * len(seen.clients)


def test_each_publication_of_an_import_is_tied_to_it(world):
    source, _ = publish(world, WORK)
    with tenant_scope(world.provider):
        assert ImportPublication.objects.filter(made_by=source).count() == 3
