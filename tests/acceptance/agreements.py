"""Random agreements and exports in the generic format, the same ones for the same seed."""

import csv
import io
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import tomli_w

from tests.acceptance.reference import cycles

CATEGORIES = ["after_hours", "onsite", "travel", "project", "holiday"]
WORK_TYPES = ["Remote support", "On-Site visit", "Travel  time", "After hours", "Project work", "Maintenance"]
TITLES = ["Printer, 2nd floor", "[internal] sync call", 'He said "down"', "VPN\ndrops", "Renewal talk"]
LOCATIONS = ["", "Remote", "On-site", "client  site"]
HOURS = ["0.1167", "0.25", "0.3333", "0.5", "0.8333", "1", "1.25", "2.0833", "4", "0", "-0.5", "-1.3333"]


def maybe(random, likely, value):
    return value if random.random() < likely else None


def known(table):
    return {key: value for key, value in table.items() if value is not None}


def a_file(random, slug):
    clients = [a_client(random, number) for number in range(random.randint(1, 3))]
    return {
        "provider": {
            "slug": slug,
            "name": f"Provider {slug}",
            "timezone": random.choice(["UTC", "Pacific/Auckland", "America/Los_Angeles"]),
            "date_order": "ymd",
            "business_hours": opening_times(random),
        },
        "rules": random.sample(PROVIDER_RULES, random.randint(1, len(PROVIDER_RULES))),
        "clients": clients,
    }


def opening_times(random):
    first = business_hours(random, "08:00", "17:30")
    if random.random() < 0.5:
        return first
    return [first, {"from": date(2025, 3, 10), **business_hours(random, "07:15", "16:00")}]


def business_hours(random, start, end):
    return {
        "days": ["mon", "tue", "wed", "thu", "fri"][: random.randint(4, 5)],
        "start": start,
        "end": end,
        "split": random.choice(["start", "boundary", "boundary"]),
        "holidays": [date(2024, 12, 25), date(2025, 1, 1), date(2025, 4, 21)],
    }


PROVIDER_RULES = [
    {"name": "Travel", "when": {"work_type": "*TRAVEL*"}, "then": {"category": "travel"}},
    {"name": "Site", "when": {"location": ["on-site", "Client site"]}, "then": {"category": "onsite"}},
    {"name": "Late type", "when": {"work_type": "after hours"}, "then": {"category": "after_hours"}},
    {"name": "Night", "when": {"time": "after_hours"}, "then": {"category": ["after_hours"]}},
    {
        "name": "Weekend",
        "when": {"weekday": ["sat", "sun"], "work_type": "project*"},
        "then": {"exclude": "weekend project"},
    },
    {
        "name": "Project",
        "when": {"work_type": {"matches": "^project"}},
        "then": {"category": ["project", "onsite"]},
    },
    {"name": "Renewal", "when": {"title": "renewal*"}, "then": {"retainer": "second"}},
    {"name": "Holiday", "when": {"holiday": True}, "then": {"category": "holiday"}},
    {
        "name": "For a while",
        "from": date(2025, 1, 10),
        "until": date(2025, 6, 30),
        "when": {"work_type": "remote*"},
        "then": {"category": "onsite"},
    },
    {"name": "Unpaid", "when": {"billable": False, "technician": "mel*"}, "then": {"exclude": "unpaid"}},
]


def a_client(random, number):
    client = {"slug": f"client-{number}", "name": f"Acmé & Söhne {number}"}
    client["psa_names"] = [f"PSA  Company {number}, Inc."]
    first = a_retainer(random, "first", a_start(random))
    client["retainers"] = [first]
    kind = random.choice(["one", "renewal", "beside"])
    if kind == "renewal" and "ends" in first:
        second = a_retainer(random, "second", first["ends"] + timedelta(random.choice([1, 1, 20])))
        client["retainers"].append(second)
        if random.random() < 0.5:
            first["psa_agreements"] = second["psa_agreements"] = ["Managed  Support"]
    elif kind == "beside":
        second = a_retainer(random, "second", a_start(random))
        client["retainers"].append(second)
        second["psa_agreements"] = ["Block Z", "Managed Support"][: random.randint(1, 2)]
    return client


