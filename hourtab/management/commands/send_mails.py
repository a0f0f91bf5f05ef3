"""`send_mails`: the sender. It looks at the outbox every two seconds and sends what waits, until it is stopped."""

import signal
from threading import Event
from typing import Any

from accounts.commands import Command as BaseCommand
from accounts.sending import keep_sending


class Command(BaseCommand):
    serves = True
    help = "Sends what waits in the outbox, until it is stopped. Run one beside the web server."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        keep_sending(stop)
