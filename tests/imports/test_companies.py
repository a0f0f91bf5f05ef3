"""From company to client: compared by what a name says, settled with one click, remembered, asked about again."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.models import AuditEvent
from accounts.tenancy import tenant_scope
from imports.judging.companies import never_ours
from imports.models import NeverOurs
from retainers.models import Client, CompanyName
from tests.factories import agreement_file, load_agreements
from tests.imports.uploading import NOW, row

pytestmark = pytest.mark.usefixtures("monday")


def bring(world, tmp_path, *rows: str, **options: str) -> dict:
    (tmp_path / "week.csv").write_text("Entry ID,Client,Date,Hours\n" + "\n".join(rows) + "\n")
    out = StringIO()
    words = [f"--{name}" if value == "" else f"--{name}={value}" for name, value in options.items()]
    call_command(
        "import_csv",
        str(tmp_path / "week.csv"),
        f"--provider={world.provider.slug}",
        "--json",
        *words,
        stdout=out,
    )
    found: dict = json.loads(out.getvalue())
    return found


def test_the_same_client_whatever_the_code_points(world, tmp_path):
    with tenant_scope(world.provider):
        client = Client.objects.get(slug="acme")
        for name in ("Müller GmbH", "O'Brien & Sons"):
            key = name.casefold()
            CompanyName.objects.create(client=client, name=name, key=key)
    rows = ("Mu\u0308ller GmbH", "O\u2019Brien & Sons", "MÜLLER  GMBH", "Mueller GmbH", "Müller GmbH.")
    found = bring(world, tmp_path, *(f"{n},{name},2026-02-10,1" for n, name in enumerate(rows)))
    assert found["entries"]["new"] == 3
    assert [each["company"] for each in found["unknown_companies"]] == ["Müller GmbH.", "Mueller GmbH"]


def test_never_ours_is_excluded_with_its_hours_and_stops_nothing(world):
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "2"), row(2, "Zeta Corp", "2026-02-10", "3"))
    page = world.post("answer_company", source, **{"never": "0", "company-0": "Zeta Corp"})
    assert "Never a client from now on: Zeta Corp" in page
    assert "isn’t a client yet" not in page
    world.publish(source)
    result = world.fresh(source).result
    assert {"line": 3, "reason": "not a client"} in result["excluded"]
    assert (result["entries"]["unknown"], result["entries"]["excluded"]) == (0, 1)
    (left_out,) = [each for each in result["left_out"] if each["reason"] == "not a client"]
    assert (left_out["company"], left_out["hours"]) == ("Zeta Corp", "3.00")


def test_never_ours_sent_twice_says_that_nothing_has_changed(world):
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "2"), row(2, "Zeta Corp", "2026-02-10", "3"))
    sent = {"never": "0", "company-0": "Zeta Corp"}
    world.post("answer_company", source, **sent)
    page = world.post("answer_company", source, **sent)
    assert "That was already answered; nothing has changed." in page
    assert "Never a client from now on" not in page


def test_it_is_remembered_however_it_is_written_and_asked_about_again(world):
    first = world.upload(row(1, "Zeta Corp", "2026-02-10", "3"))
    world.post("answer_company", first, **{"never": "0", "company-0": "Zeta Corp"})
    again = world.upload(row(1, "ZETA  corp", "2026-02-10", "3"))
    assert "isn’t a client yet" not in world.page(again)
    with tenant_scope(world.provider):
        marked = NeverOurs.objects.get()
        assert AuditEvent.objects.get(action="company never ours").subject == "Zeta Corp"
    assert "Zeta Corp" in world.manager.get(reverse("companies")).text
    world.manager.post(reverse("ask_about_company", args=[marked.pk]))
    assert "isn’t a client yet" in world.page(again)


def test_all_others_are_no_clients_with_one_click_but_not_those_with_a_like_name(world):
    names = ("Zeta Corp", "Acme Dental Ltd", "Omega Foods", "CafÃ© Rossi")
    source = world.upload(*(row(n, name, "2026-02-10", "1") for n, name in enumerate(names)))
    page = world.post("answer_company", source, never_all="1")
    assert page.count("isn’t a client yet") == 2
    with tenant_scope(world.provider):
        assert [each.name for each in NeverOurs.objects.all()] == ["Omega Foods", "Zeta Corp"]


def test_the_providers_own_name_is_no_client_from_the_start(world, tmp_path):
    own = world.provider.name.upper()
    found = bring(world, tmp_path, f"1,{own},2026-02-10,1", "2,Acme Dental,2026-02-10,1")
    assert found["unknown_companies"] == []
    assert found["excluded"] == [{"line": 2, "reason": "not a client"}]


def test_a_client_that_is_known_by_the_providers_name_keeps_its_rows(world, tmp_path):
    with tenant_scope(world.provider):
        client = Client.objects.get(slug="acme")
        name = world.provider.name
        CompanyName.objects.create(client=client, name=name, key=name.casefold())
    assert bring(world, tmp_path, f"1,{name},2026-02-10,1")["entries"]["new"] == 1


def test_in_a_file_for_one_client_a_company_that_is_never_ours_is_excluded_and_others_are_refused(
    world, tmp_path
):
    with tenant_scope(world.provider):
        NeverOurs.objects.create(name="Zeta Corp", key="zeta corp")
    rows = (
        "1,Zeta Corp,2026-02-10,1",
        "2,Omega,2026-02-10,1",
        "3,Birch & Lowe,2026-02-10,1",
        "4,,2026-02-10,1",
    )
    found = bring(world, tmp_path, *rows, client="acme")
    assert [each["line"] for each in found["excluded"]] == [2]
    assert [each["line"] for each in found["problems"]] == [3, 4]
    assert found["entries"]["new"] == 1


def test_letters_that_no_language_has_are_never_learned_by_a_click(world):
    source = world.upload(row(1, "MÃ¼ller", "2026-02-10", "2"))
    page = world.page(source)
    assert "aren’t from any language" in page
    assert "Map to this client" not in page
    for button in ({"company": "0:acme"}, {"never": "0"}, {"new": "0", "cap-0": "5"}):
        assert "wrong encoding" in world.post("answer_company", source, **{**button, "company-0": "MÃ¼ller"})
    with tenant_scope(world.provider):
        assert not NeverOurs.objects.exists()
        assert not CompanyName.objects.filter(name__contains="Ã").exists()
        assert Client.objects.count() == 3


def test_a_companys_name_is_tried_and_the_list_has_pages(world):
    with tenant_scope(world.provider):
        never_ours(companies=[f"Stranger {n:03}" for n in range(55)], by=None, at=NOW)
    address = reverse("companies")
    assert "1–50 of 55" in world.manager.get(address).text
    assert "Stranger 054" in world.manager.get(address, {"page": "2"}).text
    names = ("acme dental", "STRANGER 054", "Nobody Ltd")
    client, never, new = (world.manager.get(address, {"q": name}).text for name in names)
    assert "go to Acme Dental." in client
    assert "are excluded from every file." in never
    assert "Stranger 001" not in never
    assert "asks which client it is." in new


def test_all_unknown_companies_are_listed_the_likeliest_first(world):
    strangers = [row(n, f"Stranger {chr(65 + n % 26)}{n}", "2026-02-10", "1") for n in range(60)]
    near = [row(100, "Acme Dental Group", "2026-02-10", "1"), row(101, "Acme Dental Inc.", "2026-02-10", "1")]
    page = world.page(world.upload(*strangers, *near))
    assert page.count("isn’t a client yet") == 62
    assert page.index("“Acme Dental Inc.”") < page.index("“Acme Dental Group”") < page.index("“Stranger")
    assert "60 companies aren’t like any of your clients" in page
    in_view, _fold, folded = page.partition("<summary>48 more</summary>")
    assert (in_view.count('name="make"'), folded.count('name="make"')) == (12, 48)


def test_a_company_is_given_to_a_client_by_the_name_that_was_typed(world):
    source = world.upload(row(1, "Zeta Corp", "2026-02-10", "2"))
    fields = {"company": "0", "company-0": "Zeta Corp", "client-0": "birch & LOWE"}
    assert "is now mapped to Birch &amp; Lowe" in world.post("answer_company", source, **fields)


def naming(provider, *names: str) -> str:
    """A file by which these names are Birch's."""
    birch = {"slug": "birch", "name": "Birch & Lowe", "psa_names": names}
    return agreement_file(birch, slug=provider.slug, name=provider.name)


def give_the_name_to_birch(world, tmp_path) -> None:
    with tenant_scope(world.provider):
        client = Client.objects.get(slug="acme")
        CompanyName.objects.create(client=client, name="Acme Dental West", key="acme dental west")
    yield
    load_agreements(tmp_path, naming(world.provider, "Acme Dental West"))


def test_a_company_name_under_which_nothing_stands_passes_to_another_client(world, tmp_path):
    step = give_the_name_to_birch(world, tmp_path)
    next(step)
    next(step, None)
    with tenant_scope(world.provider):
        assert CompanyName.objects.get(key="acme dental west").client.slug == "birch"
        event = AuditEvent.objects.get(action="company mapped")
        assert event.detail["clients"] == ["birch", "acme"]


def test_a_clients_own_name_passes_to_nobody(world, tmp_path):
    with pytest.raises(CommandError, match="already belongs to the client acme"):
        load_agreements(tmp_path, naming(world.provider, "Acme Dental"))
