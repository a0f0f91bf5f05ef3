"""Every address of HourTab. A test lists them all, each with who may use it."""

from django.urls import include, path

from alerts import urls as alerts_urls
from desk import urls as desk_urls
from hourtab import for_machines, provider_views
from hourtab.admin_records import site
from hourtab.founding_views import setup
from portal import urls as portal_urls

urlpatterns = [
    path("b/", include(alerts_urls.BEHIND_A_LINK)),
    path("b/", include(portal_urls)),
    path("healthz", for_machines.healthz, name="healthz"),
    path("readyz", for_machines.readyz, name="readyz"),
    path("favicon.ico", for_machines.favicon, name="favicon"),
    path(".well-known/security.txt", for_machines.security_txt, name="security_txt"),
    path("accounts/", include("hourtab.sign_in_urls")),
    path("admin/imports/", include(desk_urls.IMPORTS)),
    path("admin/rules/", include(desk_urls.RULES)),
    path("admin/", site.urls),
    path("api/", include(desk_urls.API)),
    path("", include(portal_urls.PUBLIC)),
    path("setup/", setup, name="setup"),
    path("provider/", provider_views.whole_provider, name="whole_provider"),
    path("provider/export/", provider_views.export_everything, name="export_everything"),
    path("", include("accounts.urls")),
    path("", include(alerts_urls)),
    path("", include(desk_urls)),
]

handler500 = "hourtab.errors.server_error"
handler400 = "hourtab.errors.bad_request"
handler404 = "hourtab.errors.not_found"
handler403 = "desk.doors.forbidden"
