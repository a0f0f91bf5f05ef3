"""Forms that show what they would do: nothing is published by an answer that is no redirect."""

import re

import pytest

from accounts.tenancy import tenant_scope
from desk.agreements.draft import draft_of
from retainers.agreements import agreement_from_document
from retainers.models import AgreementVersion, Publication, Retainer
from tests.desk.acting import HOME
from tests.desk.agreements.test_draft import posted
from tests.world import world  # noqa: F401

GRANT = {
    "kind": "top_up",
    "hours": "5",
    "date": "2026-06-22",
    "pool": "main",
    "expires": "never",
    "note": "PO",
}
RENEWAL = {"last_day": "2026-12-31", "name": "Next year"}


def agreement_of(retainer):
    with tenant_scope(retainer.provider):
        row = Retainer.objects.select_related("version").get(pk=retainer.pk)
        post = posted(draft_of(agreement_from_document(row.version.document)))
    return {**{name: post.getlist(name) for name in post}, "name": "Another name"}


FORMS = {
    "grant": (f"{HOME}/grants/add/", lambda row: {**GRANT, "pool": pool_of(row)}, {"save": "1"}, "checked"),
    "agreement": (f"{HOME}/agreement/", agreement_of, {"do": "save"}, "seen"),
    "renewal": (f"{HOME}/renew/", lambda row: RENEWAL, {"save": "1"}, "seen"),
}


def pool_of(retainer):
    with tenant_scope(retainer.provider):
        return Retainer.objects.get(pk=retainer.pk).version.document["terms"][0]["pools"][0]["key"]


def written(retainer):
    with tenant_scope(retainer.provider):
        return Publication.objects.count(), AgreementVersion.objects.count()


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("mark", ["", "words:0", "0" * 64])
def test_a_save_that_was_never_looked_at_publishes_nothing(as_role, retainer, name, mark):
    path, said, save, field = FORMS[name]
    before = written(retainer)
    answer = as_role().post(path, {**said(retainer), **save, field: mark})
    assert answer.status_code == 409
    assert written(retainer) == before


@pytest.mark.parametrize("name", FORMS)
def test_a_look_publishes_nothing_and_its_mark_saves_once(as_role, retainer, name):
    path, said, save, field = FORMS[name]
    client, form, before = as_role(), said(retainer), written(retainer)
    looked = client.post(path, {**form, "check": "1", "do": "check"})
    assert (looked.status_code, written(retainer)) == (200, before)
    form |= {**save, field: re.search(rf'name="{field}" value="([^"]+)"', looked.text)[1]}
    answers = [client.post(path, form) for _ in range(2)]
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, answers[0]["Location"])}
    after = written(retainer)
    client.post(path, form)
    assert written(retainer) == after != before
