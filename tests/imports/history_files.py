"""What technicians have entered at a provider, as random files for its imports: its PSA's exports, the same columns
under headers of its own (`SavedMapping`), and hours that are typed by hand for one of its clients.
"""

import csv
from datetime import date, timedelta
from io import StringIO
from itertools import count

from imports.reading.formats.by_hand import COLUMNS
from imports.reading.formats.table import Unit
from imports.reading.mapped import Mapping, header_signature

HEADER = (
    "Entry ID", "Client", "Date", "Start", "End", "Hours", "Billable", "Technician", "Ticket", "Title", "Work type",
    "Notes", "Client description", "Agreement",
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
        self.own = random.choice((0, 0, 0.2, 0.9))  # of so many files
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
            random.choice(("", "Rebooted SRV-01")), random.choice(WORDS), "",
        )  # fmt: skip
        self.rows[self.made] = dict(zip(HEADER, row, strict=True)) | odd
        if self.rows[self.made]["Client"] == "Cobalt":
            self.rows[self.made]["Agreement"] = "Managed"

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
        return as_csv(rows, *self.columns())

    def columns(self):
        """Mostly the PSA's; or the provider's own, with ids or without."""
        if self.random.random() > self.own:
            return (HEADER,)
        return (HEADER, OWN) if self.random.random() < 0.7 else (HEADER[1:], OWN[1:])


OWN = (
    "Beleg", "Kunde", "Tag", "Von", "Bis", "Dauer", "Berechnen", "Wer", "Vorgang", "Betreff", "Art", "Intern",
    "Text an Kunde", "Vertrag",
)  # fmt: skip
FIELDS = (
    "entry_id", "company", "date", "start", "end", "worked", "is_billable", "technician", "ticket", "title",
    "work_type", "internal_notes", "description", "agreement",
)  # fmt: skip


def own_mapping(*, with_ids):
    """The mapping of the headers that the provider has given the columns itself."""
    columns = dict(zip(FIELDS, OWN, strict=True))
    header = OWN if with_ids else OWN[1:]
    if not with_ids:
        del columns["entry_id"]
    return Mapping(f"own {len(header)}", header_signature(header), columns, unit=Unit.HOURS)


class HandBook:
    """Hours by hand of one client, row by row, as its form or somebody's own list writes them."""

    def __init__(self, random):
        self.random, self.rows, self.made = random, [], count(1)

    def enter(self):
        random, hours = self.random, self.random.choice(("0.5", "1:30", "2"))
        row = (
            f"h-{next(self.made)}", str(FIRST + timedelta(days=random.randint(0, 13))), random.choice(("", "09:00")),
            hours, hours, random.choice(("Moved a desk", "Called back", "")), random.choice(("Kim", "")), "",
            random.choice(("", "Onsite")),
        )  # fmt: skip
        self.rows.append(dict(zip(COLUMNS.values(), row, strict=True)))

    def repeat(self):
        """A row under another id."""
        if self.rows:
            self.rows.append(self.random.choice(self.rows) | {COLUMNS["entry_id"]: f"h-{next(self.made)}"})

    def change(self):
        if self.rows:
            row = self.random.choice(self.rows)
            row |= self.random.choice(
                ({"Hours": "3", "Billable hours": "3"}, {"Date": "2026-02-04"}, {"Start": "??"})
            )

    def forget(self):
        if self.rows:
            self.rows.remove(self.random.choice(self.rows))

    def file(self):
        """All of it, or the newest rows alone, as the form sends them."""
        deeds = self.enter, self.enter, self.repeat, self.change, self.change, self.forget, lambda: None
        for _ in range(self.random.randint(1, 2)):
            self.random.choice(deeds)()
        while len(self.rows) < 3:
            self.enter()
        rows = self.rows[-2:] if self.random.random() < 0.2 else self.rows
        return as_csv(rows, tuple(COLUMNS.values()))


def as_csv(rows, header, said=None):
    """The rows under these headers, or under `said` in their places."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(said or header)
    writer.writerows([row[name] for name in header] for row in rows)
    return text.getvalue().encode()
