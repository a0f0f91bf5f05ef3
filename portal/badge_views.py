"""A badge as a picture and as a line that named sites may frame: what is left and through which day.

No name of client or provider, no link, no cookie, no script.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from PIL import Image, ImageDraw, ImageFont

from accounts.tenancy import tenant_scope
from portal.access import BadgeVisit, open_badge
from portal.doors import not_found
from portal.paper import needs_shaping
from portal.selectors import page_facts
from presentation.accounts import Account, accounts
from presentation.days import day_of
from presentation.facts import Asked, RetainerFacts
from presentation.phrases import h, hours
from presentation.sentences import tone

FONT = Path(__file__).parent / "fonts" / "DejaVuSans.ttf"
CALM, ALARM, WARNING = "#0a625c", "#a9281b", "#8a5108"
GROUNDS = {"over": ALARM, "low": WARNING, "empty": WARNING}
SIGN = 7.2  # the width of a sign at 12 pixels, as an average
PADDING = 20


@dataclass(frozen=True, slots=True)
class BadgeWords:
    """`said` and `day` make the line; `mood` is "", "low", "empty" or "over"."""

    said: str
    day: str
    mood: str

    @property
    def line(self) -> str:
        return f"{self.said}, {self.day}" if self.day else self.said

    @property
    def width(self) -> int:
        """Of the picture, in pixels."""
        return round(len(self.line) * SIGN) + PADDING

    @property
    def ground(self) -> str:
        """Its colour, which no brand changes."""
        return GROUNDS.get(self.mood, CALM)

    @property
    def text_width(self) -> int:
        return self.width - PADDING


def badge_words(retainers: Sequence[RetainerFacts], today: date) -> BadgeWords:
    """The number of the first agreement that runs, pool by pool, as its page has it."""
    facts = next((each for each in retainers if each.shown and not each.shown.closed), None)
    if facts is None or facts.shown is None:
        return BadgeWords(_("No agreement runs"), "", "")
    found = accounts(facts.cycles, facts.shown)
    said = " · ".join(_left(each, named=len(found) > 1) for each in found)
    if facts.through is None:
        return BadgeWords(said, _("no work is in yet"), "")
    day = _("through %(day)s") % {"day": day_of(facts.through, today)}
    return BadgeWords(said, day, tone(found[0], facts.shown))


def _left(account: Account, *, named: bool) -> str:
    said = _("%(hours)s left") % {"hours": h(account.remaining)}
    if account.overage:
        over = _("%(over)s over") % {"over": hours(account.overage)}
        said = f"{said}, {over}"
    return f"{_isolated(account.name)}: {said}" if named else said


def _isolated(name: str) -> str:
    """A name that runs right to left keeps to itself: the figures beside it stay where they are."""
    isolate, end = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
    return f"{isolate}{name}{end}" if needs_shaping(name) else name


A_MINUTE = "private, max-age=60"


@require_safe
def badge_picture(request: HttpRequest, token: str) -> HttpResponse:
    visit = open_badge(token)
    if visit is None:
        return not_found(request)
    body = render_to_string("portal/badge.svg", {"badge": _words(visit)})
    headers = {"Cache-Control": A_MINUTE, "Cross-Origin-Resource-Policy": "cross-origin"}
    return HttpResponse(body, content_type="image/svg+xml; charset=utf-8", headers=headers)


@require_safe
def badge_png(request: HttpRequest, token: str) -> HttpResponse:
    """The same for mails and sites that show no SVG, at twice its size."""
    visit = open_badge(token)
    if visit is None:
        return not_found(request)
    words = _words(visit)
    headers = {"Cache-Control": A_MINUTE, "Cross-Origin-Resource-Policy": "cross-origin"}
    return HttpResponse(drawn(words.line, words.ground), content_type="image/png", headers=headers)


@lru_cache(maxsize=256)
def drawn(line: str, ground: str) -> bytes:
    """White words on that ground, in a PNG twice as large as the SVG."""
    font = ImageFont.truetype(str(FONT), 24)
    width = round(font.getlength(line)) + 2 * PADDING
    picture = Image.new("RGBA", (width, 56), (0, 0, 0, 0))
    brush = ImageDraw.Draw(picture)
    brush.rounded_rectangle((0, 0, width - 1, 55), radius=12, fill=ground)
    brush.text((width / 2, 28), line, font=font, fill="#ffffff", anchor="mm")
    out = BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


@require_safe
def badge_line(request: HttpRequest, token: str) -> HttpResponseBase:
    visit = open_badge(token)
    if visit is None:
        return not_found(request)
    body = render_to_string("portal/badge.html", {"badge": _words(visit)})
    response = HttpResponse(body, headers={"Cache-Control": A_MINUTE})
    if not visit.badge.sites:
        return response
    response.xframe_options_exempt = True  # Django's own mark: the sites stand in the policy below
    framed = csp_replace({"frame-ancestors": list(visit.badge.sites)})(lambda _request: response)
    return framed(request)


def _words(visit: BadgeVisit) -> BadgeWords:
    with tenant_scope(visit.provider):
        try:
            facts = page_facts(visit.provider, visit.retainers, visit.today, Asked(), gate=visit.gate)
        except LookupError:
            facts = ()
        return badge_words(facts, visit.today)
