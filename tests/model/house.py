"""The product's side of the machine: each deed through the service or the command that people and programs use."""

import json
from decimal import Decimal
from io import StringIO

import tomli_w
from django.core.management import call_command
from django.test import Client as Browser
from django.utils.timezone import now

from accounts.models import Provider
from accounts.tenancy import tenant_scope
from alerts.models import Crossing
from alerts.telling import tell_crossings
from desk.imports.unattended import publish_unseen
from hourtab.verifying import figures
from hourtab.verifying.walk import verified
from imports import originals
from imports.judging.name_moves import Carrying
from imports.judging.reclassify import reclassify
from imports.models import Import, SourceRow
from imports.publishing.options import Options
from imports.publishing.undo import undo
from imports.wording.reword import NewWords, reword
from portal import links
from retainers import approving, granting, living
from retainers.agreements.reading import read_file
from retainers.kept.keeping import keep_all
from retainers.live import live_from_document
from retainers.loading import load
from retainers.models import Client, Contact, Entry, Notice, Retainer
from tests.imports.adding_up import adds_up


class House:
    def __init__(self, slug, document):
        self.slug, self.asked = slug, 0
        self.load(document)
        self.provider = Provider.objects.get(slug=slug)

    # Deeds

    def load(self, document, *, agreed=True):
        """As `load_retainers` does it; `agreed`: with `--restate`."""
        opened = Provider.objects.exclude(business_hours=None).values_list("slug", flat=True)
        file = read_file(tomli_w.dumps(document), with_business_hours=tuple(opened))
        load(
            file,
            at=now(),
            by=None,
            reclassify=reclassify,
            carry=Carrying(agreed=agreed),
            agreed=agreed or "",
        )

    def bring(self, data, rows, span, *, only=None, pools=(), restate=True):
        """Publish a file, of `rows` rows, as a program does; the import's report, None where it speaks for nobody."""
        options = Options(
            starts=span[0],
            ends=span[1],
            pools=tuple(pools),
            removals="apply",
            skip_bad_rows=True,
            accept=("all",),
            restate=restate,
        )
        with tenant_scope(self.provider):
            source = originals.store(
                data=data,
                file_name="export.csv",
                client=Client.objects.get(slug=only) if only else None,
                options=options.document(),
                by=None,
                at=now(),
            )
            publish_unseen(source=source, by=None, at=now(), hold=True)
            if source.state != Import.State.PUBLISHED:
                return None
            adds_up(source.result, rows)
        return source.result

    def undo(self, number):
        with tenant_scope(self.provider):
            undo(source=Import.objects.get(pk=number), by=None, at=now(), agreed=True)

    def reword(self, entry_id, text):
        """Write these words on the line with that id; the client whose page it is on, None where it is on none."""
        with tenant_scope(self.provider):
            live = Entry.objects.filter(retired_in=None)
            rows = SourceRow.objects.filter(entry_id=entry_id, origin__in=live.values("origin"))
            row = rows.select_related("client").first()
            if row is None:
                return None
            given = [NewWords((row.origin,), text)]
            done = reword(provider=self.provider, given=given, by=None, at=now())
            assert not done.flagged
            return row.client.slug

    def retainer(self, slug):
        return Retainer.objects.select_related("client", "publication", "version").get(client__slug=slug)

    def grant(self, slug, *, top_ups=(), adjustments=(), agreed=True):
        with tenant_scope(self.provider):
            row = self.retainer(slug)
            form = granting.seen_of(row, top_ups=top_ups, adjustments=adjustments).mark
            granting.grant_hours(
                retainer=row,
                top_ups=top_ups,
                adjustments=adjustments,
                form=form,
                by=None,
                at=now(),
                agreed=agreed or "",
            )

    def correct(self, slug, grants, place, becomes):
        with tenant_scope(self.provider):
            row = self.retainer(slug)
            grant = grants.objects.filter(retainer=row, retired_in=None).order_by("pk")[place]
            form = granting.seen_correcting(row, grant, becomes).mark
            granting.correct(
                grant=grant, becomes=becomes, reason="Typed wrong", form=form, by=None, at=now(), agreed=True
            )

    def take_back(self, slug, grants, place):
        with tenant_scope(self.provider):
            row = self.retainer(slug)
            grant = grants.objects.filter(retainer=row, retired_in=None).order_by("pk")[place]
            form = granting.seen_taking_back(row, grant).mark
            granting.take_back(grant=grant, reason="Typed twice", form=form, by=None, at=now(), agreed=True)

    def approve(self, slug, cycle, hours):
        with tenant_scope(self.provider):
            contact = Contact.objects.get(client__slug=slug)
            approving.approve(
                retainer=self.retainer(slug), cycle=cycle, hours=hours, contact=contact, at=now()
            )

    def link(self, slug):
        with tenant_scope(self.provider):
            link, token = links.create(client=Client.objects.get(slug=slug), by=None)
        return link.pk, token

    def replace(self, pk):
        with tenant_scope(self.provider):
            link, token = links.replace(link=links.ShareLink.objects.get(pk=pk), by=None, at=now())
        return link.pk, token

    def revoke(self, pk):
        with tenant_scope(self.provider):
            links.revoke(link=links.ShareLink.objects.get(pk=pk), by=None, at=now())

    def incident(self, slug, people):
        """Begin one, or change or end the one that runs; whether one runs now."""
        with tenant_scope(self.provider):
            row = self.retainer(slug)
            notice = Notice.objects.filter(retainer=row, retired_in=None, running=True).first()
            if notice is None:
                live = living.begun(now(), people or 1, frozenset(), "", "")
                return living.start_live(retainer=row, live=live, pool="", by=None, at=now()).running
            seen = live_from_document(notice.live).number
            return living.change_live(retainer=row, seen=seen, people=people, by=None, at=now()).running

    def faults(self):
        """What `verify` says of the provider; approvals were given without the form that asks for them."""
        found = [(looked.what, looked.fault) for looked in verified([self.provider]) if looked.fault]
        return [fault for fault in found if "nobody confirmed" not in fault[1]]

    def tell(self):
        """How many crossings are told by this tick."""
        with tenant_scope(self.provider):
            return tell_crossings(self.provider, now())

    def keep_figures(self):
        """As every deed does it once it is through; then everything that is kept is what its entries come to."""
        with tenant_scope(self.provider):
            keep_all(self.provider)
            assert list(figures.balance_faults(self.provider)) == []
            assert not keep_all(self.provider)

    # What is so

    def balances(self):
        """`balances --json`, by client."""
        out = StringIO()
        call_command("balances", "--provider", self.slug, "--json", stdout=out)
        return {each["client"]: each for each in json.loads(out.getvalue())}

    def get(self, token, name=""):
        """Each time from another address: who tries many wrong ones is turned away."""
        self.asked += 1
        return Browser(REMOTE_ADDR=f"192.0.2.{self.asked % 250}").get(f"/b/{token}/{name}")

    def standing_ids(self):
        """The PSA's id of each entry that stands, of those that have one."""
        with tenant_scope(self.provider):
            live = Entry.objects.filter(retired_in=None).values("origin")
            rows = SourceRow.objects.filter(origin__in=live).exclude(entry_id="")
            return list(rows.values_list("entry_id", flat=True))

    def told(self, slug, starts):
        """The thresholds that were told of that cycle: (account, per cent, hours granted then)."""
        with tenant_scope(self.provider):
            rows = Crossing.objects.filter(retainer__client__slug=slug, cycle_starts=starts)
            found = [(row.account, *row.threshold.partition("@")[::2]) for row in rows]
        return {
            (account, name): Decimal(granted)
            for account, name, granted in sorted(found, key=lambda each: Decimal(each[2] or 0))
            if name.isdigit()
        }
