"""The originals: every file that was uploaded lies where its import says, byte for byte."""

import hashlib
from collections.abc import Iterator

from django.conf import settings

from hourtab.verifying.places import portions
from imports.models import Import


def faults() -> Iterator[str]:
    for row in portions(Import.objects.order_by("pk")):
        path = settings.ORIGINALS_ROOT / row.original
        if not path.is_file():
            yield f"import {row.pk}: its original is gone ({row.original})"
            continue
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != row.sha256:
            yield f"import {row.pk}: its original is not what was uploaded ({row.original})"
