"""An event in the form that its receiver takes: JSON of ours, signed; a card for Teams' Workflows; blocks for Slack.

What a person wrote stands in places that take it as it is: a run of text in a card (`TextRun` knows no Markdown), plain
text in Slack. So nobody's words become a link or call a whole channel.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from alerts.hooks.models import Webhook
from presentation.days import dated

CARD = "application/vnd.microsoft.card.adaptive"
CARD_SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"
PREFIX = "whsec_"
MOST_LINES = 20
LONGEST_TITLE = 150  # of Slack's header
LONGEST_TEXT = 2900  # of its section: 3000
TITLES = {
    "published": "Import {import} is published",
    "crossing": "{client_name}: {what}",
    "request": "{client_name} asks: {what}",
    "approval": "{client_name} approves {hours} h over",
    "restatement": "{client_name}: {what} is restated",
    "test": "A test from HourTab",
}
ASKED = {
    "top_up": "more hours",
    "overage": "hours over in advance",
    "planned": "about planned work",
    "question": "about a line of the log",
}


def body_of(
    kind: str,
    event: str,
    document: Mapping[str, Any],
    *,
    key: str,
    at: datetime,
    provider: str,
    base_url: str,
) -> bytes:
    """The bytes that go out; `key` and `at` tell one event from another."""
    href = f"{base_url}{document['path']}"
    if kind == Webhook.Kind.JSON:
        said = {
            "type": event,
            "timestamp": at.isoformat(),
            "id": key,
            "provider": provider,
            "data": {**document["data"], "url": href},
        }
    elif kind == Webhook.Kind.TEAMS:
        said = _card(title_of(event, document["data"]), list(lines_of(event, document["data"])), href)
    else:
        said = _blocks(title_of(event, document["data"]), list(lines_of(event, document["data"])), href)
    return json.dumps(said, ensure_ascii=False).encode()


def signed(secrets: Iterable[str], key: str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers of a signed delivery (standardwebhooks.com): an HMAC over id, moment and body by each secret.

    >>> from datetime import UTC
    >>> at = datetime(2026, 1, 1, tzinfo=UTC)
    >>> signed(["whsec_" + base64.b64encode(b"k" * 24).decode()], "test:1", at, b"{}")["webhook-timestamp"]
    '1767225600'
    """
    moment = str(int(at.timestamp()))
    said = b".".join((key.encode(), moment.encode(), body))
    made = [
        hmac.digest(base64.b64decode(each.removeprefix(PREFIX)), said, hashlib.sha256) for each in secrets
    ]
    return {
        "webhook-id": key,
        "webhook-timestamp": moment,
        "webhook-signature": " ".join(f"v1,{base64.b64encode(each).decode()}" for each in made),
    }


def title_of(event: str, data: Mapping[str, Any]) -> str:
    if event == "restatement":
        what = _cycle(data)
    else:
        what = ASKED.get(data.get("kind", ""), "") if event == "request" else _threshold(data)
    return TITLES[event].format(**{**data, "what": what})


def _threshold(data: Mapping[str, Any]) -> str:
    """
    >>> [_threshold({"threshold": each}) for each in ("90", "hours:2", "ends:2026-06-30", "incident:a1", "")]
    ['90 % used', '2 h or less left', 'hours end on 30 June 2026', 'long incident', '']
    """
    name, _, value = data.get("threshold", "").partition(":")
    if name == "ends":
        return f"hours end on {dated(date.fromisoformat(value))}"
    words = {"hours": f"{value} h or less left", "incident": "long incident"}
    return words.get(name, f"{name} % used" if name else "")


def lines_of(event: str, data: Mapping[str, Any]) -> Iterator[str]:
    if event == "published":
        yield from _balances(data["balances"])
    elif event == "crossing":
        yield _of(data, data.get("pool_name") or data["pool"], _cycle(data))
    elif event == "request":
        yield _of(
            data, f"{data['hours']} h" if data["hours"] else "", f"from {data['name']}, {data['email']}"
        )
        yield data["text"]
    elif event == "approval":
        yield _of(data, _cycle(data), f"by {data['name']}, {data['email']}")
    elif event == "restatement":
        yield _of(data, data["reason"])
        yield f"Used: {_used(data['before'])} → {_used(data['after'])}"


def _of(data: Mapping[str, Any], *more: str | None) -> str:
    return " · ".join(part for part in (data.get("retainer_name") or data["retainer"], *more) if part)


def _cycle(data: Mapping[str, Any]) -> str:
    return f"the cycle from {dated(date.fromisoformat(data['cycle']))}"


def _used(figures: Mapping[str, Any] | None) -> str:
    return "none" if figures is None else f"{figures['used']} h"


def _balances(balances: list[Mapping[str, Any]]) -> Iterator[str]:
    changed = [
        each
        for each in balances
        if each["before"] != each["after"] or each["over_before"] != each["over_after"]
    ]
    for each in changed[:MOST_LINES]:
        over = f", {each['over_after']} h over" if each["over_after"] not in (None, "0.00") else ""
        who, what = (each.get(f"{name}_name") or each[name] for name in ("client", "retainer"))
        yield f"{who}, {what}: {each['before']} → {each['after']} h left{over}"
    if len(changed) > MOST_LINES:
        yield f"and {len(changed) - MOST_LINES} more"


def _card(title: str, lines: list[str], href: str) -> dict[str, Any]:
    runs = [_run(title, weight="bolder", size="medium"), *(_run(line) for line in lines if line)]
    card = {
        "$schema": CARD_SCHEMA,
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": runs,
        "actions": [{"type": "Action.OpenUrl", "title": "Open HourTab", "url": href}],
    }
    return {"type": "message", "attachments": [{"contentType": CARD, "contentUrl": None, "content": card}]}


def _run(text: str, **style: str) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text, **style}]}


def _blocks(title: str, lines: list[str], href: str) -> dict[str, Any]:
    text = "\n".join(line for line in lines if line)[:LONGEST_TEXT]
    section = [{"type": "section", "text": _plain(text)}] if text else []
    return {
        "text": _escaped(title),  # what a notification shows
        "blocks": [
            {"type": "header", "text": _plain(title[:LONGEST_TITLE])},
            *section,
            {"type": "section", "text": {"type": "mrkdwn", "text": f"<{href}|Open HourTab>"}},
        ],
    }


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
