"""The part of allauth that HourTab uses: sign in and out, a forgotten or changed password, second factors."""

from allauth.account import views
from django.urls import include, path, re_path

from accounts.provider_registry import load

load()
from allauth.socialaccount.providers.openid_connect import views as oidc  # noqa: E402  # as the next

from accounts.single_sign_on import callback  # noqa: E402  # it needs what was just loaded

urlpatterns = [
    path("oidc/<str:provider_id>/login/callback/", callback, name="openid_connect_callback"),
    path("oidc/<str:provider_id>/login/", oidc.login, name="openid_connect_login"),
    path("2fa/", include("allauth.mfa.urls")),
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
