"""The first day's check list: what leads from an empty installation to a client's page that a client has opened.

It stands on the dashboard until the first link is opened, and never comes back. Once something is published the
clients matter more, and it is a line that names the next step.
"""

from dataclasses import dataclass, replace

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Provider
from imports.models import Import
from portal.models import ShareLink
from retainers.models import Client, Retainer
from retainers.rule_books import opening_times_of


@dataclass(frozen=True, slots=True)
class FirstStep:
    """`href` leads to where it is done, `button` is what stands on it, `still` what stands there once it is done; ""
    without one. `is_next`: do this now.
    """

    text: str
    about: str
    button: str
    href: str
    is_done: bool
    is_next: bool = False
    is_skipped: bool = False
    still: str = ""

    @property
    def asks(self) -> str:
        return self.still if self.is_done else self.button

    @property
    def state(self) -> str:
        return "done" if self.is_done else "next" if self.is_next else ""


@dataclass(frozen=True, slots=True)
class CheckList:
    """`is_folded`: there are clients to look at below, and one line is enough."""

    steps: tuple[FirstStep, ...]
    is_folded: bool

    @property
    def next(self) -> FirstStep:
        return next(each for each in self.steps if each.is_next)

    @property
    def done(self) -> str:
        """How many steps are behind."""
        done = sum(each.is_done or each.is_skipped for each in self.steps)
        return _("%(done)d of %(count)d done") % {"done": done, "count": len(self.steps)}


def first_steps(provider: Provider, *, any_opened: bool) -> CheckList | None:
    """The steps of the provider in scope, in their order; none once a client has opened a link.

    `any_opened`: a link that still works was, and nothing is asked of the database.
    """
    if any_opened or ShareLink.objects.filter(opened_count__gt=0).exists():
        return None
    steps = (_upload(), _clients(), published := _publish(), _link(), _opened())
    hours = _hours(provider, is_skipped=any(each.is_done for each in steps))
    first_open = next(each for each in (hours, *steps) if not each.is_done and not each.is_skipped)
    marked = tuple(replace(each, is_next=each is first_open) for each in (hours, *steps))
    return CheckList(marked, is_folded=published.is_done)


def _hours(provider: Provider, *, is_skipped: bool) -> FirstStep:
    """The one step that can be left out: who has gone on without business hours isn't led back to them."""
    is_done = provider.business_hours is not None
    holidays = [day for times in opening_times_of(provider) for day in times.holidays]
    return FirstStep(
        _("Say when you are open"),
        _("Set business hours and holidays if work outside them counts as “after hours”. You can skip this."),
        _("Set business hours"),
        reverse("business_hours"),
        is_done,
        is_skipped=is_skipped and not is_done,
        still="" if holidays else _("Add holidays"),
    )


def _upload() -> FirstStep:
    return FirstStep(
        _("Upload a time report from your PSA"),
        _("As CSV or Excel, for all clients, from the first day of this month. This publishes nothing yet."),
        _("Upload an export"),
        reverse("imports"),
        Import.objects.exists(),
    )


def _clients() -> FirstStep:
    return FirstStep(
        _("Make its companies your clients"),
        _("One table proposes them all; you enter what was agreed with each."),
        _("Open the table"),
        f"{_newest_preview()}?open=companies#companies",
        Client.objects.exists(),
    )


def _publish() -> FirstStep:
    return FirstStep(
        _("Publish what the file brings"),
        _("The preview shows each client’s hours before anyone sees them."),
        _("Open the preview"),
        _newest_preview(),
        Import.objects.filter(state=Import.State.PUBLISHED).exists(),
    )


def _newest_preview() -> str:
    """Where the newest file waits; the page of imports where none does."""
    waiting = Import.objects.filter(state=Import.State.UPLOADED).order_by("-pk").values_list("pk", flat=True)
    newest = waiting.first()
    return reverse("import", args=[newest]) if newest else reverse("imports")


def _link() -> FirstStep:
    client = _published_clients().first()
    return FirstStep(
        _("Create a client’s link"),
        _("It opens that client’s page without a password, and comes with a text you can send along."),
        _("Create a link"),
        reverse("client_sharing", args=[client.slug]) if client else "",
        ShareLink.objects.exists(),
    )


def _published_clients() -> QuerySet[Client]:
    """The clients with work on their page; those that something was imported for come first."""
    covered = Retainer.objects.filter(client=OuterRef("pk"), publication__through__isnull=False)
    return Client.objects.filter(Exists(covered))


def _opened() -> FirstStep:
    return FirstStep(
        _("Send it, and see when it’s opened"),
        _("This list goes away once a client has opened a link."),
        "",
        "",
        is_done=False,
    )
