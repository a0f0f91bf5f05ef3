"""Strange companies become clients: each with an agreement from a template, one by one or all that are ticked."""

import re
from html import unescape

import pytest
from django.urls import reverse

from accounts.models import Role
from accounts.tenancy import tenant_scope
from desk.agreements.usual_agreements import TEMPLATES
from retainers.models import Client, TopUp
from tests.factories import ProviderFactory
from tests.imports.uploading import ImportWorld, hidden, row
from tests.world import World

pytestmark = pytest.mark.usefixtures("monday")


def test_a_new_client_is_made_on_the_spot_with_an_agreement_from_a_template(world):
    source = world.upload(row(1, "Zeta Corp", "2026-02-10", "2"))
    fields = {"new": "0", "company-0": "Zeta Corp", "template-0": "bank", "cap-0": "12.5"}
    page = world.post("answer_company", source, **fields)
    assert "Zeta Corp is now a client" in page
    assert "isn’t a client yet" not in page
    world.publish(source, ("zeta-corp",))
    with tenant_scope(world.provider):
        client = Client.objects.get(slug="zeta-corp")
        (retainer,) = client.retainers.all()
        assert retainer.version.document["terms"][0]["pools"][0]["hours"] == "12.50"
        assert retainer.version.document["starts"] == "2026-02-01"
    assert [entry.day.isoformat() for entry in world.live("zeta-corp")] == ["2026-02-10"]


def test_a_cap_that_is_no_number_makes_no_client(world):
    source = world.upload(row(1, "Zeta Corp", "2026-02-10", "2"))
    page = world.post("answer_company", source, **{"new": "0", "company-0": "Zeta Corp", "cap-0": "lots"})
    assert "Zeta Corp: The hours:" in page
    with tenant_scope(world.provider):
        assert Client.objects.count() == 3


def made(world, name: str):
    """The one retainer of the client of that name."""
    with tenant_scope(world.provider):
        return Client.objects.get(name=name).retainers.select_related("version").get()


def test_all_ticked_companies_become_clients_at_once_each_with_its_agreement(world):
    names = ("Zeta Corp", "Omega Foods", "Quince & Co", "Left Alone")
    source = world.upload(*(row(n, name, "2026-02-10", "1") for n, name in enumerate(names)))
    page = world.page(source)
    fields = {f"company-{n}": unescape(hidden(page, f"company-{n}")) for n in range(4)}
    at = {fields[f"company-{n}"]: n for n in range(4)}
    said = {
        "make": [at[name] for name in names[:3]],
        f"cap-{at['Zeta Corp']}": "12.5",
        f"template-{at['Omega Foods']}": "block",
        f"cap-{at['Omega Foods']}": "40",
        f"template-{at['Quince & Co']}": "pools",
        f"cap-{at['Quince & Co']}": "10 + 5",
        "updates_on": ["mon", "thu"],
    }
    page = world.post("answer_company", source, new_ticked="1", **fields, **said)
    assert "3 clients created: Omega Foods, Quince &amp; Co and Zeta Corp" in page
    assert page.count("isn’t a client yet") == 1
    zeta, omega, quince = (made(world, name) for name in ("Zeta Corp", "Omega Foods", "Quince & Co"))
    assert zeta.version.document["terms"][0]["pools"][0]["hours"] == "12.50"
    assert zeta.version.document["updates_on"] == ["mon", "thu"]
    assert [pool["hours"] for pool in quince.version.document["terms"][0]["pools"]] == ["10.00", "5.00"]
    assert omega.version.document["terms"][0]["pools"][0]["hours"] == "0.00"
    with tenant_scope(world.provider):
        (bought,) = TopUp.objects.filter(retainer=omega)
    assert (str(bought.day), bought.hours_units) == ("2026-02-01", 4_000)


