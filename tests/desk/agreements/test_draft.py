"""The form and the file say the same: an agreement goes through the form and comes out as it was."""

from dataclasses import replace
from datetime import date

import pytest
from django.http import QueryDict
from hypothesis import given

from desk.agreements import worked
from desk.agreements.draft import AgreementDraft, KindDraft, PoolDraft, TermsDraft, draft_of
from desk.agreements.fields import Form, kind_fields, name_and_days
from desk.agreements.tables import input_of, table_of
from desk.agreements.texts import RowDraft
from desk.agreements.tried import tried
from desk.agreements.usual_agreements import TEMPLATES, from_template
from retainers.agreements.problems import Place
from retainers.agreements.retainer_tables import read_retainer
from retainers.agreements.tables import Table
from tests.retainers.test_agreements_documents import agreements


def posted(draft: AgreementDraft) -> QueryDict:
    """The draft as a browser sends it."""
    post = QueryDict(mutable=True)
    send(post, "", draft)
    for at, terms in enumerate(draft.terms):
        prefix = f"terms-{at}-"
        send(post, prefix, terms)
        post[f"{prefix}since"] = terms.since
        for row, pool in enumerate(terms.pools):
            send(post, f"{prefix}pools-{row}-", pool)
        for row, kind in enumerate(terms.kinds):
            send(post, f"{prefix}kinds-{row}-", kind)
        for word in terms.words:
            post[prefix + word.name] = word.text
    return post


def send(post: QueryDict, prefix: str, row: RowDraft) -> None:
    """Every input of a row: of boxes, those that are ticked."""
    for name, said in row.inputs().items():
        post.setlist(prefix + name, row[name].split() if said.kind.asked == "boxes" else [row[name]])


def read(draft: AgreementDraft):
    table = Table(table_of(draft), Place(), [])
    return read_retainer(table, has_business_hours=True).agreement, table.findings


@given(agreements())
def test_an_agreement_that_goes_through_the_form_comes_out_as_it_was(agreement):
    bare = replace(agreement, rules=())
    draft = AgreementDraft.read(posted(draft_of(bare).with_spare_rows()))
    found, findings = read(draft)
    assert findings == []
    assert found == bare


@pytest.mark.parametrize("scope", [" ", "\n ", " two\n lines "])
def test_prose_comes_out_to_the_letter(scope):
    """Blank or not: the file's reader keeps it so, and the form has no other one."""
    terms = from_template("hybrid", date(2026, 11, 22)).terms[0].saying(scope=scope)
    draft = AgreementDraft.read(posted(replace(from_template("hybrid", date(2026, 11, 22)), terms=(terms,))))
    assert read(draft)[0].terms[0].scope == scope


@pytest.mark.parametrize("key", TEMPLATES)
def test_each_template_is_an_agreement_that_can_be_saved(key):
    found, findings = read(AgreementDraft.read(posted(from_template(key, date(2026, 11, 22)))))
    assert findings == []
    assert found.starts == date(2026, 11, 1)
    assert worked.call(tried(found, found.terms[0]))


def test_a_key_is_made_from_the_name_where_none_was_given():
    terms = TermsDraft(
        pools=(PoolDraft.of(name="On-site Hours!", hours="5"),),
        kinds=(KindDraft.of(name="VIP", factor="2"),),
    )
    draft = AgreementDraft.read(
        posted(AgreementDraft({"name": "X", "key": "x", "starts": "2026-01-01"}, (terms,)))
    )
    assert draft.terms[0].pools[0]["key"] == "on_site_hours"
    assert draft.terms[0].kinds[0]["category"] == "vip"


def test_a_kind_of_work_that_everybody_has_is_known_by_its_name():
    kinds = (KindDraft.of(name="On site", factor="2"), KindDraft.of(name="After hours", factor="1.5"))
    terms = TermsDraft(pools=(PoolDraft.of(name="Hours", hours="5"),), kinds=kinds)
    draft = AgreementDraft.read(posted(AgreementDraft({"name": "X", "key": "x"}, (terms,))))
    assert [kind["category"] for kind in draft.terms[0].kinds] == ["onsite", "after_hours"]


