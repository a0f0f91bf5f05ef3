"""Every address of HourTab. A test lists them all, each with who may use it."""

from django.urls import include, path

from hourtab import for_machines, provider_views
from hourtab.admin_records import site
from hourtab.founding_views import setup

urlpatterns = [
    path("healthz", for_machines.healthz, name="healthz"),
    path("readyz", for_machines.readyz, name="readyz"),
    path("favicon.ico", for_machines.favicon, name="favicon"),
    path(".well-known/security.txt", for_machines.security_txt, name="security_txt"),
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
handler403 = "desk.doors.forbidden"
