"""The report of an import looks at each client a few times, however many there are."""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.large_values import DocumentEncoder
from accounts.tenancy import tenant_scope
from imports.judging import similar_names
from imports.publishing.plan import ClientPlan
from imports.publishing.preview import plan_import
from imports.publishing.report import report
from tests.imports.uploading import NOW, an_import_world, row


def planned(time_machine, *companies):
    time_machine.move_to(NOW, tick=False)
    world = an_import_world()
    source = world.upload(*(row(number, each, "2026-02-10", "2") for number, each in enumerate(companies, 1)))
    with tenant_scope(world.provider):
        return plan_import(source, today=date(2026, 2, 16))


@pytest.fixture
def plan(time_machine):
    return planned(time_machine, "Acme Dental")


def with_clients(plan, count):
    one = plan.clients[0]
    clients = [replace(one, client=one.client._replace(slug=f"c{number}")) for number in range(count)]
    return replace(plan, clients=tuple(clients), questions=())


@pytest.mark.parametrize("count", [20, 40])
def test_the_report_asks_each_client_a_few_times_whether_it_waits(db, plan, monkeypatch, count):
    asked = 0
    blocked = ClientPlan.blocked.fget

    def counted(client):
        nonlocal asked
        asked += 1
        return blocked(client)

    monkeypatch.setattr(ClientPlan, "blocked", property(counted))

    report(with_clients(plan, count), published=False)

    assert count <= asked <= 6 * count


def test_each_unknown_company_is_compared_with_the_clients_once(db, time_machine, monkeypatch):
    compared, like = [], similar_names._like

    def counted(wanted, *others):
        compared.append(wanted)
        return like(wanted, *others)

    monkeypatch.setattr(similar_names, "_like", counted)

    plan = planned(time_machine, "Zeta", "Acme Dentl", "Acme Dentl", "Birch and Lowe")

    assert [each.company for each in plan.unknown] == ["Acme Dentl", "Birch and Lowe", "Zeta"]
    assert sorted(compared) == ["acme dentl", "birch and lowe", "zeta"]


TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
REPORTS = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXTS,
    lambda its: st.lists(its) | st.dictionaries(TEXTS, its),
)


@given(REPORTS)
def test_a_report_is_laid_out_at_once_and_says_the_same(said):
    assert json.loads(json.dumps(said, cls=DocumentEncoder)) == said
