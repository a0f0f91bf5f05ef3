"""What a reader of a client's page asks to be told by mail: asked for there, confirmed from a mail, ended by one click.

An address is mailed nothing but the question until it was confirmed, and the answer on the page is the same whoever's
it is. An unconfirmed wish is forgotten after a week, an ended one after a month; a wish ends with its link.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import get_language

from accounts import actors, outbox
from accounts.audit import record
from accounts.models import OutboxMail, Provider, User
from accounts.seal import name_of, named
from accounts.tenancy import all_tenants
from accounts.worked_out import WorkedOut
from alerts.models import Watch
from alerts.watch_words import watch_words
from portal.access import opens
from portal.models import ShareLink
from portal.second_step import step_of
from portal.selectors import client_name, provider_name
from retainers.gate.known import read_gate
from retainers.models import Contact, Retainer

CONFIRM, STOP = "alerts.watch.confirm", "alerts.watch.stop"
GOOD_FOR = timedelta(days=7)
KEPT_AFTER_ITS_END = timedelta(days=30)
QUESTIONS_AN_HOUR, QUESTIONS_A_DAY = 6, 20  # questions mailed from one link
TO_ONE_AN_HOUR, TO_ONE_A_DAY = 3, 6  # questions mailed to one address: each leads to all that wait
MOST_OF_ONE = 10  # wishes of one address behind one link
MOST_OF_A_LINK = 100
KIND = "watch_asked"


@dataclass(frozen=True, slots=True)
class Wish:
    """A filled-in form: what is to be told of which account. `mark` is the form's own."""

    retainer: Retainer
    account: str
    when: str
    amount: int
    email: str
    mark: str


class TooManyError(Exception):
    """The link has asked for enough in the last hour or day, or has as many wishes as it may."""


@transaction.atomic
def ask(*, link: ShareLink, wish: Wish, at: datetime) -> None:
    """Write the wish down and mail its address the question, once a form. Raises `TooManyError`.

    Where the client's links have a second step, only contacts on record are written to; nobody is told.
    """
    ShareLink.objects.select_for_update(no_key=True).get(pk=link.pk)
    if OutboxMail.objects.filter(key=_key(link, wish.mark)).exists():
        return
    if _is_many(link, at):
        raise TooManyError
    address = wish.email.strip().lower()
    if not _may_be_told(link, address) or _has_enough(link, address, at):
        return
    watch, _created = Watch.objects.update_or_create(
        link=link,
        email=address,
        retainer=wish.retainer,
        account=wish.account,
        when=wish.when,
        amount=wish.amount,
        defaults={"asked_at": at, "language": get_language() or ""},
    )
    _mail_the_question(watch, wish.mark)


def _mail_the_question(watch: Watch, mark: str) -> None:
    provider, client = watch.provider, watch.link.client
    gate = read_gate(provider)
    outbox.post(
        provider=provider,
        key=_key(watch.link, mark),
        kind=KIND,
        recipient=watch.email,
        context={
            "provider": provider_name(provider, gate),
            "client": client_name(client, gate),
            "wish": watch_words(watch, gate),
        },
        secret=name_of(watch.pk, CONFIRM),
        language=watch.language,
    )


def _key(link: ShareLink, mark: str) -> str:
    return f"{KIND}:{link.pk}:{mark}"


def _is_many(link: ShareLink, at: datetime) -> bool:
    asked = OutboxMail.objects.filter(key__startswith=_key(link, ""), created_at__gt=at - timedelta(days=1))
    of_the_hour = asked.filter(created_at__gt=at - timedelta(hours=1))
    standing = Watch.objects.filter(link=link, ended_at=None).count()
    return (
        of_the_hour.count() >= QUESTIONS_AN_HOUR
        or asked.count() >= QUESTIONS_A_DAY
        or standing >= MOST_OF_A_LINK
    )


def _has_enough(link: ShareLink, address: str, at: datetime) -> bool:
    """Whether the address was asked often enough, or has as many wishes as it may."""
    asked = OutboxMail.objects.filter(kind=KIND, recipient=address, created_at__gt=at - timedelta(days=1))
    of_the_hour = asked.filter(created_at__gt=at - timedelta(hours=1))
    standing = Watch.objects.filter(link=link, email=address, ended_at=None).count()
    return of_the_hour.count() >= TO_ONE_AN_HOUR or asked.count() >= TO_ONE_A_DAY or standing >= MOST_OF_ONE


