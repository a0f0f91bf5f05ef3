"""Django's admin, opened by membership: each query limited to the provider, writing only by services."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from accounts.access import member_of, within


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
