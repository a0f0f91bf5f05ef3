"""`tick`: the one command for cron. It does what is due, and doing it twice does nothing more."""

from typing import Any

from django.utils.timezone import now

from accounts import outbox
from accounts.commands import Command as BaseCommand


class Command(BaseCommand):
    help = "Sends the mail that is waiting. Call it every few minutes."

    def handle(self, *args: Any, **options: Any) -> None:
        sent = outbox.send_due(now())
        self.stdout.write(f"{sent} mails sent.")
