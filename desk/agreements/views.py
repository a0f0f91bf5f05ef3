"""A retainer's agreement in the browser: begun, looked at, changed; and all its versions."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import manager, the_member, theirs, today_at, viewer, zone_of
from accounts.seen import StaleError
from desk.agreements.beginning import beginnings, draft_begun, first_purchase
from desk.agreements.draft import AgreementDraft, draft_of
from desk.agreements.judging import JudgedDraft, judge, unreached_pools
from desk.agreements.pages import agreement_page
from desk.agreements.saving import AgreementMeanwhile, mark_of, meanwhile, save_agreement
from desk.agreements.usual_agreements import copied, copies, from_template
from desk.agreements.versions import VersionChange, changes_between
from desk.clients.rhythm import days_in
from desk.gate import Looked, look
from desk.restating import agreed_in
from desk.since import refused, told_done
from retainers.agreements import AgreementError, agreement_from_document
from retainers.agreements.readers import key_of
from retainers.agreements.writing import write_file
from retainers.gate.texts import agreement_texts, grant_texts, key_texts
from retainers.models import Client, Retainer
from retainers.restating.writing import RestatingError
from retainers.seen import made_on
from retainers.selectors import retainers_of
from retainers.standing_file import state
from retainers.terms import Adjustment, Agreement, TopUp

INVALID = 422
STALE = 409


@require_http_methods(["GET", "HEAD", "POST"])
@viewer
def agreement(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Viewers read the form; a manager's POST checks it, and saves what was in view."""
    client, retainer = _theirs(request, slug, key)
    if request.method == "POST":
        if not the_member(request).writes:
            raise PermissionDenied
        return _posted(request, client, retainer)
    standing = retainer.version
    if standing is None:
        raise Http404
    draft = draft_of(agreement_from_document(standing.document))
    draft = draft.saying(updates_on=" ".join(days_in(request.GET)) or draft["updates_on"])
    return _page(request, client, draft, _judged(request, client, draft, retainer), retainer)


@require_http_methods(["GET", "HEAD", "POST"])
@manager
def agreement_new(request: HttpRequest, slug: str) -> HttpResponse:
    """First what to start from (a usual agreement, or a copy), then the form. A POST as in `agreement`."""
    client = theirs(Client, slug=slug)
    if request.method == "POST":
        return _posted(request, client, None)
    today = today_at(the_member(request).provider)
    template, copy = request.GET.get("from", ""), request.GET.get("copy", "")
    if not template and not copy:
        shown = {"client": client, "beginnings": beginnings(today), "copies": copies()}
        return render(request, "agreements/begin.html", shown)
    return _first_look(request, client, _start(client, template, copy, today), None)


def _start(client: Client, template: str, copy: str, today: date) -> AgreementDraft:
    """A template's form, or the copy of a retainer of any client of the provider (`client.key`)."""
    if not copy:
        return from_template(template, today)
    slug, _dot, key = copy.partition(".")
    row: Retainer = theirs(retainers_of([slug]), key=key)
    if row.version is None:
        raise Http404
    return copied(agreement_from_document(row.version.document), today.replace(day=1))


def _theirs(request: HttpRequest, slug: str, key: str) -> tuple[Client, Retainer]:
    retainer: Retainer = theirs(retainers_of([slug]).select_related("client", "version"), key=key)
    return retainer.client, retainer


def _judged(
    request: HttpRequest, client: Client, draft: AgreementDraft, retainer: Retainer | None
) -> JudgedDraft:
    provider = the_member(request).provider
    top_ups, wrong = first_purchase(draft) if retainer is None else ((), "")
    judged = judge(provider, client, draft, standing=retainer, today=today_at(provider), top_ups=top_ups)
    return replace(judged, errors={**judged.errors, "first_block": [wrong]}) if wrong else judged


def _first_look(
    request: HttpRequest, client: Client, draft: AgreementDraft, retainer: Retainer | None
) -> HttpResponse:
    """The form with what its choices mean, and without a word on what isn't filled in yet."""
    judged = _judged(request, client, draft, retainer)
    return _page(request, client, draft, None if judged.errors else judged, retainer)


def _posted(request: HttpRequest, client: Client, retainer: Retainer | None) -> HttpResponse:
    do, today = request.POST.get("do", "check"), today_at(the_member(request).provider)
    done = made_on(request.POST.get("seen", ""), client.retainers.all()) if do == "save" else None
    if done is not None:
        messages.info(request, told_done(done, zone_of(the_member(request).provider)))
        return redirect("agreement", client.slug, done.retainer.key)
    if retainer is None:
        return _by_button(request, client, _new_draft(request.POST, do, today), None, do)
    found = meanwhile(retainer, request.POST, today)
    if found is not None:
        return _changed_meanwhile(request, client, found, retainer)
    return _by_button(request, client, AgreementDraft.read(request.POST), retainer, do)


def _new_draft(post: QueryDict, do: str, today: date) -> AgreementDraft:
    """The form of an agreement that isn't there yet; its key comes from its name."""
    draft = draft_begun(post, today) if do == "begin" else AgreementDraft.read(post)
    return draft if draft["key"] else draft.saying(key=key_of(draft["name"]))


