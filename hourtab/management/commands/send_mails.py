"""`send_mails`: the sender. It looks at the outbox every two seconds and sends what waits, until it is stopped;
and what webhooks are told, beside it: a slow receiver keeps no mail back.
"""

import signal
from threading import Event, Thread
from typing import Any

from accounts.commands import Command as BaseCommand
from accounts.sending import keep_sending
from alerts.hooks.delivering import keep_delivering

LAST_CALL = 15.0  # seconds: a call that is on its way ends by itself


class Command(BaseCommand):
    serves = True
    help = "Sends mails and webhooks that wait, until it is stopped. Run one beside the web server."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        telling = Thread(target=keep_delivering, args=(stop,), name="webhooks", daemon=True)
        telling.start()
        keep_sending(stop)
        telling.join(LAST_CALL)
