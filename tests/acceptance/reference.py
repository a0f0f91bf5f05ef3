"""A second, deliberately simple reading of the ledger's rules: an entry, a cycle, an account after another.

It shares no line with the product and takes the agreement as the plain tables of its TOML file.
"""

import calendar
import re
from datetime import date, time, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
NEVER = 10**6
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def rounded(hours):
    return hours.quantize(CENT, ROUND_HALF_UP)


def plain(text):
    return " ".join(text.split()).casefold()


# Cycles


def anchor(retainer, n):
    starts, months = retainer["starts"], retainer.get("months", 1)
    month = starts.year * 12 + retainer.get("anchor_month", starts.month) - 1 + n * months
    year, month = divmod(month, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(retainer.get("anchor_day", starts.day), last))


def cycles(retainer, on):
    """(first day, last day, days of the full cycle) of each cycle that has begun by `on`."""
    n = -24
    while anchor(retainer, n + 1) <= retainer["starts"]:
        n += 1
    while max(anchor(retainer, n), retainer["starts"]) <= min(on, retainer.get("ends", on)):
        first, following = anchor(retainer, n), anchor(retainer, n + 1)
        last = min(following - timedelta(1), retainer.get("ends", date.max))
        yield max(first, retainer["starts"]), last, (following - first).days
        n += 1


def terms_on(retainer, first):
    return [t for t in retainer["terms"] if t.get("from", retainer["starts"]) <= first][-1]


# What an entry is


def matches(wanted, text):
    if isinstance(wanted, dict):
        return re.search(wanted["matches"], " ".join(text.split()), re.IGNORECASE) is not None
    choices = wanted if isinstance(wanted, list) else [wanted]
    return any(
        re.fullmatch(".*".join(re.escape(part) for part in plain(each).split("*")), plain(text))
        for each in choices
    )


def is_after_hours(entry, hours):
    if entry["start"] is None:
        return False
    day = entry["date"]
    open_today = DAYS[day.weekday()] in hours["days"] and day not in hours.get("holidays", ())
    opens, closes = (time.fromisoformat(hours[edge]) for edge in ("start", "end"))
    return not (open_today and opens <= entry["start"] < closes)


def holds(when, entry, business_hours):
    for field, wanted in when.items():
        if field == "billable":
            good = entry["billable"] is wanted
        elif field == "weekday":
            good = DAYS[entry["date"].weekday()] in wanted
        elif field == "time":
            good = is_after_hours(entry, business_hours)
        else:
            good = matches(wanted, entry[field])
        if not good:
            return False
    return True


def retainer_of(file, client, entry):
    business_hours = file["provider"].get("business_hours")
    for rule in file.get("rules", ()):
        if "retainer" in rule["then"] and holds(rule["when"], entry, business_hours):
            for retainer in client["retainers"]:
                if retainer["key"] == rule["then"]["retainer"]:
                    return retainer
    agreement = plain(entry["agreement"])
    named = [
        r for r in client["retainers"] if agreement and agreement in map(plain, r.get("psa_agreements", ()))
    ]
    unnamed = [r for r in client["retainers"] if not r.get("psa_agreements")]
    for retainer in named or unnamed:
        if retainer["starts"] <= entry["date"] <= retainer.get("ends", date.max):
            return retainer
    return None


def client_of(file, entry):
    for client in file["clients"]:
        if plain(entry["company"]) in map(plain, [client["name"], *client.get("psa_names", ())]):
            return client
    return None


