"""Invented agreements and work for the gallery: nobody here exists."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from presentation.facts import Notice, ProviderFacts
from presentation.requested import Requested
from presentation.uncharged import Uncharged
from retainers.balance import CycleBalance, Work
from retainers.terms import (
    Adjustment,
    Agreement,
    Approval,
    Effects,
    Multiplier,
    Pool,
    Rollover,
    Rule,
    Terms,
    TextCondition,
    TopUp,
)

PROVIDER = ProviderFacts("Quillfeather IT", "+1 555 0142", "help@quillfeather.example")
WHITE_LOGO = replace(PROVIDER, logo="white.png", logo_ground="on-dark")
BLACK_LOGO = replace(PROVIDER, logo="black.png", logo_ground="on-light")
NOTICE = Notice("Server outage in progress since this morning.", Decimal(6), day=date(2026, 11, 21))
START = date(2025, 10, 1)
AFTER_HOURS = Multiplier("after_hours", "After hours", Decimal(2))
ON_SITE = Multiplier("onsite", "On site", Decimal("1.5"))
REACTIVE = Pool("reactive", "Reactive support", Decimal(12))
SCHEDULED = Pool("scheduled", "Scheduled maintenance", Decimal(8))


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One entry as an export would have it, with its client-facing words."""

    day: date
    worked: str
    text: str
    kind: str = ""
    pool: str | None = None
    deducted: str | None = None
    ticket: str = ""
    person: str = ""

    def work(self, ref: int) -> Work:
        return Work(
            day=self.day,
            worked=Decimal(self.worked),
            deducted=Decimal(self.deducted) if self.deducted else None,
            categories=frozenset({self.kind} if self.kind else ()),
            pool=self.pool,
            ref=ref,
        )


TERMS = Terms(
    starts=START,
    pools=(REACTIVE, SCHEDULED),
    scope="Monitoring, patching and backups of servers and workstations.",
    hours_from="worked",
    increment=Decimal("0.25"),
    minimum={"standard": Decimal("0.25"), "onsite": Decimal(1)},
    overage="bill",
    overage_rate=Decimal(165),
    multipliers=(AFTER_HOURS, ON_SITE),
)
OLD_TERMS = replace(TERMS, pools=(replace(REACTIVE, hours=Decimal(10)), SCHEDULED))
NEW_TERMS = replace(TERMS, starts=date(2026, 1, 1))
SUPPORT = Agreement("support", "Managed support", START, (OLD_TERMS, NEW_TERMS), updates_on=("mon", "thu"))
BANK = replace(
    SUPPORT,
    name="Time bank",
    terms=(replace(TERMS, pools=(Pool("hours", "Support", Decimal(20)),), scope=""),),
)
PROJECTS = Agreement(
    "projects",
    "Project days",
    date(2026, 2, 15),
    (
        Terms(
            date(2026, 2, 15),
            (Pool("projects", "Projects", Decimal(24)),),
            hours_from="worked",
            overage="queue",
            rollover=Rollover(cycles=1),
        ),
    ),
    months=3,
    updates_on=("fri",),
)
BLOCK = Agreement(
    "block",
    "Prepaid block",
    date(2026, 5, 1),
    (
        Terms(
            date(2026, 5, 1),
            (Pool("block", "Prepaid hours", Decimal(0)),),
            hours_from="worked",
            overage="queue",
            multipliers=(AFTER_HOURS,),
        ),
    ),
    updates_on=("mon",),
)
BLOCK_BOUGHT = (
    TopUp(date(2026, 5, 4), Decimal(15), note="Order 17"),
    TopUp(date(2026, 9, 14), Decimal(10), expires=date(2027, 9, 13), note="Order 29"),
)
CARRYING = replace(
    SUPPORT,
    terms=(
        replace(TERMS, overage="queue", rollover=Rollover(hours=Decimal(4), cycles=1)),
        replace(TERMS, starts=date(2027, 1, 1), pools=(replace(REACTIVE, hours=Decimal(16)), SCHEDULED)),
    ),
)
TOPPED_UP = (TopUp(date(2026, 11, 10), Decimal(5), "reactive", note="Order 4711"),)
ENDING_SOON = (TopUp(date(2026, 11, 10), Decimal(7), "reactive", date(2026, 11, 27), note="Order 4711"),)
ADJUSTED = (
    Adjustment(date(2026, 11, 12), Decimal("1.5"), "reactive", reason="The upgrade took two visits"),
    Adjustment(
        date(2026, 11, 16), Decimal("-0.75"), "reactive", reason="Work at the branch, not in the export"
    ),
)
STACKED = replace(SUPPORT, terms=(replace(TERMS, stacking="product"),))
ON_SITE_POOL = Pool("visits", "On-site visits", Decimal(4))
PLACED = replace(
    SUPPORT,
    terms=(replace(TERMS, pools=(replace(REACTIVE, name="Remote"), ON_SITE_POOL)),),
    rules=(Rule("Visits", Effects(pool="visits"), texts=(TextCondition("work_type", ("*onsite*",)),)),),
)
QUARTERLY = replace(
    SUPPORT,
    starts=date(2023, 4, 1),
    months=3,
    terms=(replace(TERMS, starts=date(2023, 4, 1), sharing="shared"),),
)
SHARED = replace(SUPPORT, terms=(replace(TERMS, sharing="shared"),))
DEDUCTED = replace(BANK, terms=(replace(BANK.terms[0], hours_from="deducted", increment=None),))
LARGE = replace(SUPPORT, terms=(replace(TERMS, pools=(replace(REACTIVE, hours=Decimal(400)), SCHEDULED)),))
YEAR_ENDS = date(2026, 11, 19)
YEAR_OF_WORK = replace(
    LARGE, months=12, terms=(replace(LARGE.terms[0], starts=date(2025, 12, 1)),), starts=date(2025, 12, 1)
)
LONG_NAMES = replace(
    SUPPORT,
    name="Comprehensive infrastructure, workplace and telephony support with extended coverage",
    terms=(
        replace(
            TERMS,
            pools=(
                replace(REACTIVE, name="Unplanned interruptions of line-of-business applications"),
                replace(SCHEDULED, name="Wartungsfenster-Serverinfrastrukturinstandhaltung"),
            ),
        ),
    ),
)
GARDEN = "מרפאת שיניים גן הדר"
RIGHT_TO_LEFT = replace(
    SUPPORT,
    name="תמיכה שוטפת",
    terms=(replace(TERMS, scope="ניטור, עדכונים וגיבויים", pools=(Pool("main", "תמיכה", Decimal(12)),)),),
)


