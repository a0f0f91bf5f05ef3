"""How often the day on which hours end lies in the stated range, on simulated clients whose work comes in bursts.

    python -m bench.run_out [clients]

Each simulated client has small jobs (a few a week) and incidents (every few weeks, several hours over up to three
days), at rates of its own. Half a year is its history; what follows decides when the hours that are left really end.
Both methods of `presentation.pace` see the same histories, so their figures are compared side by side.
"""

import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

from presentation.pace import RunOut, even_paces, replayed

COVERED = date(2026, 11, 20)
PAST, FUTURE = 182, 400
SEED = 20261122


def days_of_work(chance: random.Random) -> Iterator[Decimal]:
    """Hours day by day, for ever."""
    jobs, incidents = chance.uniform(0.15, 0.6), chance.uniform(1 / 45, 1 / 12)
    heavy = chance.uniform(2, 7)
    waiting: list[float] = []
    while True:
        hours = sum(chance.choice((0.25, 0.5, 0.75, 1)) for _ in range(2) if chance.random() < jobs / 2)
        if chance.random() < incidents:
            size = min(chance.lognormvariate(0, 0.6) * heavy, 30)
            spread = chance.randint(1, 3)
            waiting += [size / spread] * spread
        if waiting:
            hours += waiting.pop()
        yield Decimal(round(hours * 4)) / 4


def simulated(chance: random.Random) -> tuple[list[SimpleNamespace], Decimal, date]:
    """A history as draws, what is left, and the day on which that really ends."""
    stream = days_of_work(chance)
    past = [next(stream) for _ in range(PAST)]
    month = sum(past, Decimal(0)) * 30 / PAST
    left = max(Decimal(round(float(month) * chance.uniform(0.15, 0.9) * 4)) / 4, Decimal("0.5"))
    draws = [
        SimpleNamespace(work=SimpleNamespace(day=COVERED - timedelta(days=PAST - 1 - at)), hours=hours)
        for at, hours in enumerate(past)
        if hours
    ]
    used, ends = Decimal(0), COVERED + timedelta(days=FUTURE)
    for at in range(1, FUTURE):
        used += next(stream)
        if used >= left:
            ends = COVERED + timedelta(days=at)
            break
    return draws, left, ends


def main(clients: int) -> None:
    chance = random.Random(SEED)
    held = {"replayed": 0, "even paces": 0}
    width = {"replayed": 0, "even paces": 0}
    missed = {"replayed": 0, "even paces": 0}
    for _ in range(clients):
        draws, left, ends = simulated(chance)
        starts = COVERED - timedelta(days=chance.randint(7, 29))
        said = {
            "replayed": replayed(left, draws, covered=COVERED, since=COVERED),
            "even paces": even_paces(
                left, draws, cycle_starts=starts, life_starts=date(2020, 1, 1), covered=COVERED
            ),
        }
        for name, found in said.items():
            found = found or RunOut()
            last = found.last or COVERED + timedelta(days=FUTURE)
            first = found.first or last
            held[name] += first <= ends <= last
            missed[name] += ends < first
            width[name] += (last - first).days
    print(f"{clients} simulated clients, seed {SEED}")
    for name in held:
        print(
            f"{name:11} the day lay in the range {held[name] / clients:.0%} of the time, before it"
            f" {missed[name] / clients:.0%}; the range spans {width[name] / clients:.0f} days on average"
        )
    print(f"replayed / even paces: {held['replayed'] / max(held['even paces'], 1):.1f} times as often right")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
