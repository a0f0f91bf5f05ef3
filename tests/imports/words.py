"""The wording queue as a manager fills it in, and words that are remembered."""

import re

from django.urls import reverse

from accounts.tenancy import tenant_scope
from imports.models import RememberedWording
from tests.imports.uploading import hidden


def queue(world) -> str:
    return world.manager.get(reverse("wording")).content.decode()


def number_of(page: str, title: str) -> str:
    """The number under which the form holds that title."""
    blocks = re.split(r'<input type="hidden" name="origins-', page)[1:]
    return next(block for block in blocks if title in block).split('"', 1)[0]


def save(world, title: str, text: str, *, page: str = "", **more: str):
    """Give words to one title of the queue, everything else of the form as it stands."""
    page = page or queue(world)
    number = number_of(page, title)
    fields = {name: hidden(page, name) for name in re.findall(r'type="hidden" name="([\w-]+)"', page)}
    fields[f"words-{number}"] = text
    fields |= {f"{name}-{number}": value for name, value in more.items()}
    return world.manager.post(reverse("save_wording"), fields, follow=True)


def publish(world, *rows: str) -> None:
    world.publish(world.upload(*rows))


def remember(world, key: str, text: str) -> RememberedWording:
    with tenant_scope(world.provider):
        made: RememberedWording = RememberedWording.objects.create(kind="title", key=key, text=text)
    return made
