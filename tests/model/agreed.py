"""What is agreed and said beside the files: names, rules, words, hours granted and approved, alerts."""

from datetime import timedelta
from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from retainers.models import Adjustment, TopUp
from retainers.restating.writing import RestatingError
from retainers.terms import Adjustment as AdjustmentTerms
from retainers.terms import TopUp as TopUpTerms
from tests.acceptance import reference
from tests.model import world
from tests.model.month import SLUGS, Month, slugs
from tests.model.plain import LIFE

EXPIRES = st.sampled_from(["never", "cycle", 1, "day"])
PERCENTS = (75, 90, 100)
ROWS = {"top_ups": TopUp, "adjustments": Adjustment}


class Agreed(Month):
    @rule(slug=slugs)
    def give(self, slug):
        """The company that belongs to one client becomes another's, with all that stands under its name."""
        self.plain.give("Acme West", slug)
        self._load()

    @rule(slug=slugs, name=st.sampled_from(["Limited", "& Partners"]))
    def rename(self, slug, name):
        client = self.plain.client(slug)
        if world.NAMES[slug] == client["name"]:
            client["psa_names"].append(client["name"])
            client["name"] = f"{client['name']} {name}"
            self._load()

    @rule(slug=slugs, seed=world.seeds, month=st.sampled_from([2, 3, 4, 5]))
    def renegotiate(self, slug, seed, month):
        first = LIFE.replace(month=month)
        terms = self.plain.retainer(slug)["terms"]
        if terms[-1]["from"] < first:
            terms.append(world.terms(world.Random(seed), first))
            self._load()

    @rule(seed=world.seeds)
    def rule_otherwise(self, seed):
        self.plain.file["rules"] = world.some_rules(seed)
        self._load()

    def _load(self):
        with self.marked():
            self.house.load(self.plain.document())
        self.before_newest = (0, None, {})

    @precondition(lambda self: self.plain.live)
    @rule(which=st.integers(0, 30))
    def word(self, which):
        """What a person writes stands on the client's page, and stays with its line."""
        key = sorted(self.plain.live)[which % len(self.plain.live)]
        text = f"Work number {key.removeprefix('E-')} was done"
        assert self.house.reword(key, text) == self.plain.owner(self.plain.live[key])
        self.plain.words[key] = text
        self.before_newest = (0, None, {})

    @rule(slug=slugs, day=world.days, hours=st.sampled_from(["5", "0.01", "2.75"]), expires=EXPIRES)
    def top_up(self, slug, day, hours, expires):
        self._grant(slug, "top_ups", self._a_grant(slug, day, hours, expires))

    @rule(
        slug=slugs,
        day=world.days,
        hours=st.sampled_from(["3", "-1.50", "-4", "0.75"]),
        agreed=st.booleans(),
    )
    def adjust(self, slug, day, hours, agreed):
        grant = self._a_grant(slug, day, hours, None) | {"reason": "Goodwill"}
        self._grant(slug, "adjustments", grant, agreed=agreed)

    def _a_grant(self, slug, day, hours, expires):
        *_, (first, *_rest) = reference.cycles(self.plain.retainer(slug), day)
        pool = reference.terms_on(self.plain.retainer(slug), first)["pools"][0]["key"]
        found = {"date": day, "hours": hours, "pool": pool}
        if expires is not None:
            found["expires"] = day + timedelta(20) if expires == "day" else expires
        return found

    def _grant(self, slug, kind, grant, *, agreed=True):
        before = self.bodies()
        try:
            with self.marked():
                self.house.grant(slug, **{kind: [_terms(kind, grant)]}, agreed=agreed)
        except RestatingError:
            assert not agreed
            assert self.bodies() == before
            return
        self.plain.retainer(slug)[kind].append(grant)
        self.before_newest = (0, None, {})

    @rule(slug=slugs, kind=st.sampled_from(["top_ups", "adjustments"]), which=st.integers(0, 5))
    def take_back(self, slug, kind, which):
        grants = self.plain.retainer(slug)[kind]
        if grants:
            place = which % len(grants)
            with self.marked():
                self.house.take_back(slug, ROWS[kind], place)
            del grants[place]
            self.before_newest = (0, None, {})

    @rule(slug=slugs, which=st.integers(0, 5), hours=st.sampled_from(["1", "8"]))
    def correct(self, slug, which, hours):
        """The corrected one stands last, as any that is granted now."""
        grants = self.plain.retainer(slug)["top_ups"]
        if grants and grants[which % len(grants)]["hours"] != hours:
            becomes = grants[which % len(grants)] | {"hours": hours}
            with self.marked():
                self.house.correct(slug, TopUp, which % len(grants), _terms("top_ups", becomes))
            del grants[which % len(grants)]
            grants.append(becomes)
            self.before_newest = (0, None, {})

    @rule(slug=slugs, hours=st.sampled_from(["1.00", "4.50"]).map(Decimal))
    def approve(self, slug, hours):
        *_, (first, *_rest) = reference.cycles(self.plain.retainer(slug), self.today)
        self.house.approve(slug, first, hours)
        self.plain.approved[slug, first] = self.plain.approved.get((slug, first), Decimal(0)) + hours
        self.before_newest = (0, None, {})

    @rule()
    def tick(self):
        """What is reached is told once: a second tick says nothing."""
        self.house.tell()
        assert self.house.tell() == 0
        said = self.house.balances()
        for slug in SLUGS:
            if said[slug]["through"] is None:
                continue
            cycle = self.plain.balances(slug, self.today)[-1]
            told = self.house.told(slug, cycle["starts"])
            for account, figures in _accounts(self.plain.retainer(slug), cycle):
                for percent in _reached(figures):
                    assert (account, str(percent)) in told, (slug, account, percent, figures)

    @rule(slug=slugs, people=st.sampled_from([1, 3, 0, None]))
    def incident(self, slug, people):
        """A live incident is an estimate beside the balance: no figure of it, closed cycle or mark is another one."""
        before = self.bodies()
        running = self.house.incident(slug, people)
        assert self.bodies() == before
        page = self.house.get(self.links[slug][1])
        assert ('class="notice live"' in page.text) or not running
        self.before_newest = (0, None, {})

    @rule()
    def verify(self):
        """Whatever was done, nothing of it is a fault."""
        assert self.house.faults() == []


def _terms(kind, grant):
    said = grant | {"hours": Decimal(grant["hours"])}
    return TopUpTerms(**said) if kind == "top_ups" else AdjustmentTerms(**said)


def _accounts(retainer, cycle):
    """(account, figures) of what is told by per cent of what was granted in the cycle; blocks have another measure."""
    terms = reference.terms_on(retainer, cycle["starts"])
    if reference.is_block(terms):
        return []
    if terms.get("sharing", "separate") == "shared":
        return [("", cycle["total"])]
    return [(pool["pool"], pool) for pool in cycle["pools"]]


def _reached(figures):
    granted = sum(figures[name] for name in ("carried_in", "allocated", "topped_up", "credited"))
    spent = granted - figures["remaining"] + figures["overage"]
    if spent <= 0 or granted <= 0:
        return []
    return [percent for percent in PERCENTS if spent * 100 >= granted * percent]
