"""The records in Django's admin, as one table: for what is rarely needed.

Registered here, above the apps, because the apps know nothing of the site. Filters never list people: a user
may be another provider's.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.db.models import Model
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from accounts.access import member_of, within
from accounts.models import ApiKey, AuditEvent
from alerts.models import Consent, Crossing, Watch
from hourtab.record_kinds import Clients, Entries, OfClient, OwnersOnly, Published, ReadOnly, Sources
from imports.models import EntryChoice, Import, NeverOurs, RememberedWording, SavedMapping, SourceRow
from portal.models import ClientRequest, ShareLink
from retainers import models as rows


class HourTabAdmin(AdminSite):
    site_header = "HourTab"
    site_title = "HourTab"
    index_title = "Records"
    site_url = "/"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return member_of(request) is not None

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        inner = super().admin_view(view, cacheable)

        def scoped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            member = member_of(request)
            if member is None:
                return inner(request, *args, **kwargs)  # type: ignore[no-any-return]  # Django's own refusal
            return within(member.provider, lambda: inner(request, *args, **kwargs))

        return scoped

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """One way to sign in: the site's own. A signed-in person without a provider has nothing here."""
        if request.user.is_authenticated:
            return redirect("dashboard")
        return redirect_to_login(request.GET.get("next", "/admin/"))

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """One way to change a password, too."""
        return redirect("account_change_password")


site = HourTabAdmin(name="admin")


class Record(NamedTuple):
    """Fields of `model` by name: the columns of its list (`shown`), its filters, what is searched, what is joined.

    `unseen` fields are shown to nobody: digests, sealed secrets, originals. `filters` None: those of its kind.
    """

    model: type[Model]
    kind: type[ReadOnly]
    shown: str
    filters: str | None = None
    searched: str = ""
    joined: str = ""
    unseen: str = ""


RECORDS: Sequence[Record] = (
    Record(rows.Client, Clients, "name slug created_at desk", None, "name slug company_names__name"),
    Record(rows.CompanyName, OfClient, "name client", "client", "name client__name", "client"),
    Record(
        rows.Contact,
        OfClient,
        "name email client approves alerts",
        "approves alerts client",
        "name email client__name",
        "client",
    ),
    Record(
        rows.Statement,
        OfClient,
        "retainer cycle_starts number issued_at issued_by reason",
        "retainer__client",
        "reason",
        "retainer__client issued_by",
    ),
    Record(rows.Notice, Published, "retainer text running added_in retired_in", None, "text"),
    Record(
        ClientRequest,
        OfClient,
        "made_at retainer kind name email confirmed_at answered_at",
        "kind retainer__client",
        "name email text",
        "retainer__client",
        unseen="digest",
    ),
    Record(
        Crossing,
        OfClient,
        "reached_at retainer account threshold cycle_starts",
        "retainer__client",
        "",
        "retainer__client",
    ),
    Record(
        Consent, OfClient, "email client asked_at confirmed_at unsubscribed_at", "client", "email", "client"
    ),
    Record(
        Watch,
        OfClient,
        "email retainer when amount asked_at confirmed_at ended_at",
        "when retainer__client",
        "email",
        "link retainer__client",
    ),
    # The origin is the mark in the address of the entry's page.
    Record(
        EntryChoice,
        ReadOnly,
        "reason pool exclusion given_by given_at origin",
        None,
        "reason exclusion",
        "given_by",
    ),
    Record(
        rows.LetThrough, ReadOnly, "text kind client let_by let_at", "kind client", "text", "client let_by"
    ),
    Record(rows.StaffName, ReadOnly, "name seen_at", None, "name"),
    Record(NeverOurs, ReadOnly, "name settled_by settled_at", None, "name", "settled_by"),
    Record(SavedMapping, ReadOnly, "name made_by made_at", None, "name", "made_by"),
    Record(
        ApiKey,
        OwnersOnly,
        "name start scopes created_by last_used_at revoked_at",
        joined="created_by",
        unseen="digest",
    ),
    Record(
        rows.Retainer,
        OfClient,
        "client key version publication created_at",
        "client",
        "client__name key",
        "client version publication",
    ),
    Record(
        rows.AgreementVersion,
        ReadOnly,
        "retainer number recorded_at recorded_by",
        "retainer__client",
        "",
        "retainer__client recorded_by",
    ),
    Record(rows.RuleBook, ReadOnly, "number recorded_at recorded_by", joined="recorded_by"),
    Record(
        rows.Publication,
        OfClient,
        "retainer number kind made_at made_by through note",
        "kind retainer__client",
        "note",
        "retainer__client made_by",
    ),
    Record(
        rows.Entry,
        Entries,
        "day retainer wording worded_by worked pool exclusion retired_in",
        None,
        "wording exclusion pool",
    ),
    Record(rows.TopUp, Published, "day retainer hours pool expires note retired_in", None, "note"),
    Record(rows.Adjustment, Published, "day retainer hours pool expires reason retired_in", None, "reason"),
    Record(
        Import,
        ReadOnly,
        "id file_name format state client uploaded_at uploaded_by through",
        "state format",
        "file_name sha256",
        "client uploaded_by",
        unseen="original",
    ),
    Record(
        SourceRow,
        Sources,
        "client read_in line ticket title technician entry_id",
        "format client",
        "title ticket entry_id technician",
        "client read_in",
    ),
    Record(RememberedWording, ReadOnly, "key text kind given_by given_at", "kind", "key text", "given_by"),
    # Neither the token nor anything that leads to it is in sight.
    Record(
        ShareLink,
        OfClient,
        "client label created_at expires_on revoked_at last_opened_at opened_count",
        "client",
        "label client__name",
        "client",
        unseen="digest sealed",
    ),
    Record(AuditEvent, ReadOnly, "at actor action subject", "action", "actor subject"),
)


SEVERAL: Mapping[type[Model], str] = {  # where an s doesn't make it
    rows.Entry: "entries",
    rows.LetThrough: "allowed texts",
    rows.TopUp: "top-ups",
    ApiKey: "API keys",
    NeverOurs: "companies that are never clients",
    RememberedWording: "remembered words",
    Watch: "mails that readers asked for",
}


def _register(record: Record) -> None:
    told = {
        "list_display": record.shown,
        "list_filter": record.filters,
        "search_fields": record.searched,
        "list_select_related": record.joined,
        "unseen": record.unseen,
    }
    site.register(
        record.model, record.kind, **{name: tuple(value.split()) for name, value in told.items() if value}
    )


site.index_template = "records/index.html"
for model, words in SEVERAL.items():
    model._meta.verbose_name_plural = words
for each in RECORDS:
    _register(each)

__all__ = ["RECORDS", "site"]