def a_start(random):
    if random.random() < 0.3:
        return date(2024, random.choice([1, 3, 5, 7, 8, 10, 12]), 31)
    return date(2024, random.randint(1, 12), random.choice([1, 5, 15, 28, 29]))


def a_retainer(random, key, starts):
    months = random.choice([1, 1, 1, 3, 6, 12])
    retainer = {"key": key, "name": f"The {key}", "starts": starts, "months": months}
    if random.random() < 0.5:
        retainer["anchor_day"] = random.choice([1, 10, 29, 30, 31])
    if months > 1 and random.random() < 0.5:
        retainer["anchor_month"] = random.randint(1, 12)
    if random.random() < 0.5:
        retainer["ends"] = starts + timedelta(random.randint(0, 500))
    retainer["terms"] = [terms(random, starts)]
    for _ in range(random.randint(0, 3)):
        add_terms(random, retainer)
    separate = any(each["sharing"] == "separate" for each in retainer["terms"])
    if random.random() < 0.3:
        retainer["business_hours"] = business_hours(random, "06:30", "20:00")
    pools = sorted({pool["key"] for each in retainer["terms"] for pool in each["pools"]})
    retainer["rules"] = [
        {
            "name": "Internal",
            "when": {"title": {"matches": r"^\[internal\]"}},
            "then": {"exclude": "internal"},
        },
        {
            "name": "Maintenance",
            "when": {"work_type": "maint*"},
            "then": {"pool": random.choice(pools), "category": "project"},
        },
        {"name": "Board", "when": {"board": "projects"}, "then": {"pool": random.choice(pools)}},
    ][random.randint(0, 3) :]
    last = min(retainer.get("ends", date(2025, 12, 31)), date(2025, 12, 31))
    life = max((last - starts).days, 0)
    retainer["top_ups"] = [
        known(
            {
                "date": starts + timedelta(random.randint(0, life)),
                "hours": random.choice(["1", "5", "2.75", "0.01", "20"]),
                "pool": random.choice(pools) if separate else None,
                "expires": random.choice([None, "never", "cycle", 1, 2, 3, "day", "day"]),
            }
        )
        for _ in range(random.randint(0, 4))
    ]
    for number, top_up in enumerate(retainer["top_ups"]):
        end_on_a_day(random, top_up)
        if random.random() < 0.5:
            top_up["key"] = f"po-{number}"
    retainer["adjustments"] = []
    for _ in range(random.randint(0, 4)):
        hours = random.choice(["-1.50", "0.75", "-4", "3", "-0.01", "2.25"])
        retainer["adjustments"].append(
            known(
                {
                    "date": starts + timedelta(random.randint(0, life)),
                    "hours": hours,
                    "pool": random.choice(pools) if separate else None,
                    "reason": "Goodwill",
                    "expires": None
                    if hours[0] == "-"
                    else random.choice([None, "never", "cycle", 1, 2, "day"]),
                }
            )
        )
        end_on_a_day(random, retainer["adjustments"][-1])
    return retainer


def end_on_a_day(random, grant):
    if grant.get("expires") == "day":
        grant["expires"] = grant["date"] + timedelta(random.choice([0, 3, 10, 25, 60]))


def add_terms(random, retainer):
    """One more version: from a cycle's first day, or from any day with another cycle."""
    newest = retainer["terms"][-1].get("from", retainer["starts"])
    spans = [(first, last) for first, last, *_ in cycles(retainer, date(2025, 10, 1)) if last > newest]
    if not spans:
        return
    first, last = random.choice(spans)
    change = random.choice(
        [{}, {}, {}, {"anchor_day": random.choice([1, 15, 31])}, {"months": 1}, {"months": 3}]
    )
    if change:
        first = max(first, newest) + timedelta(random.randint(1, max((last - max(first, newest)).days, 1)))
    if newest < first <= min(last, retainer.get("ends", last)):
        retainer["terms"].append(terms(random, first) | change)


