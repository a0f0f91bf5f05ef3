"""Every address of HourTab. A test lists them all, each with who may use it."""

from django.urls import include, path

from hourtab import health, icon, provider_views, security_txt
from hourtab.admin_records import site
from hourtab.setting_up.views import setup

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("favicon.ico", icon.favicon, name="favicon"),
    path(".well-known/security.txt", security_txt.security_txt, name="security_txt"),
    path("accounts/", include("hourtab.sign_in_urls")),
    path("admin/imports/", include("desk.imports.urls")),
    path("admin/rules/", include("desk.rules.urls")),
    path("admin/", site.urls),
    path("api/", include("desk.api.urls")),
    path("b/", include("alerts.page_urls")),
    path("b/", include("portal.urls")),
    path("", include("portal.public_urls")),
    path("setup/", setup, name="setup"),
    path("provider/", provider_views.whole_provider, name="whole_provider"),
    path("provider/export/", provider_views.export_everything, name="export_everything"),
    path("", include("accounts.urls")),
    path("", include("alerts.urls")),
    path("", include("desk.urls")),
]

handler500 = "hourtab.errors.server_error"
handler400 = "hourtab.errors.bad_request"
handler404 = "hourtab.errors.not_found"
handler403 = "desk.forbidden.forbidden"
