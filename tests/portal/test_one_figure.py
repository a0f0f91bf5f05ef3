"""One figure, wherever a client meets it: page, JSON, CSV, calendar, badge, embed, mail, statement and its PDF."""

import csv
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from html import unescape
from io import BytesIO, StringIO
from random import Random
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import transaction
from icalendar import Calendar
from pypdf import PdfReader

from accounts import outbox
from accounts.models import OutboxMail
from accounts.tenancy import tenant_scope
from alerts import watches
from alerts.models import Watch
from portal import links
from portal.badges import make_badge
from retainers import granting
from retainers.selectors import retainers_of, standings
from retainers.settling.acts import CycleKey
from retainers.settling.acts import seen_of as cycles_seen
from retainers.statements import issue
from retainers.terms import Agreement, Multiplier, Pool, Rollover, Terms, TopUp
from tests.examples import seeds
from tests.factories import ClientFactory, ProviderFactory, a_retainer, publish_work

YEAR, MAY = date(2026, 1, 1), date(2026, 5, 1)
NOW = datetime(2026, 6, 22, 12, tzinfo=UTC)
FIGURE = r"([\d,]*\d(?:\.\d+)?)"
Figures = list[tuple[Decimal, Decimal]]  # what is left and what is over, account by account


def drawn_agreement(chance: Random) -> Agreement:
    """Any agreement: a bank, two pools apart or together, or a block, under every policy for hours over."""
    count = chance.choice([1, 1, 2])
    hours = [
        Decimal(0) if chance.random() < 0.2 and count == 1 else _hundredths(chance, 30) for _ in range(count)
    ]
    keys = ["main", "second"][:count]
    overage = chance.choice(["bill", "queue", "decline"])
    terms = Terms(
        YEAR,
        tuple(Pool(key, key.title(), hours[at]) for at, key in enumerate(keys)),
        hours_from="worked",
        increment=chance.choice([None, Decimal("0.1"), Decimal("0.25")]),
        multipliers=(Multiplier("after_hours", "After hours", chance.choice([Decimal("1.5"), Decimal(2)])),),
        sharing=chance.choice(["separate", "shared"]),
        overage=overage,
        overage_rate=Decimal("165") if overage == "bill" else None,
        rollover=chance.choice([None, Rollover(hours=Decimal(5), cycles=2)]),
    )
    return Agreement("support", "IT support", YEAR, (terms,), updates_on=("mon",))


def _hundredths(chance: Random, most: int) -> Decimal:
    return Decimal(chance.randrange(1, most * 100)) / 100


@pytest.fixture
def house(transactional_db, time_machine):
    time_machine.move_to(NOW, tick=False)
    provider = ProviderFactory(timezone="UTC")
    with tenant_scope(provider):
        return ClientFactory(provider=provider, slug="acme")


def worked(retainer, agreement: Agreement, chance: Random) -> None:
    """Work in hundredths over May and June, of both kinds and in every pool."""
    pools = [pool.key for pool in agreement.terms[0].pools]
    for at in (datetime(2026, 6, 2, 9, tzinfo=UTC), datetime(2026, 6, 19, 9, tzinfo=UTC)):
        month = at.month - 1 if at.day == 2 else at.month
        for pool in pools:
            for kinds in ([], ["after_hours"]):
                days = [date(2026, month, chance.randrange(1, 19)) for _ in range(chance.randrange(4))]
                works = [(day, str(_hundredths(chance, 6))) for day in days]
                with transaction.atomic():
                    publish_work(retainer, *works, at=at, pool=pool, categories=kinds)


def stated(retainer) -> None:
    zone = ZoneInfo("UTC")
    (standing,) = standings(retainers_of(), on=NOW.date(), zone=zone)
    form = cycles_seen([CycleKey(retainer.pk, MAY)]).mark
    issue(standing=standing, cycle_starts=MAY, form=form, by=None, at=NOW)


def told_by_mail(link, retainer) -> str:
    """The mail about an update, which says every account."""
    watches.ask(
        link=link, wish=watches.Wish(retainer, "", "updated", 0, "kim@acme.example", "m" * 22), at=NOW
    )
    Watch.objects.update(confirmed_at=NOW, told="2026-01-01")
    call_command("tick", stdout=StringIO())
    mail = OutboxMail.objects.get(kind="watch_told")
    return outbox.message(mail).body.split("The figures cover")[0].partition("IT support")[2]


