"""A preview's answer "these companies are clients": read from its form, made at once, and said."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import the_member, today_at
from desk.imports.new_clients import NewClient, clients_of_companies
from desk.imports.pages.typed_companies import USUAL_DAYS
from desk.imports.preview_or_problem import UnreadableFile, plan_looked_at
from imports.models import Import
from presentation import phrases
from retainers.company_names import company_key
from retainers.models import Client, CompanyName
from retainers.terms import WEEKDAYS

MOST_NAMED = 5


def make_clients(request: HttpRequest, source: Import, numbers: Sequence[str]) -> None:
    """Make clients of the companies that the form numbers so, with what it says of each.

    Raises `NotMappedError` where one can't be made: then none is.
    """
    member = the_member(request)
    wanted = [each for each in (_wanted(request, number) for number in numbers) if each.company]
    if not wanted:
        messages.error(request, _("Tick the companies that are clients."))
        return
    wanted = _not_made_yet(wanted)
    if not wanted:
        messages.info(request, _("They are already clients."))
        return
    plan = plan_looked_at(source, today_at(member.provider))
    first_day = None if isinstance(plan, UnreadableFile) else plan.starts
    made = clients_of_companies(
        provider=member.provider,
        wanted=wanted,
        starts=first_day or today_at(member.provider),
        by=member.user,
        at=timezone.now(),
    )
    messages.success(request, _made(made))


def _wanted(request: HttpRequest, number: str) -> NewClient:
    """What the form says of one company; its hours are its own, else those typed for all."""
    days = request.POST.getlist("updates_on") or (USUAL_DAYS if "new" in request.POST else ())
    hours = request.POST.get(f"cap-{number}", "").strip() or request.POST.get("cap-all", "").strip()
    return NewClient(
        company=request.POST.get(f"company-{number}", ""),
        template=request.POST.get(f"template-{number}", ""),
        hours=hours,
        updates_on=tuple(day for day in WEEKDAYS if day in days),
    )


def _not_made_yet(wanted: Sequence[NewClient]) -> list[NewClient]:
    """Without those that became clients meanwhile: a form that was sent twice makes nobody twice."""
    keys = [company_key(each.company) for each in wanted]
    known = set(CompanyName.objects.filter(key__in=keys).values_list("key", flat=True))
    return [each for each, key in zip(wanted, keys, strict=True) if key not in known]


def _made(clients: Sequence[Client]) -> str:
    names = [client.name for client in clients]
    text = ngettext(
        "%(names)s is now a client. You can change the agreement on its page.",
        "%(count)d clients created: %(names)s. You can change each agreement on the client’s page.",
        len(names),
    )
    return phrases.one_stop(text % {"count": len(names), "names": phrases.some(names, MOST_NAMED)})
