"""`tick`: the one command for cron. It does what is due, and doing it twice does nothing more."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.utils.timezone import now
from django.utils.translation import override

from accounts import sending, sessions
from accounts.commands import BadInputError
from accounts.commands import Command as BaseCommand
from accounts.heartbeats import TICK, beat
from accounts.models import Provider
from accounts.providers import all_of_them
from accounts.sending import SendingOutcome
from accounts.tenancy import tenant_scope
from alerts.consents import ask_contacts
from alerts.hooks.delivering import DeliveryOutcome, deliver_due
from alerts.mornings import remind, send_digest
from alerts.pushes import tell_silence, tell_waiting
from alerts.telling import tell_crossings
from alerts.waiting_mail import tell_what_waits
from alerts.watch_telling import tell_watches
from alerts.watches import forget_watches
from desk.dashboard.keeping import keep_days
from desk.imports.long_orders import carry_out_all
from portal.second_step import forget_old_codes
from presentation.counts import counted
from retainers.kept.keeping import keep_all

Part = Callable[[Provider, datetime], int]
PARTS: Mapping[tuple[str, str], Part] = {  # what it does: to one, to several
    ("agreement’s closed cycles calculated", "agreements’ closed cycles calculated"): lambda provider, _at: (
        keep_all(provider)
    ),
    ("client updated on the dashboard", "clients updated on the dashboard"): lambda provider, _at: keep_days(
        provider
    ),
    ("contact asked", "contacts asked"): ask_contacts,
    ("crossing told", "crossings told"): tell_crossings,
    ("mail to a reader written", "mails to readers written"): tell_watches,
    ("reminder written", "reminders written"): remind,
    ("digest written", "digests written"): send_digest,
    ("pushed file told", "pushed files told"): tell_waiting,
    ("silent schedule told", "silent schedules told"): tell_silence,
    ("mail about what waits written", "mails about what waits written"): tell_what_waits,
    ("old request for mails deleted", "old requests for mails deleted"): forget_watches,
    ("old code deleted", "old codes deleted"): lambda _provider, at: forget_old_codes(at),
}


class Command(BaseCommand):
    serves = True
    help = (
        "Takes in the inbox, writes the mails that are due and sends what waits. Call it every few minutes."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """One provider's trouble keeps nobody else's mail back; it is said at the end, with exit code 1."""
        with override(settings.LANGUAGE_CODE):
            self._do_what_is_due()

    def _do_what_is_due(self) -> None:
        at, faults = now(), []
        beat(TICK, at)
        returned, taken = self._look_into_the_inbox(at)
        self.stdout.write(f"{counted(returned, 'mail')} came back.")
        self.stdout.write(f"{counted(taken, 'file', 'files')} taken from the inbox.")
        done = dict.fromkeys(PARTS, 0)
        for provider in all_of_them():
            for what, part in PARTS.items():
                try:
                    with tenant_scope(provider):
                        done[what] += part(provider, at)
                except (DatabaseError, ValueError, LookupError) as error:
                    faults.append(f"{provider.slug}: {what[1]} failed: {type(error).__name__}: {error}")
        for (one, many), count in done.items():
            self.stdout.write(f"{counted(count, one, many)}.")
        self.stdout.write(f"{counted(sessions.clear_out(), 'session')} over.")
        self._send(sending.send_due())
        self._deliver(deliver_due())
        carried = carry_out_all()
        self.stdout.write(f"{counted(carried.done, 'ordered import', 'ordered imports')} carried out.")
        faults += carried.faults
        if faults:
            raise BadInputError(*faults)

    def _look_into_the_inbox(self, at: datetime) -> tuple[int, int]:
        """How many mails came back, and how many files were taken."""
        if not any((settings.INBOX_DIR, settings.INBOX_IMAP, settings.BOUNCES_IMAP)):
            return 0, 0
        from desk.inbox.taking import take_all, take_returned  # all that reads a file, of no use without one

        return take_returned(at), take_all(at)

    def _deliver(self, done: Mapping[DeliveryOutcome, int]) -> None:
        self.stdout.write(f"{counted(done[DeliveryOutcome.SENT], 'webhook')} told.")
        if done[DeliveryOutcome.FAILED]:
            self.stdout.write(
                f"{counted(done[DeliveryOutcome.FAILED], 'webhook')} could not be delivered; the page "
                "Webhooks says why."
            )

    def _send(self, done: Mapping[SendingOutcome, int]) -> None:
        self.stdout.write(f"{counted(done[SendingOutcome.SENT], 'waiting mail')} sent.")
        failed = done[SendingOutcome.FAILED] + done[SendingOutcome.NO_SERVER]
        if failed:
            self.stdout.write(f"{failed} could not be sent; the page Mails says why. Each is tried again.")
