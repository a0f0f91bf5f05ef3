"""Django's own server for one's own machine, with a sender beside it: mails are seen without a second process."""

import os
from threading import Event, Thread
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.commands.runserver import Command as BaseCommand

from accounts.sending import keep_sending
from alerts.hooks.delivering import keep_delivering
from hourtab.founding import is_empty


class Command(BaseCommand):
    port: str  # set by the parent before `inner_run`

    def inner_run(self, *args: Any, **options: Any) -> None:
        if "BASE_URL" not in os.environ and not settings.PRODUCTION:
            settings.BASE_URL = (
                f"http://localhost:{self.port}"  # where this server is asked, links lead back to it
            )
        if is_empty():
            call_command("setup", "--code", stdout=self.stdout)
        stop = Event()
        Thread(target=keep_sending, args=(stop,), name="sender", daemon=True).start()
        Thread(target=keep_delivering, args=(stop,), name="webhooks", daemon=True).start()
        try:
            super().inner_run(*args, **options)
        finally:
            stop.set()
