"""The text of many agreements is what `json` writes of their documents, sign by sign."""

import json
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from desk.balances import laid_out
from portal.estimates import with_estimate
from retainers.coverage import Freshness
from retainers.ledger import balance
from retainers.models import Client, Publication, Retainer
from retainers.selectors import Standing
from retainers.settled import Closing
from retainers.standing_json import standing_json
from tests.retainers.strategies import histories

ESTIMATE = {"hours": "2.50", "people": 2, "ended": None, "multipliers": ["After “hours”"], "settled": False}
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))


def standing_of(history, through=None):
    agreed = history.agreement
    cycles = balance(
        agreed, history.works, history.top_ups, history.adjustments, history.on, history.approvals
    )
    gaps = ((date(2026, 1, 3), date(2026, 1, 4)),) if through else ()
    fresh = Freshness(through, through, through, late=False, by_pool={"reactive": through}, gaps=gaps)
    row = Retainer(key="it", client=Client(slug="birch", name="Birch"))
    return Standing(row, Publication(), agreed, history.on, fresh, cycles, (), (), ())


@given(st.lists(histories(), max_size=3), st.data())
def test_the_text_is_what_json_writes_of_the_documents(found, data):
    documents = []
    for history in found:
        standing = standing_of(history, data.draw(st.none() | DAYS))
        closed = {
            each.starts: Closing(each.ends, data.draw(st.none() | DAYS))
            for each in standing.cycles
            if each.closed
        }
        restated = {each.starts: data.draw(st.lists(DAYS, max_size=2)) for each in standing.cycles[:2]}
        told = standing_json(standing, closed, restated)
        documents.append(with_estimate(told, data.draw(st.sampled_from([None, ESTIMATE]))))
    assert laid_out(documents) == json.dumps(documents, indent=2, ensure_ascii=False) + "\n"
