"""A second, deliberately simple reading of the ledger's rules: an entry, a cycle, an account after another.

It shares no line with the product and takes the agreement as the plain tables of its TOML file.
"""

import calendar
import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
NEVER = 10**6
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def rounded(hours):
    return hours.quantize(CENT, ROUND_HALF_UP)


def plain(text):
    return " ".join(text.split()).casefold()


# Cycles


def is_anchor(day, months, anchor_day, anchor_month):
    last = calendar.monthrange(day.year, day.month)[1]
    return day.day == min(anchor_day, last) and (day.month - anchor_month) % months == 0


def rhythms(retainer):
    """(first day, (months, day, month)) of each stretch of the life with a rhythm of its own."""
    starts = retainer["starts"]
    months, day = retainer.get("months", 1), retainer.get("anchor_day", starts.day)
    month = retainer.get("anchor_month", starts.month)
    found = [(starts, (months, day, month))]
    for version in retainer["terms"][1:]:
        if {"months", "anchor_day", "anchor_month"} & set(version):
            if "months" in version:
                months, month = version["months"], version["from"].month
            day, month = version.get("anchor_day", day), version.get("anchor_month", month)
            found.append((version["from"], (months, day, month)))
    return found


def cycles(retainer, on):
    """(first day, last day, days of the full cycle, days cut off by what) of each cycle begun by `on`."""
    ends = retainer.get("ends", date.max)
    changes = rhythms(retainer)
    first = retainer["starts"]
    while first <= min(on, ends):
        rhythm = [each for since, each in changes if since <= first][-1]
        opens, resets = first, first + timedelta(1)
        while not is_anchor(opens, *rhythm):
            opens -= timedelta(1)
        while not is_anchor(resets, *rhythm):
            resets += timedelta(1)
        following = min([resets, *(since for since, _ in changes if since > first)])
        last = min(following - timedelta(1), ends)
        cut = {"start": 0, "end": 0, "change": 0}
        cut["start" if first == retainer["starts"] else "change"] += (first - opens).days
        cut["end" if last == ends else "change"] += (resets - last).days - 1
        yield first, last, (resets - opens).days, cut
        first = last + timedelta(1)


def terms_on(retainer, first):
    return [t for t in retainer["terms"] if t.get("from", retainer["starts"]) <= first][-1]


def share_of(hours, full_days, cut, proration):
    counts = {"daily": ("start", "end"), "start": ("start",), "end": ("end",), "full": ()}[proration]
    gone = sum(cut[side] for side in (*counts, "change"))
    return rounded(Decimal(hours) * (full_days - gone) / full_days)


# What an entry is


def matches(wanted, text):
    if isinstance(wanted, dict):
        return re.search(wanted["matches"], " ".join(text.split()), re.IGNORECASE) is not None
    choices = wanted if isinstance(wanted, list) else [wanted]
    return any(
        re.fullmatch(".*".join(re.escape(part) for part in plain(each).split("*")), plain(text))
        for each in choices
    )


def hours_for(file, retainer, day):
    """The business hours of that day, None where there are none."""
    said = (retainer and retainer.get("business_hours")) or file["provider"].get("business_hours")
    versions = said if isinstance(said, list) else [said] if said else []
    found = [each for each in versions if each.get("from", date.min) <= day]
    return found[-1] if found else None


def is_after_hours(day, start, hours):
    if start is None or hours is None:
        return False
    open_today = DAYS[day.weekday()] in hours["days"] and day not in hours.get("holidays", ())
    opens, closes = (time.fromisoformat(hours[edge]) for edge in ("start", "end"))
    return not (open_today and opens <= start < closes)


def holds(rule, file, retainer, entry, at):
    """Whether a rule catches the entry, or the part of it that begins `at` that moment."""
    if not rule.get("from", date.min) <= entry["date"] <= rule.get("until", date.max):
        return False
    day, start = at
    hours = hours_for(file, retainer, day)
    for field, wanted in rule["when"].items():
        if field == "billable":
            good = entry["billable"] is wanted
        elif field == "weekday":
            good = DAYS[day.weekday()] in wanted
        elif field == "time":
            good = is_after_hours(day, start, hours)
        elif field == "holiday":
            good = hours is not None and (day in hours.get("holidays", ())) is wanted
        else:
            good = matches(wanted, entry[field])
        if not good:
            return False
    return True


def retainer_of(file, client, entry):
    for rule in file.get("rules", ()):
        if "retainer" in rule["then"] and holds(rule, file, None, entry, (entry["date"], entry["start"])):
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


def judged(file, retainer, entry, at):
    """(reason of a rule or None, pool wanted or None, categories)."""
    rules = [*retainer.get("rules", ()), *file.get("rules", ())]
    found = [r["then"] for r in rules if holds(r, file, retainer, entry, at)]
    categories = set()
    for then in found:
        said = then.get("category", [])
        categories |= {said} if isinstance(said, str) else set(said)
    pool = next((then["pool"] for then in found if "pool" in then), None)
    excluded = next((then["exclude"] for then in found if "exclude" in then), None)
    return excluded, pool, frozenset(categories)