def _may_be_told(link: ShareLink, address: str) -> bool:
    """Whether figures may go to that address: to any reader's, with a second step to contacts' alone."""
    if step_of(link.client) is None:
        return True
    listed = Contact.objects.filter(client=link.client_id).values_list("email", flat=True)
    return address in {each.strip().lower() for each in listed}


def find(signed: str, salt: str) -> Watch | None:
    """The wish that a sealed name stands for; None for a name that is not ours or too old, or of one that is gone."""
    pk = named(signed, salt, GOOD_FOR if salt == CONFIRM else None)
    if pk is None:
        return None
    with all_tenants("a signed address is looked up before its provider is known"):
        rows = Watch.objects.select_related("link__client__second_step", "provider", "retainer")
        found: Watch | None = rows.filter(pk=pk).first()
    return found


def every_watch(words: str = "") -> QuerySet[Watch]:
    """Those of the provider in scope, by client, each with its link, its client, and the agreement that it is about.

    :param words: a part of the address or of the client's name
    """
    rows: QuerySet[Watch] = Watch.objects.select_related(
        "link__client", "retainer__client", "retainer__publication__version"
    )
    of_client = Q(link__client__name__icontains=words)
    return rows.filter(Q(email__icontains=words) | of_client).order_by("link__client__name", "email", "pk")


def stop_path(watch: Watch) -> str:
    return reverse("stop_watch", args=[name_of(watch.pk, STOP)])


def waiting_with(watch: Watch) -> list[Watch]:
    """The wish and whatever else the same address has asked for behind the same link and not confirmed."""
    alike = Watch.objects.filter(link=watch.link, email=watch.email).select_related("retainer", "provider")
    return [each for each in alike if each.pk == watch.pk or (not each.confirmed_at and not each.ended_at)]


def stands(watch: Watch) -> bool:
    """Whether its mails may go out: its link opens, and the address may be told."""
    return opens(watch.link) and _may_be_told(watch.link, watch.email)


@transaction.atomic
def confirm(watch: Watch, at: datetime) -> bool:
    """From now on it is told, with all that waits for the same address; False where the link has ended."""
    if not stands(watch):
        return False
    for each in waiting_with(watch):
        again = Watch.objects.filter(pk=each.pk).exclude(confirmed_at__isnull=False, ended_at=None)
        if again.update(confirmed_at=at, ended_at=None, told=""):
            record(actors.contact(each.email), "mails asked for", about=[watch.link.client.slug])
    return True


@transaction.atomic
def stop(watches: Sequence[Watch], at: datetime, by: User | None = None) -> int:
    """Nothing more of them is told; how many were. `by`: the member who ended them; else whoever has the mail."""
    ended = 0
    for each in watches:
        if Watch.objects.filter(pk=each.pk, ended_at=None).update(ended_at=at):
            who = by or actors.contact(each.email)
            record(who, "mails asked for ended", about=[each.link.client.slug], number=each.pk)
            ended += 1
    return ended


def all_of(watch: Watch) -> list[Watch]:
    """What goes to the same address behind the same link."""
    return list(Watch.objects.filter(link=watch.link, email=watch.email).select_related("link__client"))


def forget_watches(provider: Provider, at: datetime) -> int:
    """Delete what was never confirmed, what has ended a month ago, and what belongs to a link that has; how many."""
    gone = [each.pk for each in KNOWN.rows() if _is_over(each, at)]
    if gone:  # to delete nothing takes SQLite's only lock as well
        Watch.objects.filter(pk__in=gone).delete()
    old = OutboxMail.objects.filter(kind=KIND, created_at__lt=at - GOOD_FOR - timedelta(days=1))
    if old.exists():
        old.delete()
    return len(gone)


KNOWN = WorkedOut(lambda: Watch.objects.select_related("link__client__second_step", "link__provider"))


def _is_over(watch: Watch, at: datetime) -> bool:
    if watch.ended_at is not None:
        return watch.ended_at < at - KEPT_AFTER_ITS_END
    if watch.confirmed_at is None and watch.asked_at < at - GOOD_FOR:
        return True
    return not opens(watch.link)


def wishes_of(watches: Sequence[Watch], provider: Provider) -> list[str]:
    """Each wish in words, in the language in which the page is read."""
    gate = read_gate(provider)
    return [watch_words(each, gate) for each in watches]
