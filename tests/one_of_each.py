"""A provider with one of everything that an address can name, and each address of ours for it."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.test import Client as Browser
from django.urls import get_resolver, reverse

from accounts.models import Invitation, OutboxMail, Role
from accounts.tenancy import tenant_scope
from alerts.hooks.models import Delivery, Webhook
from alerts.models import Watch
from imports import originals
from portal import links
from portal.badges import make_badge
from portal.models import ClientRequest
from retainers.approving import approve
from retainers.granting import grant_hours, seen_of
from retainers.models import Approval, Contact
from retainers.models import TopUp as TopUpRow
from retainers.selectors import standings
from retainers.settling.acts import CycleKey
from retainers.settling.acts import seen_of as cycles_seen
from retainers.settling.invoicing import mark_invoiced
from retainers.statements import issue
from retainers.terms import TopUp
from tests.factories import ClientFactory, MembershipFactory, ProviderFactory, a_retainer
from tests.shared_rows import shared_rows

NOW = datetime(2026, 6, 22, 12, tzinfo=UTC)


@shared_rows
def theirs():
    """A provider with one of everything that an address can name."""
    provider = ProviderFactory()
    member = MembershipFactory(provider=provider, role=Role.OWNER)
    with tenant_scope(provider):
        acme = ClientFactory(provider=provider, slug="acme")
        retainer = a_retainer(acme)
        link, token = links.create(client=acme, by=None)
        badge, _token = make_badge(client=acme, sites=[], by=None)
        file = originals.store(
            data=b"Client,Date,Hours\nNobody,2026-01-05,1\n",
            file_name="time.csv",
            client=None,
            options={},
            by=None,
            at=retainer.created_at,
        )
        asked = ClientRequest.objects.create(
            retainer=retainer, link=link, kind="top_up", hours_units=400, name="Pat", made_at=NOW
        )
        (standing,) = standings([retainer], on=NOW.date(), zone=ZoneInfo("UTC"))
        january = CycleKey(retainer.pk, standing.cycles[0].starts)
        form = cycles_seen([january]).mark
        issue(standing=standing, cycle_starts=january.starts, form=form, by=None, at=NOW)
        bought = TopUp(date(2026, 1, 5), Decimal(3))
        form = seen_of(retainer, top_ups=[bought]).mark
        grant_hours(retainer=retainer, top_ups=[bought], form=form, by=None, at=NOW)
        granted = TopUpRow.objects.get()
        pat = Contact.objects.create(client=acme, name="Pat", email="pat@acme.example", approves=True)
        approve(retainer=retainer, cycle=date(2026, 1, 1), hours=Decimal(2), contact=pat, at=NOW)
        approval = Approval.objects.get()
        form = cycles_seen([january]).mark
        watch = Watch.objects.create(link=link, retainer=retainer, when="updated", email="pat@acme.example")
        webhook = Webhook.objects.create(
            name="Ops", kind="json", host="ops.north.example", made_at=NOW, since=NOW
        )
        delivery = Delivery.objects.create(
            webhook=webhook, key="published:1", event="published", happened_at=NOW, sent_at=NOW
        )
        (invoiced,) = mark_invoiced(provider=provider, cycles=[january], form=form, by=None, at=NOW)
    return {
        "granted": granted,
        "approval": approval,
        "invoiced": invoiced,
        "provider": provider,
        "member": member,
        "link": link,
        "badge": badge,
        "token": token,
        "import": file,
        "asked": asked,
        "watch": watch,
        "webhook": webhook,
        "delivery": delivery,
        "mail": OutboxMail.objects.create(
            provider=provider, key="due:x", kind="due", recipient="x@north.example", context={"count": 1}
        ),
        "invitation": Invitation.objects.create(
            provider=provider, email="pat@acme.example", role=Role.VIEWER, digest="x"
        ),
    }


@shared_rows(upon="theirs")
def browsers(theirs):
    """A browser of each role there; of an owner elsewhere, of who is nowhere, and one that checks forms' tokens."""
    of = {role: Browser() for role in Role}
    of |= {"foreign": Browser(), "nowhere": Browser(), "checking": Browser(enforce_csrf_checks=True)}
    for role in Role:
        of[role].force_login(MembershipFactory(provider=theirs["provider"], role=role).user)
    of["checking"].force_login(MembershipFactory(provider=theirs["provider"], role=Role.OWNER).user)
    of["foreign"].force_login(MembershipFactory(role=Role.OWNER).user)
    outsider = MembershipFactory()
    of["nowhere"].force_login(outsider.user)
    outsider.delete()
    return of


def address_of(name, theirs):
    pks = {
        "change_role": theirs["member"].pk,
        "withdraw_invitation": theirs["invitation"].pk,
        "copy_link": theirs["link"].pk,
        "badge_sites": theirs["badge"].pk,
        "revoke_badge": theirs["badge"].pk,
        "replace_link": theirs["link"].pk,
        "revoke_link": theirs["link"].pk,
        "send_link_by_mail": theirs["link"].pk,
        "answer_request": theirs["asked"].pk,
        "correct_grant": theirs["granted"].pk,
        "take_back_grant": theirs["granted"].pk,
        "withdraw_approval": theirs["approval"].pk,
        "take_back_invoiced": theirs["invoiced"].pk,
        "mail": theirs["mail"].pk,
        "mail_body": theirs["mail"].pk,
        "mail_again": theirs["mail"].pk,
        "set_mail_aside": theirs["mail"].pk,
        "end_watch": theirs["watch"].pk,
        **dict.fromkeys(
            (
                "webhook",
                "webhook_test",
                "renew_webhook_secret",
                "webhook_again",
                "webhook_pause",
                "webhook_remove",
            ),
            theirs["webhook"].pk,
        ),
    }
    wanted = re.findall(r"%\((\w+)\)s", next(iter(get_resolver().reverse_dict.getlist(name)))[0][0][0])
    values = {
        "pk": pks.get(name, theirs["import"].pk),
        "delivery": theirs["delivery"].pk,
        "slug": "acme",
        "key": "support",
        "starts": "2026-01-01",
        "day": "2026-01-05",
        "token": theirs["token"],
        "kind": "top_up",
        "secret": "x" * 43,
        "anything": "x/y",
        "of": "acme.support",
        "signed": "x",
        "number": 1,
        "mark": "0123456789abcdef",
        "origin": "00000000-0000-0000-0000-000000000000",
        "accent": "aa3300",
        "version": "x",
        "digest": "x",
    }
    return reverse(name, kwargs={key: values[key] for key in wanted})