def parts(file, retainer, entry):
    """[seconds, (reason, pool, categories)] of each part; one where nothing is cut."""
    whole = [[1, judged(file, retainer, entry, (entry["date"], entry["start"]))]]
    hours = hours_for(file, retainer, entry["date"])
    worked = next(h for h in (entry["worked"], entry["billable_hours"], entry["deducted"]) if h is not None)
    if hours is None or hours.get("split", "start") == "start" or entry["start"] is None or not worked:
        return whole
    now = datetime.combine(entry["date"], entry["start"])
    ends = now + timedelta(seconds=int((abs(worked) * 3600).to_integral_value(ROUND_HALF_UP)))
    if entry.get("end") is not None and entry["end"] != entry["start"]:
        ends = datetime.combine(entry["date"], entry["end"])
        ends += timedelta(1) if ends < now else timedelta(0)
    found = []
    while now < ends:
        midnight = datetime.combine(now.date() + timedelta(1), time())
        edges = [midnight, ends]
        today = hours_for(file, retainer, now.date())
        if today is not None:
            edges += [datetime.combine(now.date(), time.fromisoformat(today[e])) for e in ("start", "end")]
        following = min(edge for edge in edges if edge > now)
        verdict = judged(file, retainer, entry, (now.date(), now.time()))
        seconds = int((following - now).total_seconds())
        if found and found[-1][1] == verdict:
            found[-1][0] += seconds
        else:
            found.append([seconds, verdict])
        now = following
    return found if len(found) > 1 else whole


# Hours of one entry


def source_of(entry, terms):
    """(hours, whether they are final)."""
    worked, billable, deducted = entry["worked"], entry["billable_hours"], entry["deducted"]
    source = terms.get("hours_from", "billable") if entry["billable"] else "worked"
    if source == "deducted" and deducted is not None:
        return deducted, True
    if source == "deducted" and billable is not None:
        return billable, True
    return (billable if worked is None or (source == "billable" and billable is not None) else worked), False


def counted_hours(hours, terms, categories):
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
    return sign * rounded(hours)


def factor_of(terms, categories):
    factors = [Decimal(m["factor"]) for m in terms.get("multipliers", ()) if m["category"] in categories]
    factor = Decimal(1)
    if factors and terms.get("stacking", "highest") == "highest":
        factor = max(factors)
    else:
        for each in factors:
            factor *= each
    return factor


def draws(file, retainer, entry, terms):
    """[(pool wanted, categories, counted, factor or None, drawn)] of what counts of the entry."""
    if not entry["billable"] and terms.get("non_billable", "exclude") == "exclude":
        return []
    hours, final = source_of(entry, terms)
    found = parts(file, retainer, entry)
    if final:
        found = [[1, judged(file, retainer, entry, (entry["date"], entry["start"]))]]
    drops_travel = terms.get("travel", "exclude") == "exclude"
    out = [reason is not None or ("travel" in cats and drops_travel) for _, (reason, _, cats) in found]
    if final:
        pool, categories = found[0][1][1:]
        worked = hours if entry["worked"] is None else entry["worked"]
        return [] if out[0] else [(pool, categories, rounded(worked), None, rounded(hours))]
    kept = set().union(*(cats for (_, (_, _, cats)), gone in zip(found, out, strict=True) if not gone))
    counted, answer, given = counted_hours(hours, terms, kept), [], Decimal(0)
    whole = sum(seconds for seconds, _ in found)
    for number, ((seconds, (_, pool, cats)), gone) in enumerate(zip(found, out, strict=True), 1):
        share = counted - given if number == len(found) else rounded(counted * seconds / whole)
        given += share
        if not gone:
            factor = factor_of(terms, cats)
            answer.append((pool, cats, share, factor, rounded(share * factor)))
    return answer


# Balances


def is_block(terms):
    return all(not Decimal(pool["hours"]) for pool in terms["pools"])


def lasts(expires, index, retainer):
    """(number of the cycle with which hours go, their last day where that is earlier)."""
    if isinstance(expires, str):
        return {"never": NEVER, "cycle": index}[expires], date.max
    if isinstance(expires, int):
        return index + expires, date.max
    for number, (first, last, _, _) in enumerate(cycles(retainer, expires)):
        if first <= expires <= last:
            return number, date.max if expires == last else expires
    return NEVER, date.max


def allocation_lasts(terms, index):
    if "rollover" not in terms:
        return index
    return index + terms["rollover"]["cycles"] if "cycles" in terms["rollover"] else NEVER


def covered(lots, needs):
    """Take what is needed from the lots, in their order; what they don't meet (below zero: given back)."""
    taken = Decimal(0)
    for lot in sorted(lots, key=lambda lot: (lot["goes"], lot["end"], lot["kind"], lot["day"])):
        wanted = sum((hours for day, hours in needs if day <= lot["end"]), Decimal(0)) - taken
        some = max(min(lot["hours"], wanted), Decimal(0))
        lot["hours"] -= some
        taken += some
    return sum((hours for _, hours in needs), Decimal(0)) - taken