def terms(random, day):
    overage = random.choice(["bill", "queue", "decline"])
    caps = random.choice([["0", "1.5", "6", "10.25", "20"]] * 4 + [["0"]])
    pools = random.sample(["reactive", "scheduled", "spare"], random.randint(1, 3))
    rollover = {"hours": random.choice(["0", "2.50", "10"]), "cycles": random.randint(1, 3)}
    keys = random.choice([None, None, [], ["hours"], ["cycles"], ["hours", "cycles"]])
    return known(
        {
            "from": day,
            "hours_from": random.choice(["worked", "billable", "deducted"]),
            "non_billable": random.choice([None, "exclude", "count"]),
            "travel": random.choice([None, "exclude", "count"]),
            "increment": random.choice([None, None, "0.1", "0.25", "0.5", "0.3"]),
            "minimum": random.choice(
                [None, {"standard": "0.25"}, {"standard": "0.25", "onsite": "1"}, {"travel": "0.33"}]
            ),
            "stacking": random.choice([None, "highest", "product"]),
            "proration": random.choice([None, "daily", "start", "end", "full"]),
            "sharing": random.choice(["separate", "separate", "shared"]),
            "overage": overage,
            "overage_rate": None if overage == "queue" else random.choice(["165.00", "141.55", "99.99"]),
            "rollover": None if keys is None else {key: rollover[key] for key in keys},
            "multipliers": [
                {
                    "category": category,
                    "name": category.title(),
                    "factor": random.choice(["2", "1.5", "0.5", "1.25"]),
                }
                for category in random.sample(CATEGORIES, random.randint(0, 3))
            ],
            "pools": [
                {
                    "key": key,
                    "name": key.title(),
                    "hours": random.choice(caps),
                }
                for key in pools
            ],
        }
    )


def entries(random, file, count):
    return [an_entry(random, file, number) for number in range(count)]


def an_entry(random, file, number):
    client = random.choice(file["clients"])
    retainer = random.choice(client["retainers"])
    worked = Decimal(random.choice(HOURS))
    billable = maybe(random, 0.6, Decimal(random.choice([worked, worked * 2])))
    is_billable = random.random() < 0.85
    if billable is not None and is_billable and random.random() < 0.05:
        worked = None
    deducted = None if worked is None else maybe(random, 0.6, worked * 2)
    start = maybe(random, 0.6, time(random.randint(0, 23), random.choice([0, 15, 30])))
    names = [client["name"], client["name"].upper(), client["psa_names"][0], "Zeta Corp"]
    return {
        "id": f"E-{number}",
        "company": random.choices(names, [4, 2, 4, 0.3])[0],
        "agreement": random.choice(["", "", "managed support", "Block Z", "Something else"]),
        "date": min(retainer["starts"] + timedelta(random.randint(-5, 400)), date(2025, 11, 30)),
        "start": start,
        "end": an_end(random, start, worked),
        "worked": worked,
        "billable_hours": billable,
        "deducted": deducted and deducted.quantize(Decimal("0.01")),
        "billable": is_billable,
        "technician": random.choice(["J. Ortiz", "Mel S.", "Ravi P."]),
        "ticket": f"T{random.randint(1, 40):05}",
        "board": random.choice(["Service", "Projects", ""]),
        "title": random.choice(TITLES),
        "work_type": random.choice(WORK_TYPES),
        "location": random.choice(LOCATIONS),
    }


def an_end(random, start, worked):
    """When it ended, with a break of up to a quarter of an hour; often the export doesn't say."""
    if start is None or worked is None or worked <= 0 or random.random() < 0.5:
        return None
    minutes = int(worked * 60) + 1 + random.choice([0, 0, 15])
    return (datetime.combine(date(2024, 1, 1), start) + timedelta(minutes=minutes)).time()


COLUMNS = {
    "Entry ID": "id",
    "Client": "company",
    "Agreement": "agreement",
    "Date": "date",
    "Start": "start",
    "End": "end",
    "Hours": "worked",
    "Billable hours": "billable_hours",
    "Deducted hours": "deducted",
    "Billable": "billable",
    "Technician": "technician",
    "Ticket": "ticket",
    "Board": "board",
    "Title": "title",
    "Work type": "work_type",
    "Location": "location",
}


def written(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return str(value)


def as_csv(entries, *, columns=None, delimiter=",", encoding="utf-8"):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    columns = columns or list(COLUMNS)
    writer.writerow(columns)
    writer.writerows([written(entry[COLUMNS[name]]) for name in columns] for entry in entries)
    return out.getvalue().encode(encoding)


def as_toml(file):
    return tomli_w.dumps(file)