def said(figure: str) -> Decimal:
    return Decimal(figure.replace(",", ""))


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def on_page(html: str) -> Figures:
    numbers = html.split('<div class="numbers">')[1].split('<div class="beside">')[0]
    blocks = re.findall(r'<p class="(?:left|of-pool)">(.*?)</p>', numbers, flags=re.DOTALL)
    return [_of(text_of(block), rf"^{FIGURE}", rf"{FIGURE} over") for block in blocks]


def in_lines(text: str, unit: str) -> Figures:
    """Each account's part of a text: a figure, its unit, and what is over."""
    each = re.finditer(rf"{FIGURE} (?:{unit})[^\n·]*", text)
    return [_of(found.group(0), rf"^{FIGURE}", rf"{FIGURE} over") for found in each]


def _of(text: str, left: str, over: str) -> tuple[Decimal, Decimal]:
    past = re.search(over, text)
    return said(re.search(left, text)[1]), said(past[1]) if past else Decimal(0)


def in_json(retainer: dict) -> Figures:
    cycle = retainer["cycle"]
    over = {each["pool"]: each["overage"] for each in cycle["pools"] if "overage" in each}
    return [
        (
            Decimal(left),
            Decimal(over.get(key, cycle["total"]["overage"]) if key else cycle["total"]["overage"]),
        )
        for key, left in retainer["left"].items()
    ]


@pytest.mark.parametrize("seed", seeds(3, 16))
def test_every_face_of_an_account_says_the_same_figure_to_the_hundredth(client, house, seed):
    chance = Random(seed)  # terms, not secrets
    agreement = drawn_agreement(chance)
    retainer = a_retainer(house, agreement)
    with tenant_scope(house.provider):
        retainer.refresh_from_db()
        bought = [TopUp(date(2026, 5, 3), _hundredths(chance, 20), "main", note="PO 1")]
        form = granting.seen_of(retainer, top_ups=bought).mark
        granting.grant_hours(
            retainer=retainer, top_ups=bought, form=form, by=None, at=NOW - timedelta(days=30)
        )
        worked(retainer, agreement, chance)
        link, token = links.create(client=house, by=None)
        _badge, badge = make_badge(client=house, sites=[], by=None)
        stated(retainer)
        mail = told_by_mail(link, retainer)
    page = f"/b/{token}/"
    (as_json,) = client.get(f"{page}balance.json").json()["retainers"]
    expected = in_json(as_json)
    assert len(expected) == (1 if agreement.terms[0].sharing == "shared" else len(agreement.terms[0].pools))

    drawn = client.get(f"/b/badge/{badge}.svg").text
    picture = unescape(re.search(r"<text[^>]*>(.*?)</text>", drawn)[1])
    calendar = Calendar.from_ical(client.get(f"{page}calendar.ics").content).walk("VEVENT")
    told = [str(event["DESCRIPTION"]) for event in calendar if "DESCRIPTION" in event]
    faces = {
        "page": on_page(client.get(page).text),
        "badge": in_lines(picture, "h left"),
        "embed": in_lines(text_of(client.get(f"/b/badge/{badge}/").text), "h left"),
        "mail": in_lines(mail, "hours? remaining|left|of"),
        **({"calendar": in_lines(told[0], "hours? remaining|left|of")} if told else {}),
    }
    assert faces == dict.fromkeys(faces, expected)

    rows = list(csv.reader(StringIO(client.get(f"{page}log.csv").content.decode("utf-8-sig"))))
    used = as_json["block"]["used"] if "block" in as_json else as_json["cycle"]["total"]["used"]
    assert Decimal(rows[-1][5]) == Decimal(used) == sum(Decimal(row[5]) for row in rows[1:-1])

    (may,) = client.get(f"{page}balance.json?cycle=2026-05-01").json()["retainers"]
    paper = PdfReader(BytesIO(client.get(f"{page}statement/2026-05-01/statement.pdf").content))
    printed = " ".join(" ".join(sheet.extract_text() for sheet in paper.pages).split())
    shown = text_of(client.get(f"{page}statement/2026-05-01/").text)
    for name in ("used", "remaining", "overage"):
        figure = f"{Decimal(may['cycle']['total'][name]):,.2f}"
        if Decimal(may["cycle"]["total"][name]) and len(expected) == 1:
            assert figure in shown, name
            assert figure in printed, name
