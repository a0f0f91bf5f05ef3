"""How good and how fast the leak check is: precision and recall per kind, and how time grows with length.

Run as `python -m bench.leaks`; with `--lines develop` it also lists what is wrong in the develop part.
The held-out part is only ever shown as figures.
"""

import sys
import time

from leaks import KINDS, LeakContext, find_leaks
from tests.leaks import corpus

PARTS = ("develop", "heldout")
ODD = ("a", "1", "a ", "pw ", "1.1.1.1 ", "a@b.c ", "#48211 ", "$1 ")


def main() -> None:
    for part in PARTS:
        show(part)
    for piece in ODD:
        print(f"four times as many {piece!r} take {growth(piece):.1f} times as long")
    if "--lines" in sys.argv:
        show_wrong(corpus.read("develop"))


def show(part: str) -> None:
    lines = corpus.read(part)
    leaking = sum(bool(line.leaks) for line in lines)
    print(f"{part}: {len(lines)} lines, {leaking} that leak, {len(lines) - leaking} that do not")
    print(f"  {'':12} {'precision':>9} {'recall':>7}   right false missed")
    for kind in KINDS:
        show_score(kind, corpus.by_leak(lines, kind))
    show_score("leaks", corpus.by_leak(lines))
    show_score("lines", corpus.by_line(lines))
    print(f"  {speed(lines):.3f} s per 1000 lines\n")


def show_score(name: str, score: corpus.Score) -> None:
    figures = f"{score.precision:9.3f} {score.recall:7.3f}   {score.right:5} {score.false:5} {score.missed:6}"
    print(f"  {name:12} {figures}")


def speed(lines: list[corpus.Line]) -> float:
    started = time.perf_counter()
    for line in lines:
        find_leaks(line.text, line.context)
    return (time.perf_counter() - started) * 1000 / len(lines)


def growth(piece: str) -> float:
    """How much longer four times the text takes: about 4 where the scan is linear."""
    short, long = (min(seconds(piece * count) for _ in range(3)) for count in (30_000, 120_000))
    return long / short


def seconds(text: str) -> float:
    started = time.process_time()
    find_leaks(text, LeakContext(technicians=frozenset({"Webb, Marcus"}), tickets=frozenset({"48211"})))
    return time.process_time() - started


def show_wrong(lines: list[corpus.Line]) -> None:
    for line in lines:
        hits = find_leaks(line.text, line.context)
        for kind, leak in line.leaks:
            kinds = [hit.kind for hit in hits if leak in hit.text]
            if kind not in kinds:
                what = f"other kind ({', '.join(kinds)})" if kinds else "missed"
                print(f"{what} {line.number}: {kind} {leak!r} in {line.text!r}")
        for hit in hits:
            if corpus.is_false(hit, line):
                print(f"false {line.number}: {hit.kind} {hit.text!r} in {line.text!r}")


if __name__ == "__main__":
    main()
