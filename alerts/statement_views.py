"""The button of a month's end that mails its statements."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from accounts.access import manager, the_member
from alerts.statement_mails import Mailed, mail_statements
from desk.month_end.lines import lines_of_month
from desk.month_end.views import asked_month
from presentation.counts import clients, counted


@require_POST
@manager
def mail_month(request: HttpRequest) -> HttpResponse:
    """Mail what is stated of the month to the contacts who agreed to be mailed."""
    asked, member = asked_month(request), the_member(request)
    lines = lines_of_month(asked.month, asked.today, asked.zone)
    mailed = mail_statements(
        provider=member.provider,
        cycles=[line.key for line in lines if line.stated_times],
        month=asked.month,
        by=member.user,
        at=timezone.now(),
    )
    messages.success(request, _told(mailed))
    return redirect(f"{reverse('month_end')}?{urlencode({'month': f'{asked.month:%Y-%m}'})}")


def _told(mailed: Mailed) -> str:
    said = f"{counted(mailed.mails, 'mail is', 'mails are')} on the way."
    if not mailed.mails:
        said = "No new mail was written."
        said += "" if mailed.unreached else " Each statement goes to an address once."
    if mailed.unreached:
        has = "has" if mailed.unreached == 1 else "have"
        said += (
            f" {clients(mailed.unreached)} {has} nobody to mail: no contact has agreed, or no link is active."
        )
    return said
