"""The small pages behind a link, made up: forms, receipts, and what stands where nothing can be read (any more)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.template.loader import render_to_string

from portal.gallery_data import PROVIDER
from portal.letterhead import contact_of, letterhead
from portal.request_views import TITLES, AskForm
from portal.second_step import GOOD_FOR
from portal.second_step_views import WRONG, AddressForm, CodeForm
from portal.statement import AccountTable, StatementLine, StatementPage
from portal.statement_log import covered_words
from portal.tell_me_form import TITLE, WatchForm
from presentation.approvals import Offer

LONG = "The Very Reverend Archibald Featherstonehaugh Memorial Hospital Trust"
OFFER = Offer(
    agreement="Comprehensive infrastructure, workplace and telephony support",
    over="2.5 hours over already",
    approved="2.5 of 4 approved hours are used; 1.5 are left.",
    rate="$165 an hour",
    in_all="$412.50 for 2.5 hours",
    until="30 November 2026",
)
WISHES = [
    "Comprehensive infrastructure support · Reactive support: no more than 5 hours are left",
    "Comprehensive infrastructure support: the page is updated",
]
READER = "the.office.of.the.practice.manager@featherstonehaugh-memorial-hospital.example"
ACCOUNTS = {
    "support|reactive": "Comprehensive infrastructure support · Unplanned interruptions of applications",
    "support|scheduled": "Comprehensive infrastructure support · Scheduled maintenance",
}


def small_pages() -> Mapping[str, str]:
    """Each page by its name, as HTML."""
    return {**_nothing_there(), **_requests(), **_second_step(), **_told(), "small-statement": _statement()}


def _nothing_there() -> dict[str, str]:
    return {
        "small-not-found": render_to_string("portal/not_found.html"),
        "small-no-such-cycle": render_to_string("portal/no_such_cycle.html", {"home": "./"}),
        "small-gone": _page("portal/gone.html"),
        "small-away": render_to_string("portal/away.html"),
        "small-link-protection": render_to_string("portal/link_protection.html"),
    }


def _requests() -> dict[str, str]:
    made = {"email": READER}
    around = {"made": made, "hours": "2.5", "name": "Robin Marlow", "offer": OFFER, "back": "../../"}
    around["balance_href"] = "./"
    waits = {"key": 1, "words": "4.0 hours, asked for on 19 November 2026", "offer": OFFER}
    asked = {**around, "text": "The server room is under water; please go on.", "others": [waits]}
    confirmed = {**around, "confirmed_on": "22 November 2026"}
    return {
        **{f"small-ask-{kind}": _ask(kind, {}) for kind in TITLES},
        "small-ask-with-errors": _ask("overage", {"hours": "a few", "email": "nobody"}),
        "small-asked": _page("portal/asked.html", kind="top_up", **around),
        "small-asked-to-approve": _page("portal/asked.html", kind="overage", **around),
        "small-confirm": _page("portal/confirm.html", **asked),
        "small-confirmed": _page("portal/confirmed.html", **confirmed),
        "small-too-late": _page("portal/confirm_too_late.html", **around),
    }


def _second_step() -> dict[str, str]:
    wrong = CodeForm({"code": "123456"})
    wrong.add_error("code", WRONG)
    about = {"minutes": GOOD_FOR.seconds // 60, "asks_for_a_code": True}
    asked, typed = {"is_sent": False, **about}, {"is_sent": True, **about}
    return {
        "small-code-asked": _page("portal/link_code.html", form=AddressForm(), **asked),
        "small-code-no-address": _page(
            "portal/link_code.html", form=AddressForm({"email": "nobody"}), **asked
        ),
        "small-code-sent": _page("portal/link_code.html", form=CodeForm(), **typed),
        "small-code-wrong": _page("portal/link_code.html", form=wrong, **typed),
    }


def _told() -> dict[str, str]:
    typed = {"about": "support|reactive", "when": "hours", "hours": "a few", "email": "nobody"}
    begin = {"about": "support|reactive", "when": "share 25"}
    form = {"title": TITLE, "back": "../", "mark": ""}
    around = {"email": READER, "wishes": WISHES, "wish": WISHES[0], "several": True}
    return {
        "small-tell-me": _page("alerts/tell_me.html", form=WatchForm(ACCOUNTS, initial=begin), **form),
        "small-tell-me-errors": _page("alerts/tell_me.html", form=WatchForm(ACCOUNTS, typed), **form),
        "small-tell-me-sent": _page("alerts/tell_me_sent.html", back="../"),
        "small-tell-me-confirm": _page("alerts/tell_me_confirm.html", **around),
        "small-tell-me-confirmed": _page("alerts/tell_me_confirm.html", done=True, **around),
        "small-tell-me-over": _page("alerts/tell_me_confirm.html", is_over=True, **around),
        "small-tell-me-stop": _page("alerts/tell_me_stop.html", **around),
        "small-tell-me-stopped": _page("alerts/tell_me_stop.html", done=True, **around),
        "small-agree": _page("alerts/agree.html", **around),
        "small-agreed": _page("alerts/agree.html", done=True, **around),
        "small-leave": _page("alerts/leave.html", **around),
        "small-left": _page("alerts/leave.html", done=True, **around),
    }


def _statement() -> str:
    """A restated cycle of two pools, billed: the widest statement there is."""
    figures = {"Included": ("+ 12.00",) * 2, "Used": ("− 14.25", "− 13.75"), "Left": ("0.00",) * 2}
    columns = ("Stated on 2 November 2026", "Restated on 9 November 2026")
    lines = tuple(
        StatementLine(words, hours, columns, is_result=words == "Left") for words, hours in figures.items()
    )
    page = StatementPage(
        **(letterhead(PROVIDER) | {"look_href": "", "logo_href": "", "logo_ground": ""}),
        client=LONG,
        agreement=OFFER.agreement,
        cycle="October 2026",
        provisional=covered_words("2026-10-28"),
        columns=columns,
        accounts=(
            AccountTable("Unplanned interruptions", lines),
            AccountTable("Scheduled maintenance", lines),
        ),
        money=(StatementLine("Price of the hours past the cap", ("$371.25", "$288.75"), columns),),
        logs=(),
        history=("Stated on 2 November 2026.", "Restated on 9 November 2026: an entry was counted twice."),
        differs="Since then the figures have changed: the page has those of today.",
        back_href="../../",
        number="support-2026-10-01-2",
        pdf_href="statement.pdf",
    )
    return render_to_string("portal/statement.html", {"page": page})


def _ask(kind: str, typed: dict[str, str]) -> str:
    more = {
        "form": AskForm(kind, typed or None),
        "kind": kind,
        "agreement": OFFER.agreement,
        "ends": "30 November 2026",
        "mark": "",
        "offer": OFFER if kind == "overage" else None,
    }
    return _page("portal/ask.html", title=TITLES[kind], back="../../", **more)


def mails() -> Mapping[str, str]:
    """Each mail to a client that has a layout, as HTML."""
    said = {
        "agreement": OFFER.agreement,
        "account": "Reactive support",
        "big": "3.25",
        "lead": "3.25 of 12 hours left.",
        "lines": ["72 % of the hours are used.", "Hours past the cap are billed: $165 an hour."],
        "asks": [{"name": "Approve extra hours in advance", "path": "ask/overage/"}],
        "unsubscribe": "/mails/leave/x/",
        "wish": WISHES[0],
        "secret": "x" * 43,
        "base_url": "https://hours.quillfeather.example",
        "provider": replace(PROVIDER, name="Consolidated Managed Infrastructure Partners").name,
        "client": LONG,
    }
    kinds = ("client_alert", "consent", "watch_asked", "watch_told")
    return {f"mail-{kind.replace('_', '-')}": render_to_string(f"mail/{kind}.html", said) for kind in kinds}


def _page(template: str, **context: Any) -> str:
    return render_to_string(template, {**_around(LONG), **context})


def _around(client: str) -> dict[str, Any]:
    return {
        "provider": PROVIDER.name,
        "brand": PROVIDER,
        "contact": contact_of(PROVIDER),
        "client": client,
    }
