"""A provider with rules of its own and of a retainer, and entries in a closed and in the open cycle."""

from datetime import UTC, datetime

from accounts.models import Provider
from tests.factories import installed
from tests.shared_rows import shared_rows
from tests.world import World

NOW = datetime(2026, 6, 22, 12, tzinfo=UTC)
AGREEMENT = """\
[provider]
slug = "north"
name = "North IT"
timezone = "UTC"

[provider.business_hours]
days = ["mon", "tue", "wed", "thu", "fri"]
start = "08:00"
end = "18:00"

[[rules]]
name = "Travel"
when = { work_type = ["*travel*", "*trip charge*"] }
then = { category = "travel" }

[[rules]]
name = "Emergencies"
when = { work_type = "Emergency" }
then = { category = "after_hours" }

[[clients]]
slug = "acme"
name = "Acme Dental"

[[clients.retainers]]
key = "support"
name = "IT support"
starts = 2026-05-01

[[clients.retainers.terms]]
hours_from = "worked"
multipliers = [{ category = "after_hours", name = "After hours", factor = "2" }]
pools = [
  { key = "reactive", name = "Reactive support", hours = "10" },
  { key = "scheduled", name = "Scheduled maintenance", hours = "5" },
]

[[clients.retainers.rules]]
name = "Maintenance"
when = { title = { matches = "patch|backup" } }
then = { pool = "scheduled" }

[[clients]]
slug = "birch"
name = "Birch Lowe"

[[clients.retainers]]
key = "bank"
name = "Time bank"
starts = 2026-05-01

[[clients.retainers.terms]]
hours_from = "worked"
pools = [{ key = "bank", name = "Time bank", hours = "8" }]
"""
EXPORT = """\
Entry ID,Client,Date,Start,Hours,Technician,Ticket,Title,Work type
1,Acme Dental,2026-05-11,09:00,2,Mel Stone,T1,Patch night on srv-sql-02,Remote
2,Acme Dental,2026-05-12,19:30,1,Mel Stone,T2,Warranty repair of scanner,Remote
3,Acme Dental,2026-06-02,09:00,1.5,Mel Stone,T3,Switch down,Remote
4,Acme Dental,2026-06-03,,1,Mel Stone,T4,Warranty call,Emergency
5,Acme Dental,2026-06-04,10:00,0.5,Mel Stone,T5,Drive to Acme,Travel
6,Birch Lowe,2026-06-05,20:00,2,Mel Stone,T6,Scanner jam 0419,Remote
"""


def load_ruled(folder) -> Provider:
    """The provider with everything published; the clock stands at `NOW`."""
    return installed(folder, AGREEMENT, EXPORT)


@shared_rows
def world(tmp_path, time_machine) -> World:
    time_machine.move_to(NOW, tick=False)
    return World(load_ruled(tmp_path))
