"""A ConnectWise report view of any size, and the agreements of its clients."""

from datetime import date, timedelta

CLIENTS = 200
HEADER = (
    "Time_RecID,company_name,SR_Service_RecID,sr_summary,member_id,Date_Start,time_start,time_end,hours_actual,"
    "Billable_Hrs,Agreement,work_role,work_type,option_id,Notes,internal_note"
)
NOTES = "Went through the queue and restarted what had stopped; told the office manager what to watch for."


def agreements(clients: int = CLIENTS) -> str:
    """One retainer a client, with an increment; a cycle that is not settled holds all days of the export."""
    starts = (date.today().replace(day=1) - timedelta(days=40)).replace(day=1)  # noqa: DTZ011
    parts = ['[provider]\nslug = "bench"\nname = "Bench"\ntimezone = "America/Chicago"\ndate_order = "ymd"\n']
    for number in range(clients):
        parts.append(
            f'[[clients]]\nslug = "c{number}"\nname = "Client {number}"\n[[clients.retainers]]\nkey = "support"\n'
            f'name = "Support"\nstarts = {starts}\n[[clients.retainers.terms]]\nincrement = "0.25"\n'
            'pools = [{ key = "main", name = "Main", hours = "40" }]\n'
        )
    return "\n".join(parts)


def export(rows: int, *, changed: int = 0, new: int = 0, clients: int = CLIENTS) -> str:
    """`changed`: every so-maniest row has other hours; `new`: so many rows more."""
    lines = [HEADER]
    people = rows // 50 + 1  # nobody works more than a day has
    for number in range(rows + new):
        day = date.today() - timedelta(days=1 + number % 9)  # noqa: DTZ011  # today may be tomorrow somewhere
        quarters = 7 if changed and number % changed == 0 else 1 + number % 7
        ticket, begins = number // 5, 8 + number % 9
        ends = f"{begins + quarters // 4:02}:{quarters % 4 * 15:02}"
        hours = f"{quarters / 4:.2f}"
        lines.append(
            f"{number + 1},Client {number % clients},{ticket},Ticket {ticket} about something,tech{number % people},"
            f"{day},{begins:02}:00,{ends},{hours},{hours},Client {number % clients} Support,Engineer,"
            f"{'Remote' if number % 3 else 'Onsite'},B,{NOTES} ({ticket}),Internal remark {number}"
        )
    return "\n".join(lines) + "\n"