def test_a_kind_of_work_that_is_renamed_keeps_what_rules_call_it():
    stands = KindDraft.of(name="After hours", category="after_hours", factor="2")
    new = KindDraft.of(name="Weekend")
    chosen = [
        kind_fields(Form(AgreementDraft({}), {}), "terms-0-", 0, kind)[-1].value for kind in (stands, new)
    ]
    assert chosen == ["after_hours", ""]
    terms = TermsDraft(
        pools=(PoolDraft.of(name="Hours", hours="5"),), kinds=(stands.saying(name="Evenings"),)
    )
    draft = AgreementDraft.read(posted(AgreementDraft({"name": "X", "key": "x"}, (terms,))))
    assert draft.terms[0].kinds[0]["category"] == "after_hours"


def test_a_name_in_another_script_has_a_key_too():
    terms = TermsDraft(pools=(PoolDraft.of(name="サポート", hours="5"), PoolDraft.of(name="Büro", hours="5")))
    draft = AgreementDraft.read(posted(AgreementDraft({"name": "X", "key": "x"}, (terms,))))
    one, other = [pool["key"] for pool in draft.terms[0].pools]
    assert one.startswith("named_")
    assert other == "buro"


def test_a_key_that_is_the_names_own_is_not_shown_and_follows_it():
    asked = {
        field.name: field
        for field in name_and_days(Form(AgreementDraft({"name": "IT", "key": "it"}), {}), True)
    }
    own = {
        field.name: field
        for field in name_and_days(Form(AgreementDraft({"name": "IT", "key": "a"}), {}), True)
    }
    assert (asked["key"].kind, asked["key"].value, own["key"].value) == ("folded", "", "a")


def pool(key, name, hours):
    return PoolDraft.of(key=key, name=name, hours=hours)


WRONG = AgreementDraft(
    {
        "key": "support",
        "name": "IT",
        "starts": "2026-01-01",
        "months": "2",
        "alerts": "own",
        "alert_percent": "0",
    },
    (
        TermsDraft(
            {"overage": "bill", "rollover": "yes", "rollover_cycles": "0", "minimum": "x"},
            pools=(pool("a", "A", "-1"), pool("b", "B", "many")),
            kinds=(
                KindDraft.of(category="m", name="Min only", minimum="1"),
                KindDraft.of(category="n", name="Night", factor="-2"),
            ),
        ),
        TermsDraft(since="2026-02-31", pools=(pool("a", "A", "1"),)),
    ),
)


def test_what_is_wrong_is_told_beside_its_input():
    _, findings = read(WRONG)
    names = {input_of(place.path, WRONG) for place, _ in findings}
    assert {
        "months",
        "alert_percent",
        "terms-0-overage_rate",
        "terms-0-rollover_cycles",
        "terms-0-minimum",
        "terms-0-pools-0-hours",
        "terms-0-pools-1-hours",
        "terms-0-kinds-1-factor",
        "terms-1-since",
    } <= names


def test_the_worked_lines_are_the_ledgers_own():
    draft = from_template("bank", date(2026, 11, 22))
    terms = draft.terms[0].saying(
        rollover="yes",
        rollover_hours="10",
        overage="bill",
        overage_rate="165",
        proration="daily",
    )
    found, _ = read(replace(draft.saying(starts="2026-11-16", anchor_day="1"), terms=(terms,)))
    case = tried(found, found.terms[0])
    assert (worked.call(case), worked.close(case), worked.overage(case), worked.cycles(found)) == (
        "A 50-minute call counts 1.00 h and after hours 2.00 h.",
        "20.0 h left at the close: 10.0 h are carried over, 10.0 h lapse.",
        "2.5 h past the cap are billed at $165 an hour: $412.50.",
        "Cycles begin on 16 November 2026, 1 December 2026 and 1 January 2027."
        " The first cycle is partial: 10.00 h of 20.",
    )
