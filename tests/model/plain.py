"""The plain reference: what technicians entered, what is published of it, and how a deed changes either.

No line of the product is used. What a balance is, `tests.acceptance.reference` says; here stands which entries and
which agreements it is asked about. An entry is known by its id in the PSA, a line of the tracker, which gives none,
by its content: equal lines are that many entries.
"""

from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tests.acceptance import reference

NOBODY = "Zeta Corp"
LIFE = date(2026, 1, 1)


@dataclass
class Brought:
    """What one import has changed: the entries that it put in, those that stood there before, and for whom."""

    number: int
    put: dict
    took: dict


@dataclass
class Plain:
    file: dict
    psa: dict = field(default_factory=dict)  # what technicians have entered, by id
    live: dict = field(default_factory=dict)  # what is published, by id
    lines: Counter = field(default_factory=Counter)  # what the tracker's files brought, by content
    imports: list = field(default_factory=list)
    words: dict = field(default_factory=dict)  # what a person wrote, by id
    approved: dict = field(default_factory=dict)  # by client and the cycle's first day
    made: int = 0

    # Who is who

    def client(self, slug):
        return next(each for each in self.file["clients"] if each["slug"] == slug)

    def retainer(self, slug):
        return self.client(slug)["retainers"][0]

    def owner(self, row):
        found = reference.client_of(self.file, row)
        return found["slug"] if found else None

    def published(self, slug):
        """The rows that stand on a client's page."""
        rows = [*self.live.values(), *(dict(line) for line in self.lines.elements())]
        return [row for row in rows if self.owner(row) == slug]

    def pool(self, row):
        """The pool that the row falls into, as its cycle's terms have pools."""
        retainer = self.retainer(self.owner(row))
        *_, (first, *_rest) = reference.cycles(retainer, row["date"])
        keys = [pool["key"] for pool in reference.terms_on(retainer, first)["pools"]]
        wanted = reference.judged(self.file, retainer, row, (row["date"], row["start"]))[1]
        return wanted if wanted in keys else keys[0]

    # Balances

    def balances(self, slug, on):
        """The client's cycles, with what was agreed to past the cap."""
        retainer = self.retainer(slug)
        cycles = reference.balances(self.file, retainer, self.published(slug), on)
        for cycle in cycles:
            terms = reference.terms_on(retainer, cycle["starts"])
            cycle["approved"] = self.approved.get((slug, cycle["starts"]), Decimal(0))
            if terms.get("overage", "decline") == "decline":
                agreed = min(cycle["total"]["overage"], cycle["approved"])
                rate = Decimal(terms.get("overage_rate", "0"))
                cycle["overage_amount"] = reference.rounded(agreed * rate)
        return cycles

    def log(self, slug, first, last):
        """(day, hours drawn, pool) of each line that the client reads in those days."""
        retainer = self.retainer(slug)
        terms = reference.terms_on(retainer, first)
        keys = [pool["key"] for pool in terms["pools"]]
        return Counter(
            (row["date"].isoformat(), f"{drawn:.2f}", pool if pool in keys else keys[0])
            for row in self.published(slug)
            if first <= row["date"] <= last
            for pool, _categories, _counted, _factor, drawn in reference.draws(
                self.file, retainer, row, terms
            )
            if drawn
        )

    def log_since(self, slug, since, on):
        """The same of all cycles from that day on, each by its own terms."""
        cycles = reference.cycles(self.retainer(slug), on)
        logs = [self.log(slug, first, min(last, on)) for first, last, *_ in cycles if first >= since]
        return sum(logs, Counter())

    # Deeds

    def take(self, number, rows, span, *, only=None, pools=(), held=()):
        """An export of the PSA: it decides about its days, for one client or for all, for some pools or for all."""
        before = dict(self.live)
        present = {row["id"] for row in rows}
        for row in rows:
            owner = self.owner(row)
            if row["worked"] is not None and owner and only in (None, owner):
                self.live[row["id"]] = row
        for key, row in before.items():
            owner = self.owner(row)
            spoken = only in (None, owner) and (not pools or self.pool(row) in pools)
            if key not in present and span[0] <= row["date"] <= span[1] and spoken:
                del self.live[key]
        for key in {*before, *self.live}:
            sides = [self.owner(rows[key]) for rows in (before, self.live) if key in rows]
            if set(sides) & set(held):
                self._set(key, before.get(key))
        changed = {key for key in {*before, *self.live} if before.get(key) != self.live.get(key)}
        self.imports.append(
            Brought(
                number,
                {key: self.live[key] for key in changed if key in self.live},
                {key: before[key] for key in changed if key in before},
            )
        )

    def track(self, number, rows, span):
        """The tracker's export: it decides about its days of what came from the tracker, and of nothing else."""
        before = Counter(self.lines)
        for line in list(self.lines):
            if span[0] <= dict(line)["date"] <= span[1]:
                del self.lines[line]
        self.lines += Counter(tuple(row.items()) for row in rows)
        self.imports.append(Brought(number, self.lines - before, before - self.lines))

    def undo(self):
        """The newest import is taken back."""
        brought = self.imports.pop()
        if isinstance(brought.put, Counter):
            self.lines = self.lines - brought.put + brought.took
            return
        for key in {*brought.put, *brought.took}:
            self._set(key, brought.took.get(key))

    def _set(self, key, row):
        if row is None:
            self.live.pop(key, None)
        else:
            self.live[key] = row

    def give(self, company, slug):
        """The company's name, and with it its entries, become that client's."""
        for client in self.file["clients"]:
            client["psa_names"] = [name for name in client["psa_names"] if name != company]
        self.client(slug)["psa_names"].append(company)

    def document(self):
        """The agreements as a file says them: what was granted by hand is left out, and stays."""
        file = deepcopy(self.file)
        for client in file["clients"]:
            for retainer in client["retainers"]:
                del retainer["top_ups"], retainer["adjustments"]
        return file