def _by_button(
    request: HttpRequest, client: Client, draft: AgreementDraft, retainer: Retainer | None, do: str
) -> HttpResponse:
    """What the button asks for: more rows, further terms, a look, or a save."""
    if do == "rows":
        return _first_look(request, client, draft.with_spare_rows(), retainer)
    if do == "terms":
        return _with_new_terms(request, client, draft, retainer)
    if do.startswith("drop-") and do.removeprefix("drop-").isdigit():
        draft = draft.without_terms(int(do.removeprefix("drop-")))
    judged = _judged(request, client, draft, retainer)
    if judged.errors:
        return _page(request, client, draft, judged, retainer, status=INVALID)
    looked = leaks_in(request, client, judged.agreement, judged.top_ups)
    if looked.found:
        return _page(request, client, draft, judged, retainer, status=INVALID, looked=looked)
    if do != "save":
        return _page(request, client, draft, judged, retainer, checked=True, looked=looked)
    return _save(request, client, draft, judged, retainer, looked)


def leaks_in(
    request: HttpRequest,
    client: Client,
    agreement: Agreement,
    top_ups: Sequence[TopUp] = (),
    charges: Sequence[Adjustment] = (),
) -> Looked:
    """What the leak check finds in the words that the client would read."""
    texts = (*agreement_texts(agreement), *grant_texts(top_ups, charges))
    return look(
        request,
        client,
        [(place.label, text) for place, text in texts],
        keys=[(place.label, key) for place, key in key_texts(agreement)],
    )


def _changed_meanwhile(
    request: HttpRequest, client: Client, found: AgreementMeanwhile, retainer: Retainer | None
) -> HttpResponse:
    draft = AgreementDraft.read(found.post)
    judged = _judged(request, client, draft, retainer)
    return _page(request, client, draft, judged, retainer, status=STALE, changes=found.changes)


def _with_new_terms(
    request: HttpRequest, client: Client, draft: AgreementDraft, retainer: Retainer | None
) -> HttpResponse:
    try:
        since = date.fromisoformat(request.POST.get("new_terms", ""))
    except ValueError:
        return _page(request, client, draft, None, retainer)
    draft = draft.with_new_terms(since)
    return _page(request, client, draft, _judged(request, client, draft, retainer), retainer)


def _save(
    request: HttpRequest,
    client: Client,
    draft: AgreementDraft,
    judged: JudgedDraft,
    retainer: Retainer | None,
    looked: Looked,
) -> HttpResponse:
    try:
        with looked.letting_through():
            changed = save_judged(request, client, judged, top_ups=judged.top_ups)
    except AgreementError as error:
        judged = replace(judged, errors={"": error.messages})
        return _page(request, client, draft, judged, retainer, status=INVALID)
    except RestatingError as asked:
        in_view = replace(judged.in_view, restated=asked.restated)
        judged = replace(judged, look=lambda: in_view)
        return _page(request, client, draft, judged, retainer, status=STALE, checked=True, unticked=True)
    except StaleError as stale:
        return _refused(request, client, draft, stale, retainer)
    messages.success(request, _("Saved and published.") if changed else _("Nothing has changed."))
    return redirect("agreement", client.slug, judged.agreement.key)


def save_judged(
    request: HttpRequest,
    client: Client,
    judged: JudgedDraft,
    others: Sequence[Agreement] = (),
    top_ups: Sequence[TopUp] = (),
    charges: Sequence[Adjustment] = (),
) -> list[str]:
    """Save what was in view, as the sent form says it. Raises as `save_agreement` does."""
    member = the_member(request)
    return save_agreement(
        provider=member.provider,
        client=client,
        agreement=judged.agreement,
        form=request.POST.get("seen", ""),
        today=today_at(member.provider),
        others=others,
        top_ups=top_ups,
        charges=charges,
        agreed=agreed_in(request),
        by=member.user,
        at=timezone.now(),
    )


def _refused(
    request: HttpRequest, client: Client, draft: AgreementDraft, stale: StaleError, retainer: Retainer | None
) -> HttpResponse:
    """What was in view is no longer so: look once more, at what it is now."""
    provider = the_member(request).provider
    now = _theirs(request, client.slug, retainer.key)[1] if retainer else None
    found = meanwhile(now, request.POST, today_at(provider)) if now else None
    if found is not None:
        return _changed_meanwhile(request, client, found, now)
    judged = _judged(request, client, draft, now)
    why = refused(stale, zone_of(provider))
    return _page(request, client, draft, judged, now, status=STALE, checked=True, refusal=why)


def _page(
    request: HttpRequest,
    client: Client,
    draft: AgreementDraft,
    judged: JudgedDraft | None,
    retainer: Retainer | None,
    *,
    status: int = 200,
    checked: bool = False,
    unticked: bool = False,
    **told: Any,
) -> HttpResponse:
    today = today_at(the_member(request).provider)
    page = agreement_page(
        draft.with_spare_rows() if the_member(request).writes else draft,
        judged,
        is_new=retainer is None,
        title=draft["name"] if retainer else _("A new agreement"),
        today=today,
        checked=checked,
        unticked=unticked,
    )
    context = {"page": page, "client": client, "key": retainer.key if retainer else "", **told}
    context["opened"] = mark_of(retainer)
    if judged and not judged.errors:
        context["unreached"] = unreached_pools(judged.agreement, retainer, today)
        context["differs"] = _differs(retainer, judged.agreement) if page.checked else ()
    return render(request, "agreements/agreement.html", context, status=status)


def _differs(retainer: Retainer | None, agreement: Agreement) -> tuple[VersionChange, ...]:
    """What saving would change of what the agreement says; of a new one everything is in the form anyway."""
    if retainer is None or retainer.version is None:
        return ()
    return changes_between(agreement_from_document(retainer.version.document), agreement)


@require_safe
@manager
def agreements_file(request: HttpRequest) -> HttpResponse:
    """Everything that `dump_retainers` writes."""
    provider = the_member(request).provider
    response = HttpResponse(write_file(state(provider)), content_type="application/toml; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{provider.slug}.toml"'
    return response
