"""Companies of a large file are settled without working the file out in the request."""

import pytest
from django.urls import reverse

from accounts.tenancy import tenant_scope
from imports.models import Import, NeverOurs
from imports.publishing import preview as previewing
from retainers.models import Client
from tests.imports.long.orders import looked_at
from tests.imports.uploading import row

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("answer", [{"never_all": "1"}, {"new_ticked": "1", "make": "0", "cap-0": "5"}])
def test_companies_are_settled_without_working_a_large_file_out_in_the_request(world, monkeypatch, answer):
    rows = ("Acme Dental", "Zeta Corp", "Omega Foods")
    source = world.upload(*(row(n, name, "2026-02-10", "1") for n, name in enumerate(rows)))
    looked_at(world, source)
    with tenant_scope(world.provider):
        Import.objects.update(options={"skip_bad_rows": True, "starts": "2026-02-01"})
    in_request = forbidden(monkeypatch)

    world.post("answer_company", source, **answer, **{"company-0": "Zeta Corp"})

    assert in_request == []
    with tenant_scope(world.provider):
        settled = [each.name for each in NeverOurs.objects.all()]
        made = Client.objects.filter(name="Zeta Corp").exists()
    assert (settled, made) in ((["Omega Foods", "Zeta Corp"], False), ([], True))


@pytest.mark.parametrize("answer", [{"never_all": "1"}, {"new_ticked": "1", "make": "0", "cap-0": "5"}])
def test_companies_of_a_large_file_that_nobody_has_looked_at_wait_for_its_preview(world, monkeypatch, answer):
    source = world.upload(row(1, "Zeta Corp", "2026-02-10", "1"))
    in_request = forbidden(monkeypatch)

    page = world.post("answer_company", source, **answer, **{"company-0": "Zeta Corp"})

    assert "The preview isn’t ready yet. Please answer once it is." in page
    assert in_request == []


def test_a_preview_that_is_to_be_worked_out_after_a_wrong_answer_is_asked_for_where_it_can_be_read_again(
    world,
):
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "1"), row(2, "Zeta Corp", "2026-02-10", "1"))
    looked_at(world, source)
    with tenant_scope(world.provider):
        Import.objects.update(options={"skip_bad_rows": True, "starts": "2026-02-01"})
    wrong = {"new_ticked": "1", "make": "0", "company-0": "Zeta Corp", "cap-0": "many"}

    answer = world.manager.post(reverse("answer_company", args=[source.pk]), wrong)

    assert answer.url == reverse("import", args=[source.pk])
    assert "preview of this file is being prepared" in world.page(source)


def forbidden(monkeypatch):
    """Which files are planned from here on."""
    planned, really = [], previewing._plan

    def plan(source, *said):
        planned.append(source.file_name)
        return really(source, *said)

    monkeypatch.setattr(previewing, "_plan", plan)
    return planned
