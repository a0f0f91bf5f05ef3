"""The forms of what programs are told and say, as JSON Schema: the keys of contract.md. Each may gain further ones."""

from collections.abc import Mapping
from typing import Any

from imports.models import Import
from retainers.living import MOST_PEOPLE
from retainers.wire import FIGURES

Schema = Mapping[str, Any]
SCHEMAS: dict[str, Schema] = {}  # by the names under which the description has them
AT_THE_CLOSE = ("carried_out", "expired", "queued_out")  # null while the cycle is open
TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer", "minimum": 0}
DAY: Schema = {"type": "string", "format": "date"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
HOURS: Schema = {"type": "string", "pattern": r"^-?[0-9]+\.[0-9]{2}$"}
FACTOR: Schema = {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?$"}


def listed(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def or_null(schema: Schema) -> Schema:
    if "$ref" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    return {**schema, "type": [schema["type"], "null"]}


def kept(name: str, schema: Schema) -> Schema:
    """Write the form down under that name, and refer to it."""
    SCHEMAS[name] = schema
    return {"$ref": f"#/components/schemas/{name}"}


def made_of(optional: Mapping[str, Schema] | None = None, **always: Schema) -> Schema:
    return {
        "type": "object",
        "properties": {**always, **(optional or {})},
        "required": list(always),
    }


def by_name(of: Schema) -> Schema:
    return {"type": "object", "additionalProperties": of}


def named(*values: str) -> Schema:
    return {"type": "string", "enum": list(values)}


ERROR = kept("Error", made_of(error=TEXT))

CLIENT = kept(
    "Client",
    made_of(
        client=TEXT,
        name=TEXT,
        psa_names=listed(TEXT),
        retainers=listed(made_of(retainer=TEXT, name=TEXT, starts=DAY, ends=or_null(DAY))),
    ),
)

ENDING = kept("Ending", made_of(hours=HOURS, on=DAY))
_FIGURES: Mapping[str, Schema] = {name: or_null(HOURS) if name in AT_THE_CLOSE else HOURS for name in FIGURES}
POOL = kept(
    "Pool",
    made_of(
        {name: schema for name, schema in _FIGURES.items() if name not in ("allocated", "used", "remaining")},
        pool=TEXT,
        allocated=HOURS,
        used=HOURS,
        remaining=HOURS,
    ),
)
BY_MULTIPLIER = made_of(categories=listed(TEXT), factor=or_null(FACTOR), counted=HOURS, drawn=HOURS)
CYCLE = kept(
    "Cycle",
    made_of(
        {"settled": FLAG, "restated_on": listed(DAY)},
        starts=DAY,
        ends=DAY,
        resets=or_null(DAY),
        closed=FLAG,
        sharing=named("separate", "shared"),
        pools=listed(POOL),
        total=kept("Figures", made_of(**_FIGURES)),
        used_by_multiplier=listed(BY_MULTIPLIER),
        approved=HOURS,
        overage_amount=HOURS,
        currency=TEXT,
        provisional=FLAG,
    ),
)
COVERAGE: Mapping[str, Schema] = {
    "through": or_null(DAY),
    "next_update": or_null(DAY),
    "through_by_pool": by_name(or_null(DAY)),
    "from": or_null(DAY),
    "gaps": listed(listed(DAY)),
}
_LIFE = ("bought", "credited", "used", "charged", "ended", "billed", "declined", "owed", "remaining")
BLOCK = kept("Block", made_of(since=DAY, ends=listed(ENDING), **dict.fromkeys(_LIFE, HOURS)))
BALANCE = kept(
    "Balance",
    made_of(
        {"block": BLOCK, "estimate": {"type": "object"}},
        client=TEXT,
        retainer=TEXT,
        on=DAY,
        **COVERAGE,
        ending=listed(ENDING),
        cycles=listed(CYCLE),
    ),
)

LINE = kept(
    "Line",
    made_of(
        {"corrected_on": DAY},
        date=DAY,
        description=TEXT,
        worked=HOURS,
        counted=HOURS,
        factor=or_null(FACTOR),
        hours=HOURS,
        multipliers=listed(TEXT),
        pool=TEXT,
        incident=or_null(TEXT),
        was=or_null(HOURS),
    ),
)
LOG = kept(
    "Log",
    made_of(
        client=TEXT,
        provider=TEXT,
        retainers=listed(
            made_of(
                {"block": BLOCK, "log_year": or_null(TEXT)},
                retainer=TEXT,
                name=TEXT,
                cycle=or_null(CYCLE),
                left=by_name(HOURS),
                **COVERAGE,
                late=FLAG,
                notice=or_null({"type": "object"}),
                estimate=or_null({"type": "object"}),
                approved_overage=or_null(HOURS),
                not_charged=listed(made_of(date=DAY, reason=TEXT, worked=HOURS)),
                log=listed(LINE),
            )
        ),
    ),
)

LISTED_IMPORT = kept(
    "ListedImport",
    made_of(
        **{"import": COUNT},
        file=TEXT,
        size=COUNT,
        format=TEXT,
        client=or_null(TEXT),
        state=named(*Import.State.values),
        uploaded_at=MOMENT,
        uploaded_with=or_null(TEXT),
        published_at=or_null(MOMENT),
        through=or_null(DAY),
    ),
)

PROBLEM = kept(
    "Problem",
    made_of(line=or_null(COUNT), column=or_null(TEXT), value=TEXT, problem=TEXT, hours=or_null(HOURS)),
)
COUNTS = ("new", "changed", "unchanged", "removed", "excluded", "refused", "unknown")
QUESTION = made_of(
    question=TEXT,
    lines=listed(COUNT),
    hours=HOURS,
    text=TEXT,
    answered=or_null(TEXT),
    clients=listed(TEXT),
    preset=or_null(TEXT),
    column=or_null(TEXT),
)
RESTATED = made_of(
    client=TEXT,
    retainer=TEXT,
    cycle=DAY,
    before=HOURS,
    after=HOURS,
    over_before=HOURS,
    over_after=HOURS,
)
EFFECT = made_of(
    client=TEXT,
    retainer=TEXT,
    before=HOURS,
    after=HOURS,
    over_before=HOURS,
    over_after=HOURS,
    pools=by_name(listed(HOURS)),
    pools_over=by_name(listed(HOURS)),
    hours=made_of(worked=HOURS, counted=HOURS),
)
SUMS = made_of(
    worked=HOURS,
    counted=HOURS,
    excluded=by_name(HOURS),
    refused=HOURS,
    unknown=HOURS,
    held=HOURS,
    stated=or_null(HOURS),
)
IMPORT = kept(
    "Import",
    made_of(
        **{"import": COUNT},
        format=TEXT,
        rows=COUNT,
        published=FLAG,
        through=or_null(DAY),
        starts=or_null(DAY),
        entries=made_of(**dict.fromkeys(COUNTS, COUNT)),
        excluded=listed(made_of(line=COUNT, reason=TEXT)),
        problems=listed(PROBLEM),
        warnings=listed(PROBLEM),
        set_aside=listed(made_of(line=COUNT, what=TEXT)),
        unknown_companies=listed(made_of({"client": TEXT, "agreement": TEXT}, company=TEXT, rows=COUNT)),
        wording_needed=COUNT,
        hours=SUMS,
        unread_columns=listed(TEXT),
        questions=listed(QUESTION),
        moved=listed(made_of(**{"from": TEXT}, line=COUNT, to=TEXT, hours=HOURS)),
        restated=listed(RESTATED),
        balances=listed(EFFECT),
        held=listed(TEXT),
        needs=listed(TEXT),
    ),
)
UNREADABLE = kept(
    "Unreadable", made_of(**{"import": COUNT}, published={"const": False}, problems=listed(PROBLEM))
)
FILE: Schema = {
    "text/csv": {"schema": {"type": "string", "minLength": 1}},
    "application/octet-stream": {"schema": {"type": "string", "format": "binary", "minLength": 1}},
}

INCIDENT = kept(
    "Incident",
    made_of(
        client=TEXT,
        retainer=TEXT,
        pool=TEXT,
        people=COUNT,
        kinds=listed(TEXT),
        ticket=TEXT,
        since=MOMENT,
        ended=or_null(MOMENT),
        hours_on_the_clock=HOURS,
    ),
)
SAID_OF_INCIDENT: Schema = {
    **made_of(
        {
            "retainer": {
                "type": "string",
                "description": "Required if the client has several active agreements.",
            },
            "people": {
                "type": "integer",
                "minimum": 0,
                "maximum": MOST_PEOPLE,
                "description": "How many people work on it; 0 pauses it. By default 1 when it starts.",
            },
            "kinds": {
                "type": "array",
                "items": TEXT,
                "description": "Kinds of work with their own rate; by default, after hours by the clock.",
            },
            "ticket": {"type": "string", "description": "The PSA’s number: its entries settle the estimate."},
            "pool": {
                "type": "string",
                "description": "The pool the hours come from; by default, the first one.",
            },
            "ended": {"type": "boolean", "default": False},
        },
        client=TEXT,
    ),
    "additionalProperties": False,
}
