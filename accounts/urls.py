from django.urls import path

from accounts import key_views, session_views, views

urlpatterns = [
    path("switch/", views.switch, name="switch"),
    path("members/", views.members, name="members"),
    path("members/invite/", views.invite, name="invite"),
    path("members/<int:pk>/role/", views.change_role, name="change_role"),
    path("members/invitations/<int:pk>/withdraw/", views.withdraw_invitation, name="withdraw_invitation"),
    path("members/keys/", key_views.api_keys, name="api_keys"),
    path("members/keys/new/", key_views.api_key_new, name="api_key_new"),
    path("members/keys/<int:pk>/revoke/", key_views.api_key_revoke, name="api_key_revoke"),
    path("sessions/", session_views.sessions, name="sessions"),
    path("sessions/end-others/", session_views.end_other_sessions, name="end_other_sessions"),
    path("sessions/<int:pk>/end/", session_views.end_session, name="end_session"),
    path("invitations/<str:secret>/", views.accept_invitation, name="accept_invitation"),
]
