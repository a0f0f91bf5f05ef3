"""A provider with a row in every table moves house: all of it is there, and its balances are equal."""

import json
from datetime import date
from decimal import Decimal
from io import StringIO

from django.core.management import call_command

from accounts.models import ApiKey, Provider, User
from accounts.tenancy import all_tenants, tenant_scope
from alerts.models import MailChoice
from desk.models import AnsweredRequest
from hourtab.provider_archive.contents import columns, tenant_models
from hourtab.whole_provider import erase
from imports import originals
from imports.models import Import, WordingReview
from retainers import granting
from retainers.models import Entry
from retainers.terms import Adjustment
from tests.at_once.conftest import AT
from tests.at_once.deeds import DEEDS
from tests.at_once.test_at_once import restating_deeds

WHO = ("--by", "Mel", "--reason", "moves house")
DONE = (
    "asking.answer",
    "approval_by_mail.confirm",
    "entry_change.change_entry",
    "letting.letting",
    "living.start_live",
    "merging.merge_clients",
    "keys.create",
    "services.invite",
    "telling.agree",
    "telling._tell",
    "watches.confirm",
    "keeping.send_again",
    "saved_views.save_view",
    "claiming.never_counted",
    "memory.correct",
    "draft.keep_mapping",
    "standing_answers.take_back",
    "badges.allow_sites",
    "second_step.passed",
    "months.close_month",
    "invoicing.mark_invoiced",
    "statements.issue",
    "by_hand.store_by_hand",
    "ordering._withdrawn",
    "preview_answers.save_choices",
    "publish.publish",
)
ENDED = {"revoked_at", "withdrawn_at", "removed_at", "given_up_at", "last_error"}
SECRETS = {"digest", "sealed", "kept", "read", "original", "secret"}  # made anew, or gone


def done_by_hand(house) -> None:
    """What no deed leaves a row of."""
    acme = house.fresh(house.acme)
    less = Adjustment(date(2026, 6, 11), Decimal(-1), "support", None, "As agreed")
    form = granting.seen_of(acme, adjustments=[less]).mark
    granting.grant_hours(retainer=acme, adjustments=[less], form=form, by=house.owner, at=AT)
    key = ApiKey.objects.order_by("pk").first()
    AnsweredRequest.objects.create(
        api_key=key, mark="once", asked="a" * 64, begun_at=AT, status=200, body="{}"
    )
    MailChoice.objects.create(user=house.owner)
    WordingReview.objects.create(origin=Entry.objects.order_by("pk").first().origin, title_before="Old title")


def rows():
    """What each row of the provider in scope says, but for people, whose keys are the installation's."""
    return {
        model: list(model._default_manager.order_by("pk").values(*_said(model))) for model in tenant_models()
    }


def _said(model):
    return [field.attname for field in columns(model) if field.related_model is not User]


def files():
    return {row.pk: originals.load(row) for row in Import.objects.all()}


def balances(slug):
    out = StringIO()
    call_command("balances", "--provider", slug, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_everything_that_was_ever_done_is_there_in_the_new_house(house, tmp_path):
    for name in DONE:
        DEEDS[name](house)[0]()
    restating_deeds(house)["grant"]()
    for hours in ("3", "4"):
        house.publishing(house.upload(9, hours=hours))()
    done_by_hand(house)
    before, said, had = rows(), balances(house.slug), files()
    assert [model.__name__ for model, found in before.items() if not found] == []
    assert Entry.objects.filter(replaces__isnull=False).exists()

    archive = str(tmp_path / "all.zip")
    call_command("export_provider", "--provider", house.slug, *WHO, archive, stdout=StringIO())
    with all_tenants("the installation it comes to has nobody"):
        for each in Provider.objects.all():
            erase(each, reason="moves house")
    call_command("import_provider", archive, *WHO, stdout=StringIO())

    back = Provider.objects.get(slug=house.slug)
    with tenant_scope(back):
        after = rows()
        assert files() == had
    assert balances(house.slug) == said
    for model, found in before.items():
        for was, becomes in zip(found, after[model][: len(found)], strict=True):
            assert {name for name in was if was[name] != becomes[name]} <= ENDED | SECRETS, model.__name__
    call_command("verify", stdout=StringIO())
