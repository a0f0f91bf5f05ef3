"""The outbox: a mail is waiting, sent or given up, never two of these, and what waits can be sent."""

from collections.abc import Iterator

from django.db.models import Q

from accounts.models import OutboxMail, Provider
from accounts.seal import unseal
from hourtab.verifying.places import portions


def faults(provider: Provider) -> Iterator[str]:
    rows = OutboxMail.objects.filter(provider=provider).order_by("pk")
    wrong = (
        (Q(sent_at__isnull=False, given_up_at__isnull=False), "is sent and given up"),
        (Q(sent_at__isnull=False, attempts=0), "is sent without a try"),
        (Q(sent_at__isnull=False, claimed_until__isnull=False), "is sent, and a sender is still at it"),
        (Q(recipient=""), "is to nobody"),
    )
    for where, what in wrong:
        for mail in portions(rows.filter(where)):
            yield f"mail {mail.pk} ({mail.kind}) {what}"
    for mail in portions(rows.filter(sent_at=None, given_up_at=None).exclude(sealed=b"")):
        if unseal(mail.sealed) is None:
            yield f"mail {mail.pk} ({mail.kind}) waits, and its address was sealed with another HOURTAB_LINK_KEY"
