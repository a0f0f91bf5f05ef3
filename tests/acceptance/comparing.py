"""What `balances --json` says beside what the reference says, for one random agreement and its export."""

import json
from datetime import date, timedelta
from random import Random

from tests.acceptance import agreements, reference


def text(value):
    return None if value is None else str((value or abs(value)).quantize(reference.CENT))


def figures(table):
    return {key: value if key == "pool" else text(value) for key, value in table.items()}


def wanted_cycle(cycle):
    groups = {
        (key, None if factor is None else f"{factor.normalize():f}"): (text(counted), text(drawn))
        for (key, factor), (counted, drawn) in cycle["used_by_multiplier"].items()
        if counted or drawn
    }
    return {
        "starts": cycle["starts"].isoformat(),
        "ends": cycle["ends"].isoformat(),
        "closed": cycle["closed"],
        "pools": [figures(pool) for pool in cycle["pools"]],
        "total": figures(cycle["total"]),
        "overage_amount": text(cycle["overage_amount"]),
        "used_by_multiplier": groups,
    }


def given_cycle(cycle, keys):
    groups = {
        (tuple(group["categories"]), group["factor"]): (group["counted"], group["drawn"])
        for group in cycle["used_by_multiplier"]
        if group["counted"] != "0.00" or group["drawn"] != "0.00"
    }
    assert len(groups) <= len(cycle["used_by_multiplier"])
    return {key: cycle[key] for key in keys} | {"used_by_multiplier": groups}


def differences(seed, run, folder):
    """Load, import, and compare on several days; each difference as (day, client, retainer, wanted, got)."""
    random = Random(seed)
    file = agreements.a_file(random, f"prov-{seed}")
    rows = agreements.entries(random, file, random.randint(5, 40))
    (folder / "file.toml").write_text(agreements.as_toml(file), encoding="utf-8")
    (folder / "export.csv").write_bytes(agreements.as_csv(rows))
    slug = file["provider"]["slug"]
    run("load_retainers", str(folder / "file.toml"))
    words = ("--publish", "--accept", "all", "--format", "generic")
    run("import_csv", str(folder / "export.csv"), "--provider", slug, *words)
    for on in days_to_ask(random, file):
        got = json.loads(run("balances", "--provider", slug, "--on", on.isoformat(), "--json"))
        got = {(each["client"], each["retainer"]): each["cycles"] for each in got}
        for client in file["clients"]:
            for retainer in client["retainers"]:
                own = [
                    row
                    for row in rows
                    if reference.client_of(file, row) is client
                    and reference.retainer_of(file, client, row) is retainer
                    and retainer["starts"] <= row["date"] <= retainer.get("ends", date.max)
                ]
                wanted = [wanted_cycle(c) for c in reference.balances(file, retainer, own, on)]
                cycles = got[client["slug"], retainer["key"]]
                given = (
                    [given_cycle(c, w) for c, w in zip(cycles, wanted, strict=False)]
                    if len(cycles) == len(wanted)
                    else [len(cycles)]
                )
                if wanted != given:
                    yield on, client["slug"], retainer["key"], wanted, given


def days_to_ask(random, file):
    retainer = random.choice(random.choice(file["clients"])["retainers"])
    begun = [first for first, *_ in reference.cycles(retainer, date(2025, 12, 31))] or [retainer["starts"]]
    edge = random.choice(begun)
    any_day = date(2024, 1, 1) + timedelta(random.randint(0, 730))
    near_an_edge = edge + timedelta(random.choice([-1, 0, 1]))
    return [random.choice([any_day, near_an_edge]), date(2026, 1, 31)]
