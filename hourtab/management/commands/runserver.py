"""Django's own server for one's own machine, with a sender beside it: mails are seen without a second process."""

from threading import Event, Thread
from typing import Any

from whitenoise.runserver_nostatic.management.commands.runserver import Command as BaseCommand

from accounts.sending import keep_sending


class Command(BaseCommand):  # type: ignore[misc]  # made at run time, so untyped
    def inner_run(self, *args: Any, **options: Any) -> None:
        stop = Event()
        Thread(target=keep_sending, args=(stop,), name="sender", daemon=True).start()
        try:
            super().inner_run(*args, **options)
        finally:
            stop.set()
