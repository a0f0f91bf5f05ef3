"""Random histories of a provider's exports, each file imported both ways from the same state: quickly, with the rows
that stand published as they are taken as they stand, and the cycles that run as they are kept, and the whole way.
"""

import csv
from datetime import date, timedelta
from io import StringIO
from random import Random

from django.db import transaction
from django.utils.timezone import now

from accounts.access import today_at, zone_of
from accounts.tenancy import tenant_scope
from desk.dashboard.holding import COLUMNS, of_the_day
from desk.dashboard.keeping import keep_clients
from desk.models import ClientDay
from imports import originals
from imports.judging import provider_setup
from imports.models import EntryChoice, Import, LastFile, RememberedWording, SourceRow, StandingAnswer
from imports.publishing import last_files
from imports.publishing.hindrances import HinderedError
from imports.publishing.options import Options
from imports.publishing.preview import plan_import
from imports.publishing.publish import publish
from imports.publishing.report import report
from imports.publishing.undo import NotUndoableError, undo
from retainers.kept import keeping
from retainers.kept.running import is_running_as_kept, running_of
from retainers.models import Client, CompanyName, Entry, KeptFigures, Publication, StaffName
from retainers.selectors import retainers_of, standings
from tests.imports.uploading import NOW
from tests.model import world
from tests.model.house import House

HEADER = (
    "Entry ID", "Client", "Date", "Start", "End", "Hours", "Billable", "Technician", "Ticket", "Title", "Work type",
    "Notes", "Client description",
)  # fmt: skip
FIRST = date(2026, 2, 2)
COMPANIES = ("Acme", "acme west", "Birch", "Cobalt", "Cobalt")
TITLES = ("Backup check", "Printer jam in bay 3", "Mailbox of Pat full", "VPN drops", "")
KINDS = ("Remote", "Onsite", "Maintenance", "Travel", "No charge", "Private Note")
WORDS = ("", "Backups checked", "Printer repaired", "Called Mel Torres about 10.0.0.7")
ODD = (
    ("Hours", "26"), ("Hours", "-1.5"), ("Hours", "soon"), ("Start", "??"), ("Entry ID", ""), ("Client", "Zeta Corp"),
    ("Date", "2026-02-20"), ("Date", "2020-02-03"), ("Billable", "perhaps"),
)  # fmt: skip


class Psa:
    """What technicians have entered, row by row."""

    def __init__(self, random):
        self.random, self.rows, self.made, self.days = random, {}, 0, 13
        for _ in range(random.randint(12, 30)):
            self.enter()

    def enter(self, **odd):
        random, self.made = self.random, self.made + 1
        begins = random.randint(7, 19)
        row = (
            str(self.made), random.choice(COMPANIES), str(FIRST + timedelta(days=random.randint(0, self.days))),
            f"{begins:02}:00", f"{begins + 2:02}:00", random.choice(("0.25", "0.5", "1", "1.3333", "2")),
            random.choice(("Yes", "Yes", "No", "")), random.choice(("Mel Torres", "Jo Doe", "Kim", "")),
            random.choice(("4711", "4712", "0815", "")), random.choice(TITLES), random.choice(KINDS),
            random.choice(("", "Rebooted SRV-01")), random.choice(WORDS),
        )  # fmt: skip
        self.rows[self.made] = dict(zip(HEADER, row, strict=True)) | odd

    def change(self):
        """One row or several: other hours, title, company, day, or something odd."""
        for number in self.random.sample(sorted(self.rows), min(len(self.rows), self.random.randint(1, 3))):
            what = self.random.choice(("Hours", "Title", "Client", "Date", "Technician", "odd"))
            said = {
                "Hours": "3", "Title": "Printer jam in bay 4", "Client": "Birch", "Date": "2026-02-04",
                "Technician": "Mel Torres",
            }  # fmt: skip
            name, value = self.random.choice(ODD) if what == "odd" else (what, said[what])
            self.rows[number][name] = value

    def forget(self):
        del self.rows[self.random.choice(sorted(self.rows))]

    def file(self):
        """Mostly all of it; a week of it, in another order, or with a row twice, or again with other figures."""
        rows = list(self.rows.values())
        how = self.random.randint(0, 9)
        if how == 0:
            rows = [row for row in rows if row["Date"] >= "2026-02-09"]
        elif how == 1:
            self.random.shuffle(rows)
        elif how == 2 and rows:
            rows.append(rows[0])
        elif how == 3 and rows:
            row, times = self.random.choice(rows), self.random.choice(((4,), (4, 5), (4, 4)))
            rows += [row | {"Hours": str(hours)} for hours in times]
        text = StringIO()
        writer = csv.DictWriter(text, HEADER)
        writer.writeheader()
        writer.writerows(rows)
        return text.getvalue().encode()


