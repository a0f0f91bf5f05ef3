"""Random agreements, entries and exports for the machine: three clients, two companies of one of them, a stranger."""

import csv
from datetime import date, time
from decimal import Decimal
from io import StringIO
from random import Random

from hypothesis import strategies as st

from tests.acceptance import agreements
from tests.model.plain import LIFE, NOBODY

NAMES = {"acme": "Acme", "birch": "Birch", "cobalt": "Cobalt"}
COMPANIES = ("Acme", "Acme West", "Birch", "Cobalt")
POOLS = ("reactive", "scheduled", "spare")
MARK = "zq9"  # stands in every title, and so on no client's page
RULES = [rule for rule in agreements.PROVIDER_RULES if "retainer" not in rule["then"]]


def a_file(seed, slug):
    """A provider with a retainer for each client, from January on."""
    random = Random(seed)
    clients = [
        {
            "slug": key,
            "name": name,
            "psa_names": ["Acme West"] if key == "acme" else [],
            "contacts": [
                {"name": f"Pat {name}", "email": f"pat@{key}.example", "approves": True, "alerts": True}
            ],
            "retainers": [a_retainer(random)],
        }
        for key, name in NAMES.items()
    ]
    return {
        "provider": {
            "slug": slug,
            "name": "North IT",
            "timezone": "UTC",
            "date_order": "ymd",
            "business_hours": agreements.business_hours(random, "08:00", "17:30"),
        },
        "rules": some_rules(seed),
        "clients": clients,
    }


def a_retainer(random):
    return {
        "key": "support",
        "name": "IT support",
        "starts": LIFE,
        "months": 1,
        "terms": [terms(random, LIFE)],
        "rules": [
            {
                "name": "Maintenance",
                "when": {"work_type": "maint*"},
                "then": {"pool": "scheduled", "category": "project"},
            },
            {"name": "Inside", "when": {"title": "*sync call*"}, "then": {"exclude": "internal"}},
        ],
        "top_ups": [],
        "adjustments": [],
    }


def terms(random, day):
    """Any terms whose pools have a "scheduled" one: the retainer's own rule names it."""
    while True:
        found = agreements.terms(random, day)
        if any(pool["key"] == "scheduled" for pool in found["pools"]):
            return found


def some_rules(seed):
    random = Random(seed)
    return random.sample(RULES, random.randint(1, len(RULES)))


days = st.integers(1, 45).map(lambda n: date.fromordinal(LIFE.toordinal() + n - 1))
hours = st.sampled_from(["0.25", "0.3333", "1", "2.5", "4", "7.75", "0", "-0.5"]).map(Decimal)
starts = st.none() | st.sampled_from([time(7, 30), time(9), time(16, 30), time(23, 15)])
seeds = st.integers(0, 10**6)


@st.composite
def entries(draw, companies=(*COMPANIES, NOBODY)):
    """What a technician enters, but for its id and what the id decides."""
    worked = draw(hours)
    return {
        "company": draw(st.sampled_from(companies)),
        "agreement": "",
        "date": draw(days),
        "start": draw(starts),
        "end": None,
        "worked": worked,
        "billable_hours": draw(st.sampled_from([None, worked, worked * 2])),
        "deducted": None,
        "billable": draw(st.sampled_from([True, True, True, False])),
        "board": "",
        "work_type": draw(st.sampled_from(agreements.WORK_TYPES)),
        "location": draw(st.sampled_from(agreements.LOCATIONS)),
    }


def named(number, entry):
    """The entry under its id: technician, ticket and title never change, so that no id seems to begin anew."""
    titles = ("Printer", "Sync call", "Backup")
    return {
        "id": f"E-{number}",
        **entry,
        "technician": ("Joan Ortizo", "Melvin Stoner")[number % 2],
        "ticket": f"T{number:05}",
        "title": f"{titles[number % 3]} {MARK} {number}",
    }


def export(rows):
    """The HourTab template, in a PSA's hands."""
    return agreements.as_csv(rows)


TRACKED = ("Date", "Client", "Task", "Notes", "Hours", "Billable?", "Invoiced?", "First Name", "Last Name")


@st.composite
def tracked(draw):
    """A line of the tracker: it has no id, no clock and no title of its own."""
    return {
        "id": "",
        "company": draw(st.sampled_from(COMPANIES)),
        "agreement": "",
        "date": draw(days),
        "start": None,
        "end": None,
        "worked": draw(st.sampled_from(["0.5", "1.25", "3"]).map(Decimal)),
        "billable_hours": None,
        "deducted": None,
        "billable": draw(st.booleans()),
        "technician": draw(st.sampled_from(["Ravi Pillaio", "Joan Ortizo"])),
        "ticket": "",
        "board": "",
        "title": "",
        "work_type": draw(st.sampled_from(["Remote support", "Maintenance"])),
        "location": "",
    }


def tracker_export(rows):
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(TRACKED)
    for row in rows:
        first, last = row["technician"].split()
        billable = "Yes" if row["billable"] else "No"
        said = (row["date"].isoformat(), row["company"], row["work_type"], f"Work {MARK}", row["worked"])
        writer.writerow((*said, billable, "No", first, last))
    return text.getvalue().encode()
