"""The agreement of Acme in the browser: a manager, its form as it is sent, and what an answer carries."""

import re
from datetime import UTC, datetime

from django.urls import reverse

from accounts.tenancy import tenant_scope
from desk.agreements.draft import draft_of
from retainers.agreements import agreement_from_document
from retainers.models import Retainer
from tests.desk.agreements.test_draft import posted
from tests.factories import agreement_file, client_table, installed
from tests.shared_rows import shared_rows
from tests.world import World


def agreements(**differences) -> str:
    """Acme, whose agreement differs in this, if any, and Birch, which has none yet."""
    night = {"name": "Nights", "when": {"title": "*night*"}, "then": {"category": "after_hours"}}
    acme = client_table(psa_names=["Acme Dental Group"], rules=[night], **differences)
    return agreement_file(acme, {"slug": "birch", "name": "Birch"})


EXPORT = """\
Entry ID,Client,Date,Hours,Title
1,Acme Dental,2026-10-05,4,a
2,Acme Dental,2026-11-06,3,night call
"""


@shared_rows
def world(tmp_path, time_machine) -> World:
    time_machine.move_to(datetime(2026, 11, 22, 12, tzinfo=UTC), tick=False)
    return World(installed(tmp_path, agreements(), EXPORT))


def stands(provider, key="support"):
    with tenant_scope(provider):
        return agreement_from_document(Retainer.objects.get(key=key).version.document)


def form_of(provider, **changes):
    """What the browser would send for the agreement as it stands, with these changes."""
    post = posted(draft_of(stands(provider)))
    for name, value in changes.items():
        post[name.replace("__", "-")] = value
    return post


def hidden(answer, name):
    return re.search(rf'name="{name}" value="([^"]+)"', answer.content.decode())[1]


def seen_in(answer):
    return hidden(answer, "seen")


def ticked_in(answer):
    """What the tick under the closed cycles would send; nothing where none would be restated."""
    found = re.search(r'name="restate" value="([^"]+)"', answer.content.decode())
    return {"restate": found[1]} if found else {}


def save(manager, address, post, *, ticked=True):
    """Check, then save what was in view, closed cycles among it."""
    shown = manager.post(address, {**post.dict(), **lists(post), "do": "check"})
    sent = {**post.dict(), **lists(post), "do": "save", "seen": seen_in(shown)}
    return manager.post(address, sent | (ticked_in(shown) if ticked else {}))


def lists(post):
    return {name: post.getlist(name) for name in ("updates_on", "requests")}


SUPPORT = reverse("agreement", args=["acme", "support"])


def renew(manager, **said):
    address = reverse("renew", args=["acme", "support"])
    post = {"last_day": "2026-11-30", "name": "IT support 2027", **said}
    shown = manager.post(address, {**post, "check": "1"})
    return manager.post(address, {**post, "save": "1", "seen": seen_in(shown)})


def at_opening(provider, manager, **changes):
    """The form as a browser has it after opening the page now, with these changes."""
    post = form_of(provider, **changes)
    post["opened"] = hidden(manager.get(SUPPORT), "opened")
    return post
