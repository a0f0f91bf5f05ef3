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
from django.utils.translation import gettext_lazy as _

from accounts.access import member_of
from accounts.models import AuditEvent
from hourtab.admin_site import site
from imports.models import Import, RememberedWording, SourceRow
from portal.models import ShareLink
from retainers.hours import WORKED_PLACES, from_units
from retainers.models import (
    Adjustment,
    AgreementVersion,
    Client,
    Entry,
    Publication,
    Retainer,
    RuleBook,
    TopUp,
)

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Model]
else:
    ModelAdmin = admin.ModelAdmin

site.index_template = "records/index.html"


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
        """An address can't ask about a field that the pages don't show."""
        asked = lookup.split("__", 1)[0]
        return asked not in ("provider", *self.unseen) and super().lookup_allowed(lookup, value, request)


@admin.register(Client, site=site)
class ClientAdmin(ReadOnlyAdmin):
    list_display = ("name", "slug", "created_at")
    search_fields = ("name", "slug", "company_names__name")


@admin.register(Retainer, site=site)
class RetainerAdmin(ReadOnlyAdmin):
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
class PublicationAdmin(ReadOnlyAdmin):
    list_display = ("retainer", "number", "kind", "made_at", "made_by", "through", "note")
    list_filter = ("kind", "retainer__client")
    search_fields = ("note",)
    list_select_related = ("retainer__client", "made_by")


class PublishedAdmin(ReadOnlyAdmin):
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
class SourceRowAdmin(ReadOnlyAdmin):
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
class ShareLinkAdmin(ReadOnlyAdmin):
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
