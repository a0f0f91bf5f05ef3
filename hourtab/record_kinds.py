"""How Django's admin shows a record: to look at only.

Every query is limited to the member's provider by the models' own managers; nothing is added, changed or
deleted here, because every write is a service's.
"""

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.access import Member, member_of
from retainers.hours import WORKED_PLACES, from_units
from retainers.models import Client, Entry

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Model]
else:
    ModelAdmin = admin.ModelAdmin

# What Django's own filters put behind a field.
ASKED = ("", "__exact", "__id__exact", "__isnull", "__isempty")


class ReadOnly(ModelAdmin):
    """A list and a page for each row, for every member. `unseen` fields are neither shown nor searched by."""

    exclude = ("provider",)
    unseen: ClassVar[tuple[str, ...]] = ()
    list_per_page = 50
    show_full_result_count = False

    def shown_to(self, member: Member) -> bool:
        return True

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        member = member_of(request)
        return member is not None and self.shown_to(member)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return member_of(request) is not None

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


class OwnersOnly(ReadOnly):
    """As the pages of the same things are."""

    def shown_to(self, member: Member) -> bool:
        return member.owns


class OfClient(ReadOnly):
    """Rows that lead back to their client's page on the desk."""

    def view_on_site(self, row: Any) -> str:
        client = row if isinstance(row, Client) else getattr(row, "client", None) or row.retainer.client
        return reverse("client", args=[client.slug])


class Clients(OfClient):
    @admin.display(description=_("desk"))
    def desk(self, row: Client) -> str:
        return format_html('<a href="{}">{}</a>', self.view_on_site(row), _("open"))


class Sources(OfClient):
    """The PSA's own columns, with costs and internal notes."""

    def shown_to(self, member: Member) -> bool:
        return member.writes


class Published(OfClient):
    """Rows that a publication added and a later one may have retired."""

    list_filter: ClassVar[Any] = (("retired_in", admin.EmptyFieldListFilter), "retainer__client")
    list_select_related = ("retainer__client", "added_in", "retired_in")

    @admin.display(description=_("hours"))
    def hours(self, row: Any) -> Decimal:
        return from_units(row.hours_units)


class Entries(Published):
    list_filter: ClassVar[Any] = (*Published.list_filter, "worded_by")

    @admin.display(description=_("worked"))
    def worked(self, row: Entry) -> Decimal | None:
        return None if row.worked_units is None else from_units(row.worked_units, WORKED_PLACES)