def judged(file, retainer, entry):
    """(reason for not counting or None, pool wanted or None, categories)."""
    rules = [*retainer.get("rules", ()), *file.get("rules", ())]
    found = [r["then"] for r in rules if holds(r["when"], entry, file["provider"].get("business_hours"))]
    categories = set()
    for then in found:
        said = then.get("category", [])
        categories |= {said} if isinstance(said, str) else set(said)
    pool = next((then["pool"] for then in found if "pool" in then), None)
    excluded = next((then["exclude"] for then in found if "exclude" in then), None)
    *_, (first, _, _) = cycles(retainer, entry["date"])
    terms = terms_on(retainer, first)
    reason = excluded
    if "travel" in categories and terms.get("travel", "exclude") == "exclude":
        reason = "travel"
    if not entry["billable"] and terms.get("non_billable", "exclude") == "exclude":
        reason = "non-billable"
    return reason, pool, categories


# Hours of one entry


def priced(entry, terms, categories):
    """(counted, factor or None, drawn)."""
    worked, billable, deducted = entry["worked"], entry["billable_hours"], entry["deducted"]
    source = terms.get("hours_from", "billable")
    if not entry["billable"]:
        source = "worked"
    if source == "deducted" and deducted is not None:
        return rounded(worked), None, rounded(deducted)
    if source == "deducted" and billable is not None:
        return rounded(billable if worked is None else worked), None, rounded(billable)
    hours = billable if worked is None or (source == "billable" and billable is not None) else worked
    sign = -1 if hours < 0 else 1
    hours = abs(hours)
    if hours:
        if "increment" in terms:
            step = Decimal(terms["increment"])
            hours = (hours / step).to_integral_value(ROUND_CEILING) * step
        minimum = terms.get("minimum", {})
        least = [Decimal(minimum[c]) for c in categories if c in minimum] or [
            Decimal(minimum.get("standard", "0"))
        ]
        hours = max(hours, *least)
    counted = sign * rounded(hours)
    factors = [Decimal(m["factor"]) for m in terms.get("multipliers", ()) if m["category"] in categories]
    factor = Decimal(1)
    if factors and terms.get("stacking", "highest") == "highest":
        factor = max(factors)
    else:
        for each in factors:
            factor *= each
    return counted, factor, rounded(counted * factor)


# Balances


def lasts(expires, index, default):
    expires = default if expires is None else expires
    return {"never": NEVER, "cycle": index}[expires] if isinstance(expires, str) else index + expires


def allocation_lasts(terms, index):
    if "rollover" not in terms:
        return index
    return index + terms["rollover"]["cycles"] if "cycles" in terms["rollover"] else NEVER


def settle(account, need, terms, index, *, closed, is_last):
    """The account's figures after `need`; once the cycle is closed, the account is the next one's."""
    lots = sorted(account["lots"], key=lambda lot: lot[1:4])
    owed = max(need, Decimal(0))
    for lot in lots:
        taken = min(lot[0], owed)
        lot[0] -= taken
        owed -= taken
    left = sum((lot[0] for lot in lots), Decimal(0))
    figures = {"remaining": left - min(need, Decimal(0)), "overage": owed}
    if not closed:
        return figures | {"carried_out": None, "expired": None, "queued_out": None}
    kept = [] if is_last else [lot for lot in lots if lot[0] and lot[1] > index]
    if "hours" in terms.get("rollover", {}):
        allocations = sorted((lot for lot in kept if lot[3] == 0), key=lambda lot: lot[2])
        above = sum((lot[0] for lot in allocations), Decimal(0)) - Decimal(terms["rollover"]["hours"])
        for lot in allocations:
            lapsing = max(min(lot[0], above), Decimal(0))
            lot[0] -= lapsing
            above -= lapsing
    carried = sum((lot[0] for lot in kept), Decimal(0))
    queued = owed if terms.get("overage", "decline") == "queue" else Decimal(0)
    account["lots"], account["queued"] = kept, queued
    return figures | {"carried_out": carried, "expired": figures["remaining"] - carried, "queued_out": queued}


