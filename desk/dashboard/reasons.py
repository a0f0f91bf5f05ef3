"""The states by name, and the one sentence that says why a client stands where it stands."""

from collections.abc import Callable, Mapping
from datetime import date
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.dashboard.states import URGENCY, ClientState
from desk.dashboard.status import ClientCase, Left, RetainerCase
from presentation import days
from presentation.accounts import cycle_accounts
from presentation.approvals import approved_lines, used_and_left
from presentation.closes import closed_words, ending_words
from presentation.days import in_days
from presentation.pace import RunOut
from presentation.phrases import agreed, hours, some


def chip_name(state: ClientState) -> str:
    """The state in little room."""
    return _("Runs out early") if state is ClientState.RUNS_OUT else state_name(state)


def approved_chips(case: ClientCase) -> tuple[str, ...]:
    """How much of the approved hours is used and left, by agreement, which is named where there are several."""
    found = [
        (each.name, used_and_left(each.cycle)) for each in case.retainers if each.approved and each.cycle
    ]
    return tuple(f"{name}: {words}" if len(case.retainers) > 1 else words for name, words in found)


def state_name(state: ClientState) -> str:
    """The state as a tile and as a choice of the filter."""
    names: Mapping[ClientState, str] = {
        ClientState.OVER: _("Over"),
        ClientState.EMPTY: _("Nothing left"),
        ClientState.RUNS_OUT: _("Runs out before the reset"),
        ClientState.LOW: _("Low"),
        ClientState.ENDING: "Hours end soon",
        ClientState.INCIDENT: _("Long incident"),
        ClientState.CLOSED_OVER: "Closed over",
        ClientState.LATE: _("Update late"),
        ClientState.ASKED: _("Request waits"),
        ClientState.APPROVED: "Extra hours approved",
        ClientState.DUE: _("Due today"),
        ClientState.GAP: _("Days missing"),
        ClientState.WORDING: _("Wording waits"),
        ClientState.NEVER_OPENED: _("Link never opened"),
        ClientState.NO_LINK: _("No link"),
        ClientState.NO_WORK: _("No work yet"),
        ClientState.NOT_STARTED: _("Not started"),
        ClientState.NO_AGREEMENT: _("No agreement"),
        ClientState.FINE: _("On track"),
        ClientState.ENDED: _("Ended"),
    }
    return names[state]


def reason(case: ClientCase, today: date, zone: ZoneInfo) -> str:
    """Why the first of its states holds, in one sentence; "" where nothing is to be done."""
    if is_of_agreement(case.first):
        return agreement_reason(case, today)
    if case.first == ClientState.ASKED:
        text = ngettext(
            "%(count)d request waits for an answer.", "%(count)d requests wait for an answer.", case.asked
        )
        return text % {"count": case.asked}
    links = case.links
    if case.first == ClientState.NEVER_OPENED and links.made_at:
        made = days.day_of(links.made_at.astimezone(zone).date(), today)
        return _("The link created on %(day)s was never opened.") % {"day": made}
    known = {
        ClientState.NO_LINK: _("No link yet."),
        ClientState.NO_AGREEMENT: _("This client has no agreement yet."),
    }
    return known.get(case.first, "")


def is_of_agreement(state: ClientState) -> bool:
    """Whether an agreement's figures are the reason, and not a link or a request."""
    return state in _REASONS


def agreement_reason(case: ClientCase, today: date) -> str:
    """Why the first state of its agreements holds, with the agreement's name where there are several."""
    states = {state for each in case.retainers for state in each.states}
    if not states:
        return ""
    first = min(states, key=URGENCY.__getitem__)
    about = _agreement_in(first, case)
    sentence = _REASONS[first](about, today)
    return f"{about.name} · {sentence}" if len(case.retainers) > 1 else sentence


def account_of_reason(case: ClientCase) -> Left | None:
    """The account of which the reason says when it runs out, or since when it is over; None where it says neither."""
    find = _ACCOUNTS.get(case.first)
    return find(_agreement_in(case.first, case)) if find else None


def _agreement_in(state: ClientState, case: ClientCase) -> RetainerCase:
    return next(each for each in case.retainers if state in each.states)


def _over(case: RetainerCase, today: date) -> str:
    worst = _most_over(case)
    figures = {"over": hours(worst.account.overage)}
    if worst.over_since is None:
        return _in_pool(case, worst, _("%(over)s h over.") % figures)
    figures["day"] = days.day_of(worst.over_since, today)
    return _in_pool(case, worst, _("%(over)s h over since %(day)s.") % figures)


def _most_over(case: RetainerCase) -> Left:
    return max(case.lefts, key=lambda left: left.account.overage)


