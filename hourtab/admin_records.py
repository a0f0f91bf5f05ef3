"""The records in Django's admin: for what is rarely needed, to look at only.

Every query is limited to the member's provider by the models' own managers; nothing is added, changed or
deleted here, because every write is a service's. Filters never list people: a user may be another
provider's. Registered here, above the apps, because the apps know nothing of the site.
"""

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.access import member_of
from accounts.models import ApiKey, AuditEvent
from alerts.models import Consent, Crossing
from hourtab.admin_site import site
from imports.models import EntryChoice, Import, NeverOurs, RememberedWording, SavedMapping, SourceRow
from portal.models import ClientRequest, ShareLink
from retainers.hours import WORKED_PLACES, from_units
from retainers.models import (
    Adjustment,
    AgreementVersion,
    Client,
    CompanyName,
    Contact,
    Entry,
    LetThrough,
    Notice,
    Publication,
    Retainer,
    RuleBook,
    StaffName,
    Statement,
    TopUp,
)

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Model]
else:
    ModelAdmin = admin.ModelAdmin

site.index_template = "records/index.html"


ASKED = (
    "",
    "__exact",
    "__id__exact",
    "__isnull",
    "__isempty",
)  # what Django's own filters put behind a field


class ReadOnlyAdmin(ModelAdmin):
    """A list and a page for each row, for every member. `unseen` fields are neither shown nor searched by."""

    exclude = ("provider",)
    unseen: ClassVar[tuple[str, ...]] = ()
    list_per_page = 50
    show_full_result_count = False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return member_of(request) is not None

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_exclude(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return ("provider", *self.unseen)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """An address can ask what the filters beside a list ask, and nothing else: no pattern, no other field."""
        named = (each[0] if isinstance(each, tuple) else each for each in self.get_list_filter(request))
        return any(lookup == f"{name}{end}" for name in named for end in ASKED)


class OfClientAdmin(ReadOnlyAdmin):
    """Rows that lead back to their client's page on the desk."""

    def view_on_site(self, row: Any) -> str:
        client = row if isinstance(row, Client) else getattr(row, "client", None) or row.retainer.client
        return reverse("client", args=[client.slug])


@admin.register(Client, site=site)
class ClientAdmin(OfClientAdmin):
    list_display = ("name", "slug", "created_at", "desk")
    search_fields = ("name", "slug", "company_names__name")

    @admin.display(description=_("desk"))
    def desk(self, row: Client) -> str:
        return format_html('<a href="{}">{}</a>', self.view_on_site(row), _("open"))


@admin.register(CompanyName, site=site)
class CompanyNameAdmin(OfClientAdmin):
    list_display = ("name", "client")
    list_filter = ("client",)
    search_fields = ("name", "client__name")
    list_select_related = ("client",)


@admin.register(Contact, site=site)
class ContactAdmin(OfClientAdmin):
    list_display = ("name", "email", "client", "approves", "alerts")
    list_filter = ("approves", "alerts", "client")
    search_fields = ("name", "email", "client__name")
    list_select_related = ("client",)


@admin.register(Statement, site=site)
class StatementAdmin(OfClientAdmin):
    list_display = ("retainer", "cycle_starts", "number", "issued_at", "issued_by", "reason")
    list_filter = ("retainer__client",)
    search_fields = ("reason",)
    list_select_related = ("retainer__client", "issued_by")


@admin.register(Notice, site=site)
class NoticeAdmin(OfClientAdmin):
    list_display = ("retainer", "text", "added_in", "retired_in")
    list_filter: ClassVar[Any] = (("retired_in", admin.EmptyFieldListFilter), "retainer__client")
    search_fields = ("text",)
    list_select_related = ("retainer__client", "added_in", "retired_in")


@admin.register(ClientRequest, site=site)
class ClientRequestAdmin(OfClientAdmin):
    unseen = ("digest",)
    list_display = ("made_at", "retainer", "kind", "name", "email", "confirmed_at", "answered_at")
    list_filter = ("kind", "retainer__client")
    search_fields = ("name", "email", "text")
    list_select_related = ("retainer__client",)


@admin.register(Crossing, site=site)
class CrossingAdmin(OfClientAdmin):
    list_display = ("reached_at", "retainer", "account", "threshold", "cycle_starts")
    list_filter = ("retainer__client",)
    list_select_related = ("retainer__client",)


@admin.register(Consent, site=site)
class ConsentAdmin(OfClientAdmin):
    list_display = ("email", "client", "asked_at", "confirmed_at", "unsubscribed_at")
    list_filter = ("client",)
    search_fields = ("email",)
    list_select_related = ("client",)


@admin.register(EntryChoice, site=site)
class EntryChoiceAdmin(ReadOnlyAdmin):
    """What people decided above the rules; the origin is the mark in the address of the entry's page."""

    list_display = ("reason", "pool", "exclusion", "given_by", "given_at", "origin")
    search_fields = ("reason", "exclusion")
    list_select_related = ("given_by",)


@admin.register(LetThrough, site=site)
class LetThroughAdmin(ReadOnlyAdmin):
    list_display = ("text", "kind", "client", "let_by", "let_at")
    list_filter = ("kind", "client")
    search_fields = ("text",)
    list_select_related = ("client", "let_by")


@admin.register(StaffName, site=site)
class StaffNameAdmin(ReadOnlyAdmin):
    """Names that the leak check knows from the exports."""

    list_display = ("name", "seen_at")
    search_fields = ("name",)


@admin.register(NeverOurs, site=site)
class NeverOursAdmin(ReadOnlyAdmin):
    list_display = ("name", "settled_by", "settled_at")
    search_fields = ("name",)
    list_select_related = ("settled_by",)


@admin.register(SavedMapping, site=site)
class SavedMappingAdmin(ReadOnlyAdmin):
    list_display = ("name", "made_by", "made_at")
    search_fields = ("name",)
    list_select_related = ("made_by",)


@admin.register(ApiKey, site=site)
class ApiKeyAdmin(ReadOnlyAdmin):
    """For owners, as the page of the keys is."""

    unseen = ("digest",)
    list_display = ("name", "start", "may_publish", "created_by", "last_used_at", "revoked_at")
    list_select_related = ("created_by",)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        member = member_of(request)
        return member is not None and member.owns


@admin.register(Retainer, site=site)
class RetainerAdmin(OfClientAdmin):
    list_display = ("client", "key", "version", "publication", "created_at")
    list_filter = ("client",)
    search_fields = ("client__name", "key")
    list_select_related = ("client", "version", "publication")


@admin.register(AgreementVersion, site=site)
class AgreementVersionAdmin(ReadOnlyAdmin):
    list_display = ("retainer", "number", "recorded_at", "recorded_by")
    list_filter = ("retainer__client",)
    list_select_related = ("retainer__client", "recorded_by")


@admin.register(RuleBook, site=site)
class RuleBookAdmin(ReadOnlyAdmin):
    list_display = ("number", "recorded_at", "recorded_by")
    list_select_related = ("recorded_by",)


@admin.register(Publication, site=site)
class PublicationAdmin(OfClientAdmin):
    list_display = ("retainer", "number", "kind", "made_at", "made_by", "through", "note")
    list_filter = ("kind", "retainer__client")
    search_fields = ("note",)
    list_select_related = ("retainer__client", "made_by")


class PublishedAdmin(OfClientAdmin):
    """Rows that a publication added and a later one may have retired."""

    list_filter: ClassVar[Any] = (("retired_in", admin.EmptyFieldListFilter), "retainer__client")
    list_select_related = ("retainer__client", "added_in", "retired_in")

    @admin.display(description=_("hours"))
    def hours(self, row: Any) -> Decimal:
        return from_units(row.hours_units)


@admin.register(Entry, site=site)
class EntryAdmin(PublishedAdmin):
    list_display = ("day", "retainer", "wording", "worded_by", "worked", "pool", "exclusion", "retired_in")
    list_filter: ClassVar[Any] = (*PublishedAdmin.list_filter, "worded_by")
    search_fields = ("wording", "exclusion", "pool")

    @admin.display(description=_("worked"))
    def worked(self, row: Entry) -> Decimal | None:
        return None if row.worked_units is None else from_units(row.worked_units, WORKED_PLACES)


@admin.register(TopUp, site=site)
class TopUpAdmin(PublishedAdmin):
    list_display = ("day", "retainer", "hours", "pool", "expires", "note", "retired_in")
    search_fields = ("note",)


@admin.register(Adjustment, site=site)
class AdjustmentAdmin(PublishedAdmin):
    list_display = ("day", "retainer", "hours", "pool", "expires", "reason", "retired_in")
    search_fields = ("reason",)


@admin.register(Import, site=site)
class ImportAdmin(ReadOnlyAdmin):
    unseen = ("original",)
    list_display = ("id", "file_name", "format", "state", "client", "uploaded_at", "uploaded_by", "through")
    list_filter = ("state", "format")
    search_fields = ("file_name", "sha256")
    list_select_related = ("client", "uploaded_by")


@admin.register(SourceRow, site=site)
class SourceRowAdmin(OfClientAdmin):
    """The PSA's own columns, with costs and internal notes: for managers."""

    list_display = ("client", "read_in", "line", "ticket", "title", "technician", "entry_id")
    list_filter = ("format", "client")
    search_fields = ("title", "ticket", "entry_id", "technician")
    list_select_related = ("client", "read_in")

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        member = member_of(request)
        return member is not None and member.writes


@admin.register(RememberedWording, site=site)
class RememberedWordingAdmin(ReadOnlyAdmin):
    list_display = ("key", "text", "kind", "given_by", "given_at")
    list_filter = ("kind",)
    search_fields = ("key", "text")
    list_select_related = ("given_by",)


@admin.register(ShareLink, site=site)
class ShareLinkAdmin(OfClientAdmin):
    """Neither the token nor anything that leads to it is in sight."""

    unseen = ("digest", "sealed")
    list_display = (
        "client",
        "label",
        "created_at",
        "expires_on",
        "revoked_at",
        "last_opened_at",
        "opened_count",
    )
    list_filter = ("client",)
    search_fields = ("label", "client__name")
    list_select_related = ("client",)


@admin.register(AuditEvent, site=site)
class AuditEventAdmin(ReadOnlyAdmin):
    list_display = ("at", "actor", "action", "subject")
    list_filter = ("action",)
    search_fields = ("actor", "subject")


__all__ = ["ReadOnlyAdmin", "site"]
