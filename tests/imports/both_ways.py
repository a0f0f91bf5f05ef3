"""Random histories of a provider's exports, each file imported both ways from the same state: quickly, with the rows
that stand published as they are taken as they stand, and the cycles that run as they are kept, and the whole way.
"""

import tomllib
from contextlib import suppress
from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from django.db import transaction
from django.utils.timezone import now

from accounts.access import today_at, zone_of
from accounts.tenancy import tenant_scope
from desk.clients.merging import MergeRefusedError, merge_clients
from desk.dashboard.holding import COLUMNS, of_the_day
from desk.dashboard.keeping import keep_clients
from desk.models import ClientDay
from imports import originals
from imports.judging import provider_setup
from imports.judging.merging import find_merge
from imports.models import (
    DraftWording,
    EntryChoice,
    Import,
    LastFile,
    RememberedWording,
    SourceRow,
    StandingAnswer,
)
from imports.publishing import last_files
from imports.publishing.hindrances import HinderedError
from imports.publishing.options import Options
from imports.publishing.preview import plan_import
from imports.publishing.publish import publish
from imports.publishing.report import report
from imports.publishing.undo import NotUndoableError, undo
from imports.reading.rows import UnreadableFileError
from imports.saved_mappings import save_mapping
from retainers.agreements import AgreementError
from retainers.agreements.writing import write_file
from retainers.kept import keeping
from retainers.kept.running import is_running_as_kept, running_of
from retainers.merging import client_called
from retainers.models import Client, CompanyName, Entry, KeptFigures, Publication, StaffName
from retainers.selectors import retainers_of, standings
from retainers.standing_file import state
from tests.imports.history_files import HandBook, Psa, own_mapping
from tests.imports.uploading import NOW
from tests.model import world
from tests.model.house import House


class History:
    """A provider and its PSA, from that Monday on. `spared`: how many rows were taken as they stand."""

    def __init__(self, seed, time_machine):
        self.random, self.clock = Random(seed), time_machine
        self.clock.move_to(NOW, tick=False)
        self.document = world.a_file(seed, f"both-{seed}")
        if self.random.random() < 0.7:  # so that Cobalt may become a part of another client
            self.document["clients"][2]["retainers"][0]["psa_agreements"] = ["Managed"]
        self.house = House(f"both-{seed}", self.document)
        self.provider = self.house.provider
        if self.random.random() < 0.4:
            self.provider.trusted_notes = ["generic", "own 14"]
            self.provider.save()
        with tenant_scope(self.provider):
            for with_ids in (True, False):
                save_mapping(mapping=own_mapping(with_ids=with_ids), by=None, at=now())
        self.psa, self.hours = Psa(self.random), HandBook(self.random)
        self.by_hand = self.random.choice((0.1, 0.1, 0.7))  # of so many files
        self.spared = 0

    def live(self):
        return Entry.objects.filter(retired_in=None).order_by("pk")

    def happens(self):
        """Something between two files, as often nothing."""
        deeds = (
            self.psa.enter, self.psa.change, self.psa.change, self.psa.forget, self.words, self.memory, self.choice,
            self.rules, self.terms, self.name, self.undo, self.merge, self.passes_on, *[self.wait] * 4,
            *[lambda: None] * 6,
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
        client = client_called("birch")
        CompanyName.objects.get_or_create(name="Zeta Corp", key="zeta corp", defaults={"client": client})

    def passes_on(self):
        """A company's name goes to another client, with its lines, or comes back."""
        document = deepcopy(self.document)
        known = {client["slug"]: client.setdefault("psa_names", []) for client in document["clients"]}
        one = next((slug for slug, names in known.items() if "Acme West" in names), None)
        if one:
            known.pop(one).remove("Acme West")
            self.random.choice(list(known.values())).append("Acme West")
            with suppress(AgreementError):  # no agreement there takes one of the lines
                self.house.load(document)
                self.document = document

    def merge(self):
        """Two clients become one, where nothing speaks against it."""
        gone, goes_on = self.random.sample(list(Client.objects.order_by("slug")), 2)
        said = {"gone": gone.slug, "goes_on": goes_on.slug, "by": None, "at": now()}
        form = find_merge(self.provider, gone, goes_on).seen.mark
        with suppress(MergeRefusedError):
            merge_clients(provider=self.provider, form=form, **said)
            self.document = tomllib.loads(write_file(state(self.provider)))

    def undo(self):
        last = Import.objects.filter(state=Import.State.PUBLISHED).order_by("-pk").first()
        if last:
            with suppress(NotUndoableError), transaction.atomic():
                undo(source=last, by=None, at=now(), agreed=True)

    def options(self):
        random = self.random
        return Options(
            starts=random.choice((None, None, None, date(2026, 2, 1), date(2026, 2, 6))),
            removals=random.choice(("apply", "guarded", "keep")),
            skip_bad_rows=random.random() < 0.9,
            accept=random.choice((("all",), ("all",), ())),
            restate=True,
            replace=random.choice(("own 14", "own 13", "by_hand", *[""] * 27)),
        )

    def upload(self):
        """The next file: an export, seldom of one client alone, or hours by hand."""
        random, of_all = self.random, list(Client.objects.order_by("slug"))
        by_hand = random.random() < self.by_hand
        if by_hand:
            data, only, options = self.hours.file(), random.choice((*of_all[:1] * 9, *of_all)), self.options()
            if random.random() < 0.9:
                options = replace(options, removals="keep", starts=None, replace="")
        else:
            data, options = self.psa.file(), self.options()
            only = random.choice(of_all) if random.random() < 0.15 else None
        said = {"client": only, "options": options.document(), "by": None, "at": now()}
        source = originals.store(data=data, file_name="week.csv", **said)
        if by_hand and random.random() < 0.3:
            words = {2: "Moved a desk", 3: "Called Mel Torres about 10.0.0.7"}
            drafts = (DraftWording(draft_of=source, line=line, text=text) for line, text in words.items())
            DraftWording.objects.bulk_create(drafts)
        return source

    def import_both_ways(self):
        """What each way says and writes; the world goes on with the quick one."""
        with tenant_scope(self.provider):
            source, hold = self.upload(), self.random.random() < 0.3
            with transaction.atomic():
                whole = self._imported(source, hold, whole=True)
                transaction.set_rollback(True)
            source.refresh_from_db()
            return whole, self._imported(source, hold)

    def _imported(self, source, hold, whole=False):
        """`hold`: clients of whom rows are refused are held back."""
        standing, running = last_files.LastFiles.standing, provider_setup.running_of
        if whole:
            last_files.LastFiles.standing, provider_setup.running_of = (lambda *_: ()), (lambda *_: {})
        try:
            plan = replace(plan_import(source, today=today_at(self.provider)), holds_refused=hold)
        except UnreadableFileError as error:
            return {"unreadable": error.problems}
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
