"""The small pages behind a link, made up: forms, receipts, and what stands where nothing can be read (any more)."""

from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string

from portal.gallery_data import PROVIDER
from portal.page import contact_of
from portal.request_views import TITLES, AskForm

LONG = "The Very Reverend Archibald Featherstonehaugh Memorial Hospital Trust"
OFFER = {
    "agreement": "Comprehensive infrastructure, workplace and telephony support",
    "over": "2.5 hours over already",
    "rate": "$165 an hour",
    "in_all": "$412.50 for 2.5 hours",
    "until": "30 November 2026",
}


def small_pages() -> Mapping[str, str]:
    """Each page by its name, as HTML."""
    return {
        "small-not-found": render_to_string("portal/not_found.html"),
        "small-gone": render_to_string("portal/gone.html", _around(LONG)),
        **{f"small-ask-{kind}": _ask(kind, {}) for kind in TITLES},
        "small-ask-with-errors": _ask("overage", {"hours": "a few", "email": "nobody"}),
    }


def _ask(kind: str, typed: dict[str, str]) -> str:
    more = {
        "form": AskForm(kind, typed or None),
        "kind": kind,
        "agreement": OFFER["agreement"],
        "ends": "30 November 2026",
        "mark": "",
        "offer": OFFER if kind == "overage" else None,
    }
    return render_to_string(
        "portal/ask.html", {**_around(LONG), **more, "title": TITLES[kind], "back": "../../"}
    )


def _around(client: str) -> dict[str, Any]:
    return {
        "provider": PROVIDER.name,
        "brand": PROVIDER,
        "initial": PROVIDER.name[:1],
        "contact": contact_of(PROVIDER),
        "client": client,
    }
