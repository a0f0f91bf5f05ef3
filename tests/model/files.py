"""What the PSA keeps and the files that are brought of it: partial, renamed, spoiled, of another program, undone."""

from collections import Counter

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from imports.publishing.hindrances import HinderedError
from imports.publishing.undo import NotUndoableError
from tests.model import world
from tests.model.month import Month, slugs, without_marks


class Files(Month):
    @rule(entry=world.entries())
    def enter(self, entry):
        self.plain.made += 1
        row = world.named(self.plain.made, entry)
        self.plain.psa[row["id"]] = row

    @rule(which=st.integers(0, 30), entry=world.entries())
    def change(self, which, entry):
        if self.plain.psa:
            key = sorted(self.plain.psa)[which % len(self.plain.psa)]
            self.plain.psa[key] |= entry

    @rule(which=st.integers(0, 30))
    def delete(self, which):
        if self.plain.psa:
            del self.plain.psa[sorted(self.plain.psa)[which % len(self.plain.psa)]]

    @rule(
        span=st.tuples(world.days, world.days).map(sorted),
        only=st.none() | st.none() | slugs,
        spoiled=st.booleans(),
        renamed=st.sampled_from([False, False, True]),
        pool=st.sampled_from(["", "", "", "scheduled"]),
        restate=st.booleans(),
    )
    def export(self, span, only, spoiled, renamed, pool, restate):
        """The PSA's file: partial, renamed (a name that no client has), with a row nobody can read, for one client."""
        span = (span[0], min(span[1], self.today))
        rows = [dict(row) for _, row in sorted(self.plain.psa.items()) if span[0] <= row["date"] <= span[1]]
        if pool:
            rows = [row for row in rows if self.plain.owner(row) and self.plain.pool(row) == pool]
        for row in rows:
            if renamed and row["company"] == "Acme":
                row["company"] = "Acme LLC"
        data = world.export(rows)
        if spoiled and rows:
            rows[0]["worked"], was = None, rows[0]["worked"]
            text = data.decode().splitlines(keepends=True)
            text[1] = text[1].replace(f",{was},", ",?,", 1)
            data = "".join(text).encode()
        said = {"only": only, "pools": (pool,) if pool else ()}
        self._bring(data, rows, span, said, restate=restate, tracker=False)

    @rule(
        span=st.tuples(world.days, world.days).map(sorted),
        lines=st.lists(world.tracked(), max_size=4),
        restate=st.booleans(),
    )
    def track(self, span, lines, restate):
        """A file of another program: it decides about its own lines alone."""
        span = (span[0], min(span[1], self.today))
        rows = [row for row in lines if span[0] <= row["date"] <= span[1]]
        self._bring(world.tracker_export(rows), rows, span, {}, restate=restate, tracker=True)

    def _bring(self, data, rows, span, said, *, restate, tracker):
        if span[0] > span[1]:
            return
        before = self.bodies()
        try:
            with self.marked(settled_only=True):
                result = self.house.bring(data, len(rows), span, restate=restate, **said)
        except HinderedError:
            result = None
        if result is None:  # somebody has to agree first, or nobody is left whom the file speaks for
            assert not restate or not any(self.plain.owner(row) for row in rows if row["worked"])
            assert self.bodies() == before
            return
        assert not (restate and result["held"])
        kept = self.bodies()
        for slug in result["held"]:
            assert kept[slug] == before[slug]
        number = result["import"]
        if tracker:
            held = [row for row in rows if self.plain.owner(row) in result["held"]]
            stay = Counter(
                {
                    line: count
                    for line, count in self.plain.lines.items()
                    if self.plain.owner(dict(line)) in result["held"]
                    and span[0] <= dict(line)["date"] <= span[1]
                }
            )
            kept_rows = [row for row in rows if row not in held]
            kept_rows += [dict(line) for line in stay.elements()]
            self.plain.track(number, kept_rows, span)
        else:
            self.plain.take(number, rows, span, held=result["held"], **said)
        self.before_newest = (number, self.at, before)

    @precondition(lambda self: self.plain.imports)
    @rule()
    def undo(self):
        brought = self.plain.imports[-1]
        number = brought.number
        try:
            with self.marked(settled_only=True):
                self.house.undo(number)
        except NotUndoableError:  # a file that changed nothing has nothing to take back
            assert not brought.put
            assert not brought.took
        self.plain.undo()
        if self.before_newest[:2] == (number, self.at):
            assert self.plain_bodies() == without_marks(self.before_newest[2])
        self.before_newest = (0, None, {})

    before_newest = (0, None, {})