class History:
    """A provider and its PSA, from that Monday on. `spared`: how many rows were taken as they stand."""

    def __init__(self, seed, time_machine):
        self.random, self.clock = Random(seed), time_machine
        self.clock.move_to(NOW, tick=False)
        self.document = world.a_file(seed, f"both-{seed}")
        self.house = House(f"both-{seed}", self.document)
        self.provider = self.house.provider
        if self.random.random() < 0.4:
            self.provider.trusted_notes = ["generic"]
            self.provider.save()
        self.psa = Psa(self.random)
        self.spared = 0

    def live(self):
        return Entry.objects.filter(retired_in=None).order_by("pk")

    def happens(self):
        """Something between two files, as often nothing."""
        deeds = (
            self.psa.enter, self.psa.change, self.psa.change, self.psa.forget, self.words, self.memory, self.choice,
            self.rules, self.terms, self.name, self.undo, *[self.wait] * 4, *[lambda: None] * 6,
        )  # fmt: skip
        with tenant_scope(self.provider):
            self.random.choice(deeds)()

    def wait(self):
        """Some days of the cycle pass, or it ends."""
        days = self.random.choice((1, 2, 5, 16))
        self.psa.days += days
        self.clock.move_to(now() + timedelta(days=days), tick=False)

    def words(self):
        entry = self.live().last()
        source = SourceRow.objects.filter(origin=entry.origin).exclude(entry_id="").first() if entry else None
        if source:
            self.house.reword(source.entry_id, self.random.choice(("Looked after it", "Checked the line")))

    def memory(self):
        RememberedWording.objects.update_or_create(
            kind="title", key="backup check", defaults={"text": "Backups looked after", "given_at": now()}
        )

    def choice(self):
        entry = self.live().first()
        if entry and not EntryChoice.objects.filter(origin=entry.origin).exists():
            EntryChoice.objects.create(origin=entry.origin, exclusion="agreed", reason="By phone")

    def rules(self):
        self.document["rules"] = world.some_rules(self.random.randint(0, 999))
        self.house.load(self.document)

    def terms(self):
        self.document["clients"][0]["retainers"][0]["terms"][0]["increment"] = self.random.choice(
            ("0.25", "0.5")
        )
        self.house.load(self.document)

    def name(self):
        client = Client.objects.get(slug="birch")
        CompanyName.objects.get_or_create(name="Zeta Corp", key="zeta corp", defaults={"client": client})

    def undo(self):
        last = Import.objects.filter(state=Import.State.PUBLISHED).order_by("-pk").first()
        if last:
            try:
                with transaction.atomic():
                    undo(source=last, by=None, at=now(), agreed=True)
            except NotUndoableError:
                return

    def options(self):
        random = self.random
        return Options(
            starts=random.choice((None, None, None, date(2026, 2, 1), date(2026, 2, 6))),
            removals=random.choice(("apply", "guarded", "keep")),
            skip_bad_rows=random.random() < 0.9,
            accept=random.choice((("all",), ("all",), ())),
            restate=True,
        )

    def import_both_ways(self):
        """What each way says and writes; the world goes on with the quick one."""
        options, data = self.options(), self.psa.file()
        with tenant_scope(self.provider):
            only = Client.objects.get(slug="acme") if self.random.random() < 0.1 else None
            source = originals.store(
                data=data, file_name="week.csv", client=only, options=options.document(), by=None, at=now()
            )
            with transaction.atomic():
                whole = self._imported(source, whole=True)
                transaction.set_rollback(True)
            source.refresh_from_db()
            return whole, self._imported(source)

    def _imported(self, source, whole=False):
        standing, running = last_files.LastFiles.standing, provider_setup.running_of
        if whole:
            last_files.LastFiles.standing, provider_setup.running_of = (lambda *_: ()), (lambda *_: {})
        try:
            plan = plan_import(source, today=today_at(self.provider))
        finally:
            last_files.LastFiles.standing, provider_setup.running_of = standing, running
        self.spared += sum(len(client.stills) for client in plan.clients)
        try:
            publish(source=source, plan=plan, by=None, at=now())
        except HinderedError as error:
            return {"report": report(plan, published=False), "why": error.hindrances}
        source.refresh_from_db()
        return {"report": report(plan, published=True), "kept": _kept(), **_written(source)}