def test_one_figure_does_for_all_that_have_none_of_their_own(world):
    source = world.upload(row(1, "Zeta Corp", "2026-02-10", "2"), row(2, "Omega Foods", "2026-02-10", "1"))
    fields = {"company-0": "Zeta Corp", "company-1": "Omega Foods", "cap-1": "7", "cap-all": "15"}
    world.post("answer_company", source, new_ticked="1", make=["0", "1"], **fields)
    for name, hours in (("Zeta Corp", "15.00"), ("Omega Foods", "7.00")):
        assert made(world, name).version.document["terms"][0]["pools"][0]["hours"] == hours


@pytest.mark.parametrize(
    ("template", "hours", "said"),
    [
        ("bank", "", "Omega Foods: Enter the agreed hours."),
        ("bank", "12 + 8", "Omega Foods: Enter one figure."),
        ("pools", "12", "Omega Foods: Enter one figure for each pool, like 12 + 8."),
        ("block", "lots", "Omega Foods: The hours:"),
    ],
)
def test_hours_that_nobody_said_make_no_client_and_neither_the_others(world, template, hours, said):
    source = world.upload(row(1, "Zeta Corp", "2026-02-10", "2"), row(2, "Omega Foods", "2026-02-10", "1"))
    fields = {"company-0": "Zeta Corp", "cap-0": "5", "company-1": "Omega Foods", "cap-1": hours}
    page = world.post(
        "answer_company", source, new_ticked="1", make=["0", "1"], **{"template-1": template}, **fields
    )
    assert said in page
    with tenant_scope(world.provider):
        assert Client.objects.count() == 3


def two_rows(world, **said):
    """A file with two strangers, and its table as somebody filled it in."""
    source = world.upload(row(1, "Zeta Corp", "2026-02-10", "2"), row(2, "Omega Foods", "2026-02-10", "1"))
    fields = {
        "company-0": "Zeta Corp",
        "template-0": "pools",
        "cap-0": "12",
        "company-1": "Omega Foods",
        "template-1": "block",
        "cap-1": "lots",
        "make": ["0", "1"],
        "updates_on": ["tue", "thu"],
        "cap-all": "15",
        **said,
    }
    return source, fields


def as_filled_in(page):
    """What the table says: each company's tick, template and hours, the hours for the others, and the days."""
    rows = {
        unescape(name): (bool(tick), template, hours)
        for tick, name, template, hours in re.findall(
            r'name="make" value="\d+"( checked)?>.*?name="company-\d+" value="([^"]*)".*?'
            r'<option value="(\w+)" selected>.*?name="cap-\d+"[^>]*? value="([^"]*)"',
            page,
            re.DOTALL,
        )
    }
    days = re.findall(r'name="updates_on" value="(\w+)" checked', page)
    return rows, re.search(r'name="cap-all"[^>]*? value="([^"]*)"', page)[1], days


def test_rows_that_lack_something_are_each_told_so_and_nothing_typed_is_lost(world):
    source, fields = two_rows(world)
    page = world.post("answer_company", source, new_ticked="1", **fields)
    assert "No clients were created yet: please complete 2 rows." in page
    assert "Enter one figure for each pool, like 12 + 8." in page
    assert "The hours: “lots”" in page
    rows = {"Zeta Corp": (True, "pools", "12"), "Omega Foods": (True, "block", "lots")}
    assert as_filled_in(page) == (rows, "15", ["tue", "thu"])
    assert page.count("autofocus") == 1
    with tenant_scope(world.provider):
        assert Client.objects.count() == 3


def test_a_company_whose_name_a_client_must_not_read_is_named_in_its_own_row(world):
    source = world.upload(
        row(1, "Zeta Corp", "2026-02-10", "2"), row(2, "Omega (internal)", "2026-02-10", "1")
    )
    fields = {"company-0": "Zeta Corp", "company-1": "Omega (internal)", "cap-all": "5", "make": ["0", "1"]}
    fields |= {"template-0": "bank", "template-1": "bank"}
    page = unescape(world.post("answer_company", source, new_ticked="1", **fields))
    why = "“(internal)” reads like a note for colleagues only. Create this client with “New client”"
    assert f'<span class="error">{why}' in page
    assert f"Omega (internal): {why}" in page
    with tenant_scope(world.provider):
        assert Client.objects.count() == 3


