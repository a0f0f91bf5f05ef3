"""An agreement file that holds every key, with one value changed, and what is wrong with it then."""

import tomllib
from typing import Any

import pytest
import tomli_w

from retainers.agreements import AgreementError, AgreementProblem
from retainers.agreements.reading import read_file
from retainers.files import ProviderFile

FILE = """
[provider]
slug = "northwind-it"
name = "Northwind IT"
business_hours = { days = ["mon", "tue"], start = "08:00", end = "17:00" }

[[members]]
email = "dana@northwind.example"
role = "owner"

[[rules]]
name = "Night"
when = { time = "after_hours" }
then = { category = "after_hours" }

[[clients]]
slug = "acme-dental"
name = "Acme Dental"
psa_names = ["Acme Dental Group, Inc."]
contacts = [{ name = "Pat Lee", email = "pat@acme.example" }]

[[clients.retainers]]
key = "support"
name = "IT support"
starts = 2026-01-15
ends = 2026-12-31

[[clients.retainers.terms]]
overage = "bill"
overage_rate = "165.00"
minimum = { standard = "0.25" }
rollover = { hours = "10", cycles = 2 }
multipliers = [{ category = "after_hours", name = "After hours", factor = "2" }]
pools = [
  { key = "reactive", name = "Reactive support", hours = "12" },
  { key = "scheduled", name = "Scheduled maintenance", hours = 8 },
]

[[clients.retainers.terms]]
from = 2026-03-15
pools = [{ key = "onsite", name = "On site", hours = "8.5" }]

[[clients.retainers.rules]]
name = "Maintenance tickets"
when = { ticket_type = "Maintenance" }
then = { pool = "scheduled" }

[[clients.retainers.top_ups]]
date = 2026-02-10
hours = "5"
pool = "reactive"

[[clients.retainers.adjustments]]
date = "2026-04-20"
hours = "-1.50"
pool = "onsite"
"""


RETAINER = ("clients", 0, "retainers", 0)


TERMS = (*RETAINER, "terms", 0)


POOL = (*TERMS, "pools", 0)


LATER = (*RETAINER, "terms", 1)


TOP_UP = (*RETAINER, "top_ups", 0)


ADJUSTMENT = (*RETAINER, "adjustments", 0)


RULE = (*RETAINER, "rules", 0)


HOURS = {"days": ["mon"], "start": "08:00", "end": "17:00"}


IN_RETAINER = "clients[acme-dental].retainers[support]"


LEFT_OUT = object()


Path_ = tuple[str | int, ...]


def changed(path: Path_, value: object) -> str:
    """The file with one value set, or taken out."""
    document = tomllib.loads(FILE)
    node: Any = document
    for key in path[:-1]:
        node = node[key]
    if value is LEFT_OUT:
        del node[path[-1]]
    elif isinstance(node, list):
        node.append(value)
    else:
        node[path[-1]] = value
    return tomli_w.dumps(document)


def problems_of(text: str) -> tuple[AgreementProblem, ...]:
    with pytest.raises(AgreementError) as caught:
        read_file(text)
    return caught.value.problems


def retainer_of(file: ProviderFile) -> Any:
    return file.clients[0].retainers[0]