def balances(file, retainer, entries, on):
    """The cycles of one retainer as `balances --json` has them, in decimals; `entries` are its own."""
    answer, accounts = [], {}
    for index, (first, last, full_days) in enumerate(cycles(retainer, on)):
        terms = terms_on(retainer, first)
        pools = [pool["key"] for pool in terms["pools"]]
        shared = terms.get("sharing", "separate") == "shared"
        names = [""] if shared else pools

        def pool_of(wanted, pools=pools):
            return wanted if wanted in pools else pools[0]

        def account_of(wanted, shared=shared, pool_of=pool_of):
            return "" if shared else pool_of(wanted)

        ended, accounts = accounts, {name: {"lots": [], "queued": Decimal(0)} for name in names}
        for name, account in ended.items():
            heir = accounts[account_of(name)]
            heir["lots"] += account["lots"]
            heir["queued"] += account["queued"]
        sums = {
            name: {
                "carried_in": sum((lot[0] for lot in account["lots"]), Decimal(0)),
                "queued_in": account["queued"],
            }
            | {key: Decimal(0) for key in ("allocated", "topped_up", "credited", "used", "charged")}
            for name, account in accounts.items()
        }

        def grant(name, hours, expiry, day, kind, accounts=accounts):
            accounts[name]["lots"].append([hours, expiry, day, kind])

        caps = {}
        days = (last - first).days + 1
        for pool in terms["pools"]:
            cap = Decimal(pool["hours"])
            if terms.get("proration", "daily") == "daily":
                cap = cap * days / full_days
            caps[pool["key"]] = cap = rounded(cap)
            sums[account_of(pool["key"])]["allocated"] += cap
            grant(account_of(pool["key"]), cap, allocation_lasts(terms, index), first, 0)
        seen = min(last, on)
        for top_up in retainer.get("top_ups", ()):
            if first <= top_up["date"] <= seen:
                name, hours = account_of(top_up.get("pool")), Decimal(top_up["hours"])
                sums[name]["topped_up"] += hours
                grant(name, hours, lasts(top_up.get("expires"), index, "never"), top_up["date"], 1)
        for change in retainer.get("adjustments", ()):
            if first <= change["date"] <= seen:
                name, hours = account_of(change.get("pool")), Decimal(change["hours"])
                if hours > 0:
                    sums[name]["credited"] += hours
                    grant(name, hours, lasts(change.get("expires"), index, "cycle"), change["date"], 2)
                else:
                    sums[name]["charged"] -= hours
        used = dict.fromkeys(pools, Decimal(0))
        groups = {}
        for entry in entries:
            if first <= entry["date"] <= seen:
                reason, pool, categories = judged(file, retainer, entry)
                if reason is None:
                    counted, factor, drawn = priced(entry, terms, categories)
                    used[pool_of(pool)] += drawn
                    sums[account_of(pool)]["used"] += drawn
                    bearing = {m["category"] for m in terms.get("multipliers", ())}
                    group = tuple(sorted(categories & bearing)), factor
                    before = groups.get(group, (Decimal(0), Decimal(0)))
                    groups[group] = before[0] + counted, before[1] + drawn
        closed = on > last
        for name, account in accounts.items():
            one = sums[name]
            need = one["queued_in"] + one["used"] + one["charged"]
            is_last = last == retainer.get("ends")
            one |= settle(account, need, terms, index, closed=closed, is_last=is_last)
        total = {
            key: None if value is None else sum((sums[name][key] for name in names), Decimal(0))
            for key, value in sums[names[0]].items()
        }
        rate = Decimal(terms.get("overage_rate", "0")) if terms.get("overage") == "bill" else Decimal(0)
        answer.append(
            {
                "starts": first,
                "ends": last,
                "closed": closed,
                "pools": [
                    {"pool": p, "allocated": caps[p], "used": used[p], "remaining": caps[p] - used[p]}
                    if shared
                    else {"pool": p} | sums[p]
                    for p in pools
                ],
                "total": total,
                "used_by_multiplier": groups,
                "overage_amount": rounded(total["overage"] * rate),
            }
        )
    return answer