APPROVED = (
    Approval(date(2026, 11, 1), Decimal(3), "Robin Marlow", date(2026, 11, 18)),
    Approval(date(2026, 11, 1), Decimal(4), "Robin Marlow", date(2026, 11, 19)),
)
REQUESTED = (
    Requested("overage", Decimal("4.5"), date(2026, 11, 20)),
    Requested("overage", Decimal("4.5"), date(2026, 11, 19)),
    Requested("planned", None, date(2026, 11, 19)),
    Requested(
        "top_up",
        Decimal(5),
        date(2026, 11, 18),
        date(2026, 11, 19),
        "Gladly: they are there, and the invoice follows at the end of the month.",
        Decimal(5),
    ),
)


def _november(day: int) -> date:
    return date(2026, 11, day)


EARLIER = (
    WorkLine(date(2025, 11, 11), "6.5", "New front desk workstation set up"),
    WorkLine(date(2025, 12, 3), "4.25", "Phone system moved to the new line"),
    WorkLine(date(2026, 1, 14), "9.25", "File access restored for the accounting team"),
    WorkLine(date(2026, 2, 9), "3.5", "Printers reconnected after the office move"),
    WorkLine(date(2026, 3, 17), "7.75", "Mail delivery problem traced and fixed"),
    WorkLine(date(2026, 3, 26), "6", "Quarterly server maintenance", pool="scheduled"),
    WorkLine(date(2026, 4, 21), "11.25", "Practice software moved to a new server"),
    WorkLine(date(2026, 5, 6), "2.5", "Two new accounts set up"),
    WorkLine(date(2026, 6, 18), "8", "Quarterly server maintenance", pool="scheduled"),
    WorkLine(date(2026, 6, 23), "5", "Network outage at the second site", "onsite"),
    WorkLine(date(2026, 8, 12), "4.5", "Slow workstations replaced"),
    WorkLine(date(2026, 9, 9), "5.25", "Ransomware alert examined; no damage found", "after_hours"),
    WorkLine(date(2026, 9, 10), "4", "All passwords renewed after the alert"),
    WorkLine(date(2026, 9, 24), "7.5", "Quarterly server maintenance", pool="scheduled"),
    WorkLine(date(2026, 10, 8), "5.75", "Insurance forms print again"),
    WorkLine(date(2026, 10, 20), "5", "New scanner connected on site"),
)
NOVEMBER = (
    *EARLIER,
    WorkLine(_november(3), "0.2", "Password reset, reception"),
    WorkLine(_november(5), "0.2", "Password reset, front desk"),
    WorkLine(_november(9), "1", "Network connection restored: firewall settings corrected"),
    WorkLine(_november(9), "0.67", "Visit to check the wiring in the server room", "onsite"),
    WorkLine(_november(9), "0.4", "Follow-up call with the internet provider"),
    WorkLine(_november(10), "3", "Server updates installed and tested", pool="scheduled"),
    WorkLine(
        _november(11), "0.5", "Server power supply failed at night; standby brought online", "after_hours"
    ),
    WorkLine(_november(13), "0.5", "Label printers back in service"),
    WorkLine(_november(17), "1.75", "Backup restored on trial and verified", pool="scheduled"),
)
LATER_WORK = (WorkLine(_november(20), "1.25", "Scanner at the front desk repaired"),)
SMALL_HOURS = (
    WorkLine(_november(18), "2.25", "Mail server stopped overnight; service restored", "after_hours"),
)
TO_THE_LAST = (*SMALL_HOURS, WorkLine(_november(19), "2.5", "Workstation replaced at the front desk"))
OUTAGE = (
    WorkLine(_november(18), "4.5", "Internet outage: line switched to the standby provider", "after_hours"),
    WorkLine(_november(19), "0.5", "Internet outage: return to the main line"),
)
NOT_CHARGED = (
    Uncharged(_november(9), "Travel", Decimal("0.75")),
    Uncharged(_november(13), "Goodwill", Decimal("1.25")),
    Uncharged(_november(16), "Travel", Decimal("0.5")),
)
INCIDENTS = (
    WorkLine(
        _november(18), "1.5", "Mail server: service restored", "after_hours", ticket="mail", person="one"
    ),
    WorkLine(_november(18), "1.5", "Mail server: disks replaced", "after_hours", ticket="mail", person="two"),
    WorkLine(_november(18), "0.5", "Password reset, reception", ticket="password", person="one"),
    WorkLine(_november(19), "0.5", "Mail server: queue delivered", ticket="mail", person="two"),
)
PATCHING = (WorkLine(_november(18), "5", "Urgent security update on all servers", pool="scheduled"),)
BANK_WORK = tuple(replace(line, pool=None) for line in NOVEMBER if line.pool is None)
PROJECT_WORK = (
    WorkLine(date(2026, 9, 22), "7.5", "Plan for the new branch office agreed"),
    WorkLine(date(2026, 11, 17), "6.25", "Branch office: network installed"),
    WorkLine(date(2026, 11, 18), "4", "Branch office: telephones connected"),
)
BLOCK_WORK = (
    WorkLine(date(2026, 6, 3), "4.5", "Old laptops wiped and retired"),
    WorkLine(date(2026, 7, 14), "3.25", "Conference room set up"),
    WorkLine(date(2026, 9, 2), "5.75", "Address book merged"),
    WorkLine(date(2026, 10, 19), "3.5", "Alarm system connected", "after_hours"),
    WorkLine(_november(4), "1.5", "Door access repaired"),
)
PLACED_WORK = (
    WorkLine(_november(5), "1", "Password reset, front desk"),
    WorkLine(_november(9), "4.75", "Wiring of the server room renewed", "onsite", pool="visits"),
)
QUARTERS_OF_WORK = (
    WorkLine(date(2024, 2, 6), "4.5", "Server room moved"),
    WorkLine(date(2024, 8, 13), "17.75", "Mail moved to the new provider"),
    WorkLine(date(2024, 8, 14), "6", "Quarterly server maintenance", pool="scheduled"),
    *NOVEMBER,
)
DEDUCTED_WORK = (
    WorkLine(_november(9), "0.67", "Network connection restored", deducted="0.75"),
    WorkLine(_november(11), "1", "Server power supply failed at night", "after_hours", deducted="2"),
    WorkLine(_november(13), "0.5", "Label printers back in service", deducted="0.5"),
    WorkLine(_november(16), "-0.5", "Label printers: counted twice", deducted="-0.5"),
)
RIGHT_TO_LEFT_WORK = (
    WorkLine(_november(9), "1", "החיבור לרשת שוחזר: הגדרות חומת האש תוקנו"),
    WorkLine(_november(11), "1", "ספק הכוח של השרת התקלקל בלילה", "after_hours"),
)


def shown_of(cycles: Sequence[CycleBalance], named: str) -> CycleBalance | None:
    """The cycle that begins on the named day, else the newest."""
    found = [each for each in cycles if each.starts.isoformat() == named]
    return next(iter((*found, *cycles[-1:])), None)
