"""The statement that a client prints: what was stated, and never what the page says by now."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Provider
from accounts.tenancy import tenant_scope
from portal.statement import MARKS
from portal.templatetags.figures import kept_together
from retainers import publishing
from retainers.issued import said_of, whole_document
from retainers.models import Client, Entry, Publication, Statement
from retainers.selectors import retainers_of, standings
from retainers.settling.acts import CycleKey, seen_of
from retainers.stated import closed_cycle
from retainers.statements import document_of, issue
from retainers.terms import Multiplier
from tests.desk.acting import NOW, publish
from tests.factories import an_agreement, publish_work
from tests.world import address, world  # noqa: F401

END = date(2026, 5, 31)


@pytest.fixture
def state(retainer):
    def state(at, reason=""):
        with tenant_scope(retainer.provider):
            (standing,) = standings(retainers_of(), on=NOW.date(), zone=ZoneInfo("UTC"))
            may = CycleKey(standing.retainer.pk, date(2026, 5, 1))
            form = seen_of([may]).mark
            return issue(standing=standing, cycle_starts=may.starts, form=form, by=None, at=at, reason=reason)

    publish(retainer, date(2026, 5, 4), "2", at=datetime(2026, 6, 1, 9, tzinfo=UTC), through=END)
    return state


@pytest.fixture
def path(address):  # noqa: F811
    return f"{address}statement/2026-05-01/?retainer=support"


def test_nothing_is_there_before_it_was_issued(client, path, state):
    assert client.get(path).status_code == 404


def test_a_statement_says_its_figures_and_when_it_was_stated(client, path, state):
    state(datetime(2026, 6, 2, 9, tzinfo=UTC))
    page = client.get(path).text
    for word in ("Statement for May 2026", "As first stated on 2 June 2026", "2.00", "8.00", "Acme Dental"):
        assert word in page
    assert "shows different figures" not in page
    assert "Provisional" not in page


def test_what_is_published_later_leaves_it_and_is_said(client, path, state, retainer):
    state(datetime(2026, 6, 2, 9, tzinfo=UTC))
    publish(retainer, date(2026, 5, 5), "1.25", at=NOW, through=END)
    page = client.get(path).text
    assert "shows different figures" in page
    assert "3.25" not in page


def test_a_restatement_stands_beside_the_first_with_its_reason(client, path, state, retainer):
    state(datetime(2026, 6, 2, 9, tzinfo=UTC))
    etag = client.get(path).headers["ETag"]
    publish(retainer, date(2026, 5, 5), "1.25", at=datetime(2026, 6, 3, tzinfo=UTC), through=END)
    state(datetime(2026, 6, 4, 9, tzinfo=UTC), "A visit was missing")
    again = client.get(path, headers={"If-None-Match": etag})
    assert "As restated on 4 June 2026: A visit was missing" in again.text
    assert "2.00" in again.text
    assert "3.25" in again.text
    assert "shows different figures" not in again.text


def test_the_closed_cycles_page_leads_to_it(client, address, path, state):  # noqa: F811
    cycle = f"{address}?retainer=support&cycle=2026-05-01"
    before = client.get(cycle)
    assert "statement/" not in before.text
    state(datetime(2026, 6, 2, 9, tzinfo=UTC))
    after = client.get(cycle, headers={"If-None-Match": before.headers["ETag"]})
    assert 'href="statement/2026-05-01/?retainer=support"' in after.text
    assert "statement/" not in client.get(address).text


@pytest.mark.parametrize("wrong", ["2026-04-01/", "2026-05-02/", "never/", "2026-05-01/?retainer=other"])
def test_another_day_or_retainer_has_none(client, address, state, wrong):  # noqa: F811
    state(datetime(2026, 6, 2, 9, tzinfo=UTC))
    assert client.get(f"{address}statement/{wrong}").status_code == 404


def test_an_unknown_token_has_none(client, state):
    assert client.get(f"/b/{'x' * 43}/statement/2026-05-01/").status_code == 404


def parts_of(html):
    """Heading, figures, rates and logs, as they are written on the page, up to what was stated when."""
    return html[html.index("<h1") : html.index('aria-labelledby="stated"')]


def rated(agreement, rate, names, factor):
    """The agreement with that rate and factor, and with names of its own: of it, of its pool, of the multiplier."""
    (terms,) = agreement.terms
    changed = replace(
        terms,
        pools=(replace(terms.pools[0], name=names[1]),),
        overage="bill",
        overage_rate=Decimal(rate),
        multipliers=(Multiplier("afterhours", names[2], Decimal(factor)),),
    )
    return replace(agreement, name=names[0], terms=(changed,))


def publish_terms(retainer, agreement, at):
    with tenant_scope(retainer.provider):
        locked = publishing.lock([retainer.pk])[retainer.pk]
        publishing.save_version(retainer=locked, agreement=agreement, at=at, by=None)
        publishing.Press(Publication.Kind.AGREEMENT, at, None).publication(locked)


BEFORE = ("Old name", "Old pool", "After hours")
AFTER = ("New name", "New pool", "Nights")


@pytest.fixture
def may(retainer, state):
    """Twelve hours: one visit at twice its five hours, and the two of before."""
    at = datetime(2026, 6, 2, 8, tzinfo=UTC)
    publish_terms(retainer, rated(an_agreement(), "165", BEFORE, "2"), at)
    publish_work(
        retainer, (date(2026, 5, 6), "5"), through=END, at=at, wording="Old words", categories=["afterhours"]
    )


@pytest.fixture
def stated(may, state):
    return state(datetime(2026, 6, 2, 9, tzinfo=UTC))


@pytest.fixture
def older(may, retainer):
    """State May as it was done before the log was kept: with its cycle and how far it is covered, no more."""

    def older(**said):
        with tenant_scope(retainer.provider):
            (standing,) = standings(retainers_of(), on=NOW.date(), zone=ZoneInfo("UTC"))
            whole = document_of(standing, date(2026, 5, 1))
            cycle = {**whole["cycle"], "total": {**whole["cycle"]["total"], **said}}
            Statement.objects.create(
                retainer=standing.retainer,
                cycle_starts=date(2026, 5, 1),
                number=1,
                publication=standing.publication,
                document={"cycle": cycle, "through": whole["through"]},
                issued_at=datetime(2026, 6, 1, 9, tzinfo=UTC),
            )

    return older


def everything_changes(retainer):
    """Another rate, names and factors, another name of the client; each line with other words, and one more."""
    at = datetime(2026, 6, 10, 9, tzinfo=UTC)
    publish_terms(retainer, rated(an_agreement(), "999", AFTER, "3"), at)
    with tenant_scope(retainer.provider):
        old = list(Entry.objects.filter(retired_in=None))
    publish(retainer, date(2026, 5, 7), "1", at=at, through=END, retires=old)
    publish_work(
        retainer, (date(2026, 5, 6), "4"), through=END, at=at, wording="New words", categories=["afterhours"]
    )
    with tenant_scope(retainer.provider):
        Client.objects.filter(pk=retainer.client_id).update(name="New company")


def test_a_statement_shows_the_log_and_the_rates_that_it_was_issued_with(client, path, stated):
    said = parts_of(client.get(path).text)
    for words in (
        "Old words",
        kept_together("5.0 h × 2 after hours = 10.0 h"),
        "Old name",
        "$165",
        "12.00",
        kept_together("After hours (× 2)"),
    ):
        assert words in said
    (row,) = re.findall(r"<bdi>After hours \(×\s2\)</bdi></th>(.*?)</tr>", said)
    assert re.findall(r">([\d.]+)<", row) == ["5.00", "5.00", "10.00"]


def test_whatever_changes_an_issued_statement_stays_the_same_to_the_byte(client, path, stated, retainer):
    before = parts_of(client.get(path).text)
    everything_changes(retainer)
    after = client.get(path).text
    assert parts_of(after) == before
    assert "shows different figures" in after


def test_a_restated_cycle_shows_both_logs_each_with_its_own_words_and_rate(
    client,
    path,
    stated,
    state,
    retainer,
):
    everything_changes(retainer)
    state(datetime(2026, 6, 11, 9, tzinfo=UTC), "Counted anew")
    said = parts_of(client.get(path).text)
    newest, first = said.split('<h2 id="log-name">')[1].split('<h2 id="log-first-name">')
    assert kept_together("4.0 h × 3 nights = 12.0 h") in newest
    assert "New words" in newest
    assert "Old words" not in newest
    assert kept_together("5.0 h × 2 after hours = 10.0 h") in first
    assert "Old words" in first
    assert "New words" not in first
    for rate in ("$165", "$999"):
        assert rate in said


def test_an_older_statement_has_the_log_of_its_publication_wherever_the_provider_is(
    client, path, older, retainer
):
    older()
    Provider.objects.update(timezone="Pacific/Pago_Pago")  # where it was stated on the last evening of May
    before = parts_of(client.get(path).text)
    assert kept_together("5.0 h × 2 after hours = 10.0 h") in before
    everything_changes(retainer)
    assert parts_of(client.get(path).text) == before.replace("Acme Dental", "New company")


def test_an_older_statement_that_was_counted_otherwise_says_so(client, path, older):
    older(used="11.00")
    assert kept_together("come to 12.0 h, while the statement says 11.0 h") in client.get(path).text


def test_the_log_of_a_statement_is_read_in_the_readers_language(client, path, stated):
    said = client.get(path, headers={"accept-language": "de"}).text
    assert "Wie die Stunden gezählt wurden" in said
    assert "Eine Stunde über dem Kontingent" in said


def test_the_fee_is_for_the_providers_own_people(client, path, state, retainer):
    agreement = rated(an_agreement(), "165", BEFORE, "2")
    with_fee = replace(agreement, terms=(replace(agreement.terms[0], fee=Decimal("2417")),))
    publish_terms(retainer, with_fee, datetime(2026, 6, 2, 8, tzinfo=UTC))
    made = state(datetime(2026, 6, 2, 9, tzinfo=UTC))
    assert made.document["fee"] == "2417.00"
    assert "2,417" not in client.get(path).text


def test_figures_stated_twice_on_one_day_say_at_what_time(client, path, stated, state, retainer):
    at = datetime(2026, 6, 2, 10, tzinfo=UTC)
    publish_work(retainer, (date(2026, 5, 7), "3"), through=END, at=at, wording="More", categories=[])
    state(datetime(2026, 6, 2, 15, 30, tzinfo=UTC), "Came late")
    said = client.get(path).text
    heads = re.findall(r'<th scope="col">((?:Restated|Stated) on .*?)</th>', said)
    assert heads == ["Stated on 2 June 2026, 9 a.m.", "Restated on 2 June 2026, 3:30 p.m."]
    assert re.findall(r'data-label="Stated on 2 June 2026, 9 a.m.">([\d.]+)<', said)[:2] == ["10.00", "12.00"]


@pytest.fixture
def outage(retainer, state):
    """Two people on one ticket on 12 May, one of them again the day after, and a visit of no ticket."""
    at = datetime(2026, 6, 1, 12, tzinfo=UTC)
    may = [("1.9", date(2026, 5, 12), "p1"), ("1.9", date(2026, 5, 12), "p2"), ("1", date(2026, 5, 13), "p1")]
    for hours, day, person in may:
        publish_work(
            retainer, (day, hours), through=END, at=at, wording="Mail down", incident="t1", person=person
        )
    publish_work(retainer, (date(2026, 5, 12), "1"), through=END, at=at, wording="Visit")


def test_the_lines_of_one_ticket_on_one_day_stand_as_one_with_their_sum(client, path, outage, state):
    state(datetime(2026, 6, 2, 9, tzinfo=UTC))
    said = parts_of(client.get(path).text)
    (incident,) = re.findall(r"<details.*?</details></td><td>[\d.]+</td>", said, re.S)
    words = re.sub(r"<[^>]+>", " ", incident).replace("\xa0", " ")
    assert "2 people" in words
    assert re.findall(r"\d\.\d\d", words) == ["1.90", "1.90", "3.80"]
    assert kept_together("4.8 h so far") in said
    balance = client.get(path.replace("statement/2026-05-01/", "") + "&cycle=2026-05-01").text
    assert incident in re.sub(r' <a class="q".*?</a>', "", balance)


def test_a_log_whose_lines_have_no_marks_is_the_same_log(client, path, outage, state, retainer):
    """A statement of before the marks were written down has each line by itself, and is not shown as another log."""
    at = datetime(2026, 6, 2, 9, tzinfo=UTC)
    with tenant_scope(retainer.provider):
        (standing,) = standings(retainers_of(), on=NOW.date(), zone=ZoneInfo("UTC"))
        cycle = closed_cycle(standing, date(2026, 5, 1))
        whole = whole_document(standing, cycle, said_of([cycle]))
        bare = [{k: v for k, v in line.items() if k not in MARKS} for line in whole["log"]]
        figures = {**whole["cycle"], "overage_amount": "1.00"}
        Statement.objects.create(
            retainer=standing.retainer,
            cycle_starts=date(2026, 5, 1),
            number=1,
            publication=standing.publication,
            document={**whole, "cycle": figures, "log": bare},
            issued_at=at,
        )
    assert "<details" not in parts_of(client.get(path).text)
    state(at + timedelta(hours=1), "The price was wrong")
    said = parts_of(client.get(path).text)
    assert said.count("<details") == 1
    assert "log-first" not in said
