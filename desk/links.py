"""What managers do with a client's share links: made, copied, sent, replaced, revoked, and asked for a code or not.

A link is sent with one click, as one mail in the provider's name.
"""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.access import manager, the_member, theirs, today_at
from accounts.already import DoneAlreadyError, tells_who
from desk.clients.page import SHARING, client_answer, end_of_links
from desk.link_lines import LinkForm, end_words
from portal import links, second_step
from portal.links import EndedError
from portal.models import ShareLink
from portal.welcoming import KeyGoneError, promised_days, send_link
from presentation.days import cadence
from retainers.models import Client

INVALID = 422
ENDED = tells_who("link replaced", "link revoked", to="client_sharing", named="link")
MADE, MOST_MADE = "links_made", 20  # in the session: which form made which link


@never_cache
@require_POST
@manager
def create_link(request: HttpRequest, slug: str) -> HttpResponse:
    client = theirs(Client, slug=slug)
    member = the_member(request)
    form = LinkForm(request.POST, today=today_at(member.provider))
    if not form.is_valid():
        return client_answer(request, client, form, INVALID, part=SHARING)
    once = f"{client.pk}.{form.cleaned_data['once']}" if form.cleaned_data["once"] else ""
    made: dict[str, int] = request.session.get(MADE, {})
    if once in made:
        return _made_before(request, client, made[once])
    with form.sent_once(member.user) as is_first:
        if not is_first:  # while the first was under way: the session doesn't know its link yet
            return _made_elsewhere(request, client)
        link, token = links.create(
            client=client,
            label=form.cleaned_data["label"],
            expires_on=form.cleaned_data["expires_on"],
            by=member.user,
        )
    if once:
        _note_made(request, once, link)
    return _address(request, link, links.address_of(token), _("The new link"))


def _note_made(request: HttpRequest, form: str, link: ShareLink) -> None:
    made: dict[str, int] = request.session.get(MADE, {})
    request.session[MADE] = dict([*made.items(), (form, link.pk)][-MOST_MADE:])


def _made_before(request: HttpRequest, client: Client, pk: int) -> HttpResponse:
    """The same form once more, as by reloading: the link that it made, while that one opens."""
    link = links.open_links(client).filter(pk=pk).first()
    address = links.copy(link=link, by=the_member(request).user) if link else None
    if link is None or address is None:
        return _made_elsewhere(request, client)
    return _address(request, link, address, _("This link already exists"))


def _made_elsewhere(request: HttpRequest, client: Client) -> HttpResponse:
    messages.info(request, _("That link was already created; no second one was made."))
    return _back(client.slug)


@never_cache
@require_POST
@manager
@ENDED
def copy_link(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    link = _link(slug, pk)
    if _is_over(link):
        raise DoneAlreadyError
    address = links.copy(link=link, by=the_member(request).user)
    if address is None:
        messages.error(
            request,
            _("This link can’t be shown again because its key was changed. Replace the link instead."),
        )
        return _back(slug)
    return _address(request, link, address, _("The link’s address"))


@never_cache
@require_POST
@manager
@ENDED
def replace_link(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Reloading its answer, or sending it twice, shows the link that took the place."""
    old, form = _link(slug, pk), f"replaced.{pk}"
    made: dict[str, int] = request.session.get(MADE, {})
    if _is_over(old) and form in made:
        return _made_before(request, old.client, made[form])
    try:
        link, token = links.replace(link=old, by=the_member(request).user, at=timezone.now())
    except links.EndedError as error:
        raise DoneAlreadyError from error
    _note_made(request, form, link)
    return _address(request, link, links.address_of(token), _("The link is replaced"))


@require_POST
@manager
@ENDED
def revoke_link(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    link = _link(slug, pk)
    if _is_over(link):
        raise DoneAlreadyError
    try:
        links.revoke(link=link, by=the_member(request).user, at=timezone.now())
    except links.EndedError as error:
        raise DoneAlreadyError from error
    messages.success(request, _("“%(link)s” is revoked and no longer works.") % {"link": link})
    return _back(slug)


def _link(slug: str, pk: int) -> ShareLink:
    """The client's link, whether it opens still or not."""
    rows = ShareLink.objects.filter(client__slug=slug)
    found: ShareLink = theirs(rows.select_related("client", "provider"), pk=pk)
    return found


def _is_over(link: ShareLink) -> bool:
    return link.revoked_at is not None or link.replaced_at is not None


def _back(slug: str) -> HttpResponse:
    return redirect("client_sharing", slug)


def _address(request: HttpRequest, link: ShareLink, address: str, title: str) -> HttpResponse:
    provider = the_member(request).provider
    ends = end_words(link, end_of_links(provider, link.client), today_at(provider))
    context = {"link": link, "client": link.client, "address": address, "title": title, "ends": ends}
    context["to_send"] = text_to_send(link.client, address)
    return render(request, "desk/address.html", context)


@require_POST
@manager
def link_second_step(request: HttpRequest, slug: str) -> HttpResponse:
    """`wanted` is "on" or "off"; anything else changes nothing."""
    client: Client = theirs(Client, slug=slug)
    by, wanted = the_member(request).user, request.POST.get("wanted", "")
    if wanted == "on":
        _switch_on(request, client)
    elif wanted == "off":
        second_step.ask_no_more(client=client, by=by)
        messages.success(request, _("Links of %(client)s no longer ask for a code.") % {"client": client})
    return redirect("client_sharing", slug)


def _switch_on(request: HttpRequest, client: Client) -> None:
    try:
        second_step.ask_for_it(client=client, by=the_member(request).user, at=timezone.now())
    except second_step.NobodyError:
        text = _("%(client)s has no contact to mail a code to. Add one first.")
        messages.error(request, text % {"client": client})
        return
    text = _("Links of %(client)s now ask for a code that is mailed to a contact.")
    messages.success(request, text % {"client": client})


class SendForm(forms.Form):
    email = forms.EmailField(label=gettext_lazy("Send to"))
    language = forms.ChoiceField(choices=settings.LANGUAGES)


@require_POST
@manager
def send_link_by_mail(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    link = _link(slug, pk)
    form = SendForm(request.POST)
    if form.is_valid():
        _send(request, link, form.cleaned_data["email"], form.cleaned_data["language"])
    else:
        messages.error(request, _("Please choose an address and a language. Nothing was sent."))
    return redirect(f"{reverse('client_sharing', args=[slug])}#links")


def _send(request: HttpRequest, link: ShareLink, to: str, language: str) -> None:
    try:
        sent = send_link(link=link, to=to, language=language, by=the_member(request).user, at=timezone.now())
    except EndedError:
        messages.error(request, _("Nothing was sent: this link has since been replaced or revoked."))
    except KeyGoneError:
        messages.error(
            request,
            _("This link can’t be shown again because its key was changed. Replace the link instead."),
        )
    else:
        words = (
            _("The link is on its way to %(to)s.")
            if sent
            else _("This link was already sent to %(to)s today.")
        )
        messages.success(request, words % {"to": to})


def text_to_send(client: Client, address: str) -> str:
    """Ready to paste into a mail to the client."""
    said = [_("You can see what is left of your hours at any time: %(address)s") % {"address": address}]
    days = promised_days(client)
    if days:
        said.append(_("The page is updated %(days)s.") % {"days": cadence(days)})
    said.append(_("No one needs to sign in, so please keep the address to yourselves."))
    return "\n".join(said)