def cells_of(kept):
    """Of each row that is kept its cells that decide how its file is read."""
    its = kept.cells()
    if its is None:
        return [()] * len(kept.rows)
    columns = {index: its.cells.column(index).each() for index in sorted(its.cells.columns)}
    return [{index: texts[at] for index, texts in columns.items()} for at in its.entries]


def _kept():
    """What is kept for the next file, but for what the database gave."""
    found = []
    for last in LastFile.objects.all():
        kept = last_files.unpacked(bytes(last.kept))
        rows = zip(kept.rows, cells_of(kept), strict=True)
        said = sorted(repr((still, cells)).replace(still.origin, "") for still, cells in rows)
        found.append((last.format, last.whose, last.judged_by, said))
    return found


def _written(source):
    """Every row of the provider that an import can write, but for keys and marks that are given anew each time."""
    entries = Entry.objects.values_list(
        "retainer", "added_in__number", "retired_in__number", "day", "worked_units", "billable_units",
        "deducted_units", "is_billable", "categories", "pool", "exclusion", "parts", "wording", "worded_by",
        "incident", "person", "clock",
    )  # fmt: skip
    sources = SourceRow.objects.values_list(
        "read_in", "client", "format", "line", "entry_id", "ticket", "technician", "title", "columns"
    )
    publications = Publication.objects.values_list(
        "retainer", "number", "kind", "made_at", "version", "coverage", "through", "updated_at", "note"
    )
    return {
        "entries": sorted(map(repr, entries)),
        "sources": sorted(map(repr, sources)),
        "publications": sorted(map(repr, publications)),
        "answers": sorted(
            map(repr, StandingAnswer.objects.values_list("kind", "format", "subject", "value"))
        ),
        "staff": sorted(StaffName.objects.values_list("name", flat=True)),
        "choices": sorted(map(repr, EntryChoice.objects.values_list("exclusion", "reason"))),
        "result": source.result,
        "through": source.through,
    }


def _all_kept(provider):
    """All that is kept of the provider's retainers, and of its clients today."""
    figures = KeptFigures.objects.values_list("retainer", "publication", "until", "code", "figures", "seal")
    today = of_the_day(today_at(provider), zone_of(provider))
    words = ClientDay.objects.filter(today).values_list("client", *COLUMNS, "seal")
    return {each[:2]: each for each in figures}, {each[:2]: each for each in words}


def is_as_worked_out(provider):
    """Whether all that is kept now of the newest publications is what is worked out of the entries."""
    figures, words = _all_kept(provider)
    with transaction.atomic():
        KeptFigures.objects.all().delete()
        ClientDay.objects.all().delete()
        keeping.keep_all(provider)
        keep_clients(provider, today_at(provider))
        figures_anew, words_anew = _all_kept(provider)
        transaction.set_rollback(True)
    newest = figures.keys() & figures_anew.keys(), words.keys() & words_anew.keys()
    assert newest[0] or not figures
    return all(figures[key] == figures_anew[key] for key in newest[0]) and all(
        words[key] == words_anew[key] for key in newest[1]
    )


def running_holds_on_each_day(provider):
    """Of each cycle that runs and is kept, day by day: whether it is what the entries come to then."""
    for retainer in retainers_of():
        day, head = today_at(provider), {retainer.pk: retainer.publication}
        while running_of(head, day):
            (standing,) = standings([retainer], on=day, zone=zone_of(provider))
            yield is_running_as_kept(retainer.publication, standing.cycles, day)
            day += timedelta(days=1)
