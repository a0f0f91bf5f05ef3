"""The versions of an agreement, each by what it changed."""

import re
from dataclasses import replace
from datetime import date, time
from decimal import Decimal

from django.urls import reverse

from accounts.tenancy import tenant_scope
from desk.agreements.versions import changes_between
from retainers.agreements import agreement_document, agreement_from_document
from retainers.models import (
    AgreementVersion,
)
from retainers.terms import BusinessHours
from tests.desk.agreements.pages.conftest import SUPPORT, form_of, lists, save, stands


def test_every_version_is_shown_by_what_it_changed_in_the_words_of_the_form(provider, manager):
    changed = {"terms-0-pools-0-hours": "12", "terms-0-overage": "bill", "terms-0-overage_rate": "165.00"}
    save(manager, SUPPORT, form_of(provider, **changed))
    page = manager.get(reverse("agreement_versions", args=["acme", "support"])).text
    newest, first = (" ".join(re.sub(r"<[^>]+>", " ", part).split()) for part in page.split("Version ")[-2:])
    assert "Hours per cycle 10.00 → 12.00" in newest
    assert (
        "Work past the cap needs the client’s authorization first → is billed at the overage rate" in newest
    )
    assert "Overage rate per hour 165.00" in newest
    assert "Travel" not in newest
    assert "Hours per cycle 10.00" in first
    assert "Travel is not counted" in first
    assert "command line" in first
    assert "Starts on 1 January 2026" in first
    assert "hours_from" not in page


def test_later_terms_are_told_by_what_they_say_otherwise(provider):
    before = stands(provider)
    (terms,) = before.terms
    (pool,) = terms.pools
    later = replace(terms, starts=date(2026, 12, 1), pools=(replace(pool, hours=Decimal(12)),))
    (change,) = changes_between(before, replace(before, terms=(terms, later)))
    assert change.what == f"From 1 December 2026 · {pool.name} · Hours per cycle"
    assert (change.before, change.after) == ("", "12.00 instead of 10.00")


def test_checking_shows_what_of_the_agreement_would_change(provider, manager):
    post = form_of(provider, **{"terms-0-pools-0-hours": "12"})
    shown = manager.post(SUPPORT, {**post.dict(), **lists(post), "do": "check"}).text
    effect = shown[shown.index('id="effect"') :]
    said = " ".join(re.sub(r"<[^>]+>", " ", effect[: effect.index("</dl>")]).split())
    assert said.endswith("IT support · Hours per cycle 10.00 → 12.00")


def test_versions_say_what_became_of_rules_and_business_hours(provider, manager):
    with tenant_scope(provider):
        row = AgreementVersion.objects.get(retainer__key="support")
        hours = BusinessHours(("mon",), time(8), time(17))
        agreement = replace(agreement_from_document(row.document), rules=(), business_hours=(hours,))
        AgreementVersion.objects.create(
            retainer=row.retainer,
            number=2,
            document=agreement_document(agreement),
            recorded_at=row.recorded_at,
        )
    page = manager.get(reverse("agreement_versions", args=["acme", "support"])).text
    newest = " ".join(re.sub(r"<[^>]+>", " ", page.split("Version ")[1]).split())
    assert "Business hours Mon 08:00–17:00" in newest
    assert "Rule “" in newest