def settle(account, needs, terms, index, span, *, closed, is_last):
    """The account's figures after its needs; once the cycle is closed, the account is the next one's."""
    first, seen = span
    rest = covered(account["lots"], needs)
    past = [lot for lot in account["lots"] if lot["end"] < seen]
    lots = [lot for lot in account["lots"] if lot["end"] >= seen]
    if rest < 0:
        goes, kind = (NEVER, 1) if is_block(terms) else (allocation_lasts(terms, index), 0)
        lots.append({"hours": -rest, "goes": goes, "end": date.max, "kind": kind, "day": first})
    figures = {
        "remaining": sum((lot["hours"] for lot in lots), Decimal(0)),
        "overage": max(rest, Decimal(0)),
        "lapsed": sum((lot["hours"] for lot in past), Decimal(0)),
    }
    if not closed:
        return figures | {"carried_out": None, "expired": None, "queued_out": None}
    kept = [] if is_last else [lot for lot in lots if lot["hours"] and lot["goes"] > index]
    if "hours" in terms.get("rollover", {}):
        allocations = sorted((lot for lot in kept if lot["kind"] == 0), key=lambda lot: lot["day"])
        above = sum((lot["hours"] for lot in allocations), Decimal(0)) - Decimal(terms["rollover"]["hours"])
        for lot in allocations:
            lapsing = max(min(lot["hours"], above), Decimal(0))
            lot["hours"] -= lapsing
            above -= lapsing
    carried = sum((lot["hours"] for lot in kept), Decimal(0))
    queued = figures["overage"] if terms.get("overage", "decline") == "queue" else Decimal(0)
    account["lots"], account["queued"] = kept, queued
    return figures | {"carried_out": carried, "expired": figures["remaining"] - carried, "queued_out": queued}


def balances(file, retainer, entries, on):
    """The cycles of one retainer as `balances --json` has them, in decimals; `entries` are its own."""
    answer, accounts = [], {}
    for index, (first, last, full_days, cut) in enumerate(cycles(retainer, on)):
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
        needs = {name: [(first, account["queued"])] for name, account in accounts.items()}
        sums = {
            name: {
                "carried_in": sum((lot["hours"] for lot in account["lots"]), Decimal(0)),
                "queued_in": account["queued"],
            }
            | {key: Decimal(0) for key in ("allocated", "topped_up", "credited", "used", "charged")}
            for name, account in accounts.items()
        }

        def grant(name, hours, expiry, day, kind, accounts=accounts):
            goes, end = expiry
            accounts[name]["lots"].append(
                {"hours": hours, "goes": goes, "end": end, "kind": kind, "day": day}
            )

        caps = {}
        for pool in terms["pools"]:
            caps[pool["key"]] = share_of(pool["hours"], full_days, cut, terms.get("proration", "daily"))
            sums[account_of(pool["key"])]["allocated"] += caps[pool["key"]]
        for name in names:
            grant(name, sums[name]["allocated"], (allocation_lasts(terms, index), date.max), first, 0)
        seen = min(last, on)
        for top_up in retainer.get("top_ups", ()):
            if first <= top_up["date"] <= seen:
                name, hours = account_of(top_up.get("pool")), Decimal(top_up["hours"])
                sums[name]["topped_up"] += hours
                expiry = lasts(top_up.get("expires", "never"), index, retainer)
                grant(name, hours, expiry, top_up["date"], 2)
        for change in retainer.get("adjustments", ()):
            if first <= change["date"] <= seen:
                name, hours = account_of(change.get("pool")), Decimal(change["hours"])
                if hours > 0:
                    sums[name]["credited"] += hours
                    usual = "never" if is_block(terms) else "cycle"
                    grant(
                        name, hours, lasts(change.get("expires", usual), index, retainer), change["date"], 1
                    )
                else:
                    sums[name]["charged"] -= hours
                    needs[name].append((change["date"], -hours))
        used = dict.fromkeys(pools, Decimal(0))
        groups = {}
        for entry in entries:
            if first <= entry["date"] <= seen:
                for pool, categories, counted, factor, drawn in draws(file, retainer, entry, terms):
                    used[pool_of(pool)] += drawn
                    sums[account_of(pool)]["used"] += drawn
                    needs[account_of(pool)].append((entry["date"], drawn))
                    bearing = {m["category"] for m in terms.get("multipliers", ())}
                    group = tuple(sorted(categories & bearing)), factor
                    before = groups.get(group, (Decimal(0), Decimal(0)))
                    groups[group] = before[0] + counted, before[1] + drawn
        closed = on > last
        for name, account in accounts.items():
            is_last = last == retainer.get("ends")
            sums[name] |= settle(
                account, needs[name], terms, index, (first, seen), closed=closed, is_last=is_last
            )
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