def test_what_was_typed_of_the_others_stays_when_one_is_never_a_client(world):
    source, fields = two_rows(world)
    world.post("answer_company", source, never="0", **fields)
    page = world.page(source)
    assert as_filled_in(page) == ({"Omega Foods": (True, "block", "lots")}, "15", ["tue", "thu"])


def test_what_was_typed_is_kept_for_the_one_who_typed_it_and_for_that_file(world):
    source, fields = two_rows(world)
    world.post("choose_in_import", source, **fields)
    untouched = ({"Zeta Corp": (False, "bank", ""), "Omega Foods": (False, "bank", "")}, "", ["mon"])
    address = reverse("import", args=[source.pk])
    assert as_filled_in(world.person(Role.MANAGER).get(address).text) == untouched
    other = world.upload(
        row(1, "Zeta Corp", "2026-02-10", "2"), row(2, "Omega Foods", "2026-02-11", "1"), name="other.csv"
    )
    assert as_filled_in(world.page(other)) == untouched
    assert as_filled_in(world.page(source)) != untouched


def test_the_table_says_what_every_template_agrees_beside_its_hours(world):
    source, _fields = two_rows(world)
    assert "Work is rounded up to 0.25 h and counts twice after hours" in unescape(world.page(source))
    for template in TEMPLATES.values():
        terms = template.draft.terms[0]
        assert terms["increment"] == "0.25"
        assert [(kind["category"], kind["factor"]) for kind in terms.kinds] == [("after_hours", "2")]


def test_the_same_table_sent_twice_makes_nobody_twice(world):
    source = world.upload(row(1, "Zeta Corp", "2026-02-10", "2"))
    fields = {"company-0": "Zeta Corp", "cap-0": "5", "make": ["0"]}
    world.post("answer_company", source, new_ticked="1", **fields)
    assert "They are already clients." in world.post("answer_company", source, new_ticked="1", **fields)
    with tenant_scope(world.provider):
        assert Client.objects.count() == 4


def test_nobody_is_made_without_a_tick(world):
    source = world.upload(row(1, "Zeta Corp", "2026-02-10", "2"))
    page = world.post("answer_company", source, new_ticked="1", **{"company-0": "Zeta Corp", "cap-0": "5"})
    assert "Tick the companies that are clients." in page


def test_the_first_upload_has_every_company_ticked_and_later_ones_none(world):
    source = world.upload(row(1, "Zeta Corp", "2026-02-10", "2"))
    assert re.search(r'name="make" value="0">', world.page(source))
    nobody = ProviderFactory()
    first = ImportWorld(provider=nobody, manager=World(nobody).person(Role.OWNER))
    page = first.page(
        first.upload(row(1, "Zeta Corp", "2026-02-10", "2"), row(2, "Omega", "2026-02-10", "2"))
    )
    assert page.count(" checked>") >= 2
    assert re.search(r'name="make" value="0" checked>', page)
    assert "2 companies, none of them a client yet: make them" in page
    many = first.page(first.upload(*(row(n, f"Co {n}", "2026-02-10", "2") for n in range(20))))
    assert "<summary>8 more</summary>" not in many  # each is ticked, so each is in view


def test_what_the_file_calls_its_agreements_proposes_template_and_hours(world):
    text = "Entry ID,Client,Date,Hours,Agreement\n1,Zeta Corp,2026-02-10,1,Prepaid Block 40h\n"
    page = world.page(world.upload_bytes(text.encode()))
    assert "Prepaid Block 40h" in page
    assert re.search(r'name="cap-0"[^>]*value="40"', page)
    assert '<option value="block" selected>' in page
