"""`demo`: two invented providers with months of history up to today, and where to look at them."""

import logging
import os
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.commands import BadUsageError
from accounts.commands import Command as BaseCommand
from demo.building import Demo, is_loaded, load_demo

LOADING = "Loading the demo: about eight months of two invented providers. This takes a moment, once."
REFUSED = (
    "DEBUG is off, so this looks like production, and the demo brings invented clients and a sign-in with it."
    " To load it all the same, set HOURTAB_DEMO=1."
)
LOOK_AT = """\
What to look at
  the dashboard         over, low, late and quiet clients, a link that was never opened
  Imports               this morning's upload, still in preview: an unknown company, a refused row,
                        lines without words for the client, one with words that the leak check holds back
  Wording               titles that wait for words; the others were worded once and remembered
  your name, top right  switches to the second provider, whose work comes from three other PSAs
"""


class Command(BaseCommand):
    help = "Loads a demo that runs up to today, or brings it up to today, and says where to look."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG and os.environ.get("HOURTAB_DEMO") != "1":
            raise BadUsageError(REFUSED)
        if not is_loaded():
            self.stdout.write(LOADING)
        logging.getLogger("hourtab.security").setLevel(logging.WARNING)  # invented acts are no events
        self.stdout.write(told(load_demo(timezone.now())))


def told(demo: Demo) -> str:
    """What the person at the terminal needs to know."""
    width = max(len(page.client) for page in demo.pages)
    pages = "\n".join(
        f"  {page.client:{width}}  {page.shown}\n  {'':{width}}  {page.address}" for page in demo.pages
    )
    done = "is loaded" if demo.steps else "was up to date"
    return f"""
The demo {done}: {demo.clients} invented clients, with their work since {demo.since:%d %B %Y}.

Sign in as a manager
  {settings.BASE_URL}{reverse("account_login")}
  e-mail    {demo.email}
  password  {demo.password}
or as the owner, who sees Members, Settings and Who did what as well
  e-mail    {demo.owner}
  password  {demo.password}

What three clients see, without signing in
{pages}

{LOOK_AT}"""
