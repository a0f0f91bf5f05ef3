"""The provider's mails: what went out, what waits and why; each as it reads; and one's own choice of them."""

from csp.decorators import csp_replace
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from accounts import outbox
from accounts.access import manager, the_member, theirs, zone_of
from accounts.already import DoneAlreadyError, tells_who, to_list
from accounts.models import OutboxMail
from alerts import watches
from alerts.consents import every_consent
from alerts.mail_lines import consent_line, mail_line, watch_line
from alerts.models import MailChoice
from alerts.posting import choice_of, choose
from retainers.gate.known import read_gate

A_PAGE = 25
PEOPLE_A_PAGE = 20  # of each list of those who get mails
LONGEST = 80
BODY_POLICY = {"default-src": ["'none'"], "style-src": ["'unsafe-inline'"], "frame-ancestors": ["'self'"]}


def _mails(request: HttpRequest) -> QuerySet[OutboxMail]:
    return outbox.mails_of(the_member(request).provider)


@require_safe
@manager
def mails(request: HttpRequest) -> HttpResponse:
    """Three lists, each by pages, all narrowed to the words that were searched for."""
    member, asked = the_member(request), request.GET
    zone, gate = zone_of(member.provider), read_gate(member.provider)
    words = asked.get("q", "").strip()[:LONGEST]
    contacts = Paginator(every_consent(words), PEOPLE_A_PAGE).get_page(asked.get("contacts"))
    readers = Paginator(watches.every_watch(words), PEOPLE_A_PAGE).get_page(asked.get("readers"))
    rows = Paginator(outbox.mails_of(member.provider, words), A_PAGE).get_page(asked.get("page"))
    context = {
        "words": words,
        "contacts": contacts,
        "consents": [consent_line(each, zone) for each in contacts],
        "reading": readers,
        "readers": [watch_line(each, zone, gate) for each in readers],
        "lines": [mail_line(row, zone) for row in rows],
        "rows": rows,
        "choice": choice_of(member.user),
    }
    return render(request, "alerts/mails.html", context)


@require_POST
@manager
def choose_mails(request: HttpRequest) -> HttpResponse:
    """Which mails the member wants from this provider."""
    wanted = {kind: kind in request.POST for kind in MailChoice.KINDS}
    choose(the_member(request).user, wanted)
    messages.success(request, _("Saved. It applies from the next mail on."))
    return redirect("mails")


@require_POST
@manager
@tells_who("mails asked for ended", to="mails")
def end_watch(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell a reader nothing more of what they asked for."""
    member = the_member(request)
    watch = theirs(watches.every_watch(), pk=pk)
    if not watches.stop([watch], timezone.now(), by=member.user):
        raise DoneAlreadyError
    messages.success(request, "They won’t get these mails any more.")
    return to_list(request, "mails")


@require_safe
@manager
def mail(request: HttpRequest, pk: int) -> HttpResponse:
    row = theirs(_mails(request), pk=pk)
    made = outbox.preview(row)
    line = mail_line(row, zone_of(the_member(request).provider))
    context = {"line": line, "subject": made.subject, "text": made.body, "has_html": bool(made.alternatives)}
    return render(request, "alerts/mail.html", context)


@require_safe
@xframe_options_sameorigin
@csp_replace(BODY_POLICY)
@manager
def mail_body(request: HttpRequest, pk: int) -> HttpResponse:
    """The mail's own page, with its own policy: its styles, no script, nothing loaded from anywhere."""
    made = outbox.preview(theirs(_mails(request), pk=pk))
    if not made.alternatives:
        raise Http404
    return HttpResponse(str(made.alternatives[0][0]))


@require_POST
@manager
def mail_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a waiting mail due now, whatever its pause; the sender takes it from there."""
    row = theirs(_mails(request), pk=pk)
    if outbox.try_again(row, timezone.now()):
        messages.success(request, _("It is being tried again. Check back in a minute."))
    else:
        messages.info(request, _("It was already sent; nothing was changed."))
    return redirect("mail", pk)


@require_POST
@manager
@tells_who("mail set aside", to="mails", named="mail")
def set_mail_aside(request: HttpRequest, pk: int) -> HttpResponse:
    """The mail is not tried again, and waits for nobody."""
    row = theirs(_mails(request), pk=pk)
    if not outbox.set_aside(row, the_member(request).user, timezone.now()):
        raise DoneAlreadyError
    messages.success(request, "Set aside. HourTab won’t try it again, and Waiting no longer lists it.")
    return redirect("mail", pk)
