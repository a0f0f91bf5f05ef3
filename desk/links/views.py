"""What managers do with a client's share links. An address is shown on the answer and kept nowhere else."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.access import manager, the_member, theirs, today_at
from desk.clients.page import SHARING, end_of_links
from desk.clients.views import client_answer
from desk.links.form import LinkForm
from desk.links.link_lines import end_words
from desk.links.to_send import text_to_send
from portal import links
from portal.models import ShareLink
from retainers.models import Client

INVALID = 422
MADE, MOST_MADE = "links_made", 20  # in the session: which form made which link


@never_cache
@require_POST
@manager
def create_link(request: HttpRequest, slug: str) -> HttpResponse:
    client = theirs(Client.objects.all(), slug=slug)
    member = the_member(request)
    form = LinkForm(request.POST, today=today_at(member.provider))
    if not form.is_valid():
        return client_answer(request, client, form, INVALID, part=SHARING)
    once = f"{client.pk}.{form.cleaned_data['once']}" if form.cleaned_data["once"] else ""
    made: dict[str, int] = request.session.get(MADE, {})
    if once in made:
        return _made_before(request, client, made[once])
    link, token = links.create(
        client=client,
        label=form.cleaned_data["label"],
        expires_on=form.cleaned_data["expires_on"],
        by=member.user,
    )
    if once:
        request.session[MADE] = dict([*made.items(), (once, link.pk)][-MOST_MADE:])
    return _address(request, link, links.address_of(token), _("The link is made"))


def _made_before(request: HttpRequest, client: Client, pk: int) -> HttpResponse:
    """The same form once more, as by reloading: the link that it made, while that one opens."""
    link = ShareLink.objects.filter(client=client, pk=pk, revoked_at=None, replaced_at=None).first()
    address = links.copy(link=link, by=the_member(request).user) if link else None
    if link is None or address is None:
        messages.info(request, _("That link was made already: nothing was done twice."))
        return _back(client.slug)
    return _address(request, link, address, _("The link was made before"))


@never_cache
@require_POST
@manager
def copy_link(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    link = _link(slug, pk)
    address = links.copy(link=link, by=the_member(request).user)
    if address is None:
        messages.error(request, _("The key that sealed this link is gone: replace the link instead."))
        return _back(slug)
    return _address(request, link, address, _("The link’s address"))


@never_cache
@require_POST
@manager
def replace_link(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    try:
        link, token = links.replace(link=_link(slug, pk), by=the_member(request).user, at=timezone.now())
    except links.EndedError:
        return _ended(request, slug)
    return _address(request, link, links.address_of(token), _("The link is replaced"))


@require_POST
@manager
def revoke_link(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    link = _link(slug, pk)
    try:
        links.revoke(link=link, by=the_member(request).user, at=timezone.now())
    except links.EndedError:
        return _ended(request, slug)
    messages.success(
        request, _("“%(link)s” is revoked: its address is unknown from now on.") % {"link": link}
    )
    return _back(slug)


def _link(slug: str, pk: int) -> ShareLink:
    """The client's link, while it is neither revoked nor replaced."""
    rows = ShareLink.objects.filter(client__slug=slug, revoked_at=None, replaced_at=None)
    found: ShareLink = theirs(rows.select_related("client"), pk=pk)
    return found


def _ended(request: HttpRequest, slug: str) -> HttpResponse:
    text = _("Somebody has replaced or revoked this link meanwhile. These are the links as they are now.")
    messages.error(request, text)
    return _back(slug)


def _back(slug: str) -> HttpResponse:
    return redirect("client_sharing", slug)


def _address(request: HttpRequest, link: ShareLink, address: str, title: str) -> HttpResponse:
    provider = the_member(request).provider
    ends = end_words(link, end_of_links(provider, link.client), today_at(provider))
    context = {"link": link, "client": link.client, "address": address, "title": title, "ends": ends}
    context["to_send"] = text_to_send(link.client, address)
    return render(request, "desk/address.html", context)