def _empty(case: RetainerCase, today: date) -> str:
    found = next(left for left in case.lefts if left.account.taken and not left.account.remaining)
    figures = {"granted": agreed(found.account.granted)}
    if case.cycle is None or case.cycle.resets is None or case.is_block:
        return _in_pool(case, found, _("Nothing left of %(granted)s h.") % figures)
    figures["away"] = in_days(today, case.cycle.resets)
    return _in_pool(case, found, _("Nothing left of %(granted)s h; the reset is %(away)s.") % figures)


def _runs_out(case: RetainerCase, today: date) -> str:
    left = _running_out(case)
    match left.run_out, case.until:
        case RunOut(date() as first, date() as last), date() as until:
            figures = {
                "days": days.between(max(first, today), max(last, today), today),
                "reset": days.plain_day(until, today),
            }
            sentence = _("Runs out %(days)s at this pace, before the reset on %(reset)s.") % figures
            return _in_pool(case, left, sentence)
    return ""


def _running_out(case: RetainerCase) -> Left:
    """The first account of which nothing is left before its reset."""
    return next(left for left in case.lefts if left.runs_out_before(case.until))


def _low(case: RetainerCase, today: date) -> str:
    found = min((left for left in case.lefts if left.account.is_low), key=lambda left: left.share)
    sentence = _("%(left)s of %(granted)s h left, %(percent)d %%.")
    if case.is_block:
        sentence = _("%(left)s h left, %(percent)d %% of the %(granted)s h at hand after the last purchase.")
    figures = {
        "left": hours(found.account.remaining),
        "granted": agreed(found.account.whole),
        "percent": int(found.share * 100),
    }
    return _in_pool(case, found, sentence % figures)


def _ending(case: RetainerCase, today: date) -> str:
    return ending_words(case.endings[:1], today)[0]


def _closed_over(case: RetainerCase, today: date) -> str:
    account, cycle = case.closed_over[0]
    said = f"{closed_words(account, cycle)}."
    return f"{account.name}: {said}" if len(cycle_accounts(cycle)) > 1 else said


def _approved(case: RetainerCase, today: date) -> str:
    """How much of it is used, and who agreed."""
    cycle = case.cycle
    return " ".join(approved_lines(case.approved, cycle)) if cycle else ""


def _incident(case: RetainerCase, today: date) -> str:
    longest = case.incidents[0]
    figures = {"hours": hours(longest.hours), "day": days.day_of(longest.first, today)}
    return _("One incident has taken %(hours)s h since %(day)s.") % figures


def _late(case: RetainerCase, today: date) -> str:
    due = case.freshness.next_update or today
    return _("The update due %(day)s hasn’t arrived.") % {"day": days.day_of(due, today)}


def _due(case: RetainerCase, today: date) -> str:
    return _("An update is promised for today.")


def _gap(case: RetainerCase, today: date) -> str:
    named = [days.period(first, last) for first, last in case.freshness.gaps]
    return _("No file covers %(days)s.") % {"days": some(named)}


def _wording(case: RetainerCase, today: date) -> str:
    return ngettext(
        "%(count)d line shows fallback text.", "%(count)d lines show fallback text.", case.waiting
    ) % {"count": case.waiting}


def _no_work(case: RetainerCase, today: date) -> str:
    return _("Began %(day)s; no work has been imported yet.") % {"day": days.plain_day(case.starts, today)}


def _not_started(case: RetainerCase, today: date) -> str:
    return _("Starts %(day)s.") % {"day": days.far(case.starts, today)}


def _ended(case: RetainerCase, today: date) -> str:
    return _("Ended %(day)s.") % {"day": days.plain_day(case.ends or today, today)}


def _in_pool(case: RetainerCase, left: Left, sentence: str) -> str:
    """The sentence with the account's name before it, where there are several."""
    return f"{left.account.name}: {sentence}" if len(case.lefts) > 1 else sentence


_ACCOUNTS: Mapping[ClientState, Callable[[RetainerCase], Left]] = {
    ClientState.OVER: _most_over,
    ClientState.RUNS_OUT: _running_out,
}
_REASONS: Mapping[ClientState, Callable[[RetainerCase, date], str]] = {
    ClientState.OVER: _over,
    ClientState.EMPTY: _empty,
    ClientState.RUNS_OUT: _runs_out,
    ClientState.LOW: _low,
    ClientState.ENDING: _ending,
    ClientState.INCIDENT: _incident,
    ClientState.CLOSED_OVER: _closed_over,
    ClientState.APPROVED: _approved,
    ClientState.LATE: _late,
    ClientState.DUE: _due,
    ClientState.GAP: _gap,
    ClientState.WORDING: _wording,
    ClientState.NO_WORK: _no_work,
    ClientState.NOT_STARTED: _not_started,
    ClientState.ENDED: _ended,
}
