"""The addresses of alerts, webhooks and mails."""

from django.urls import path

from alerts import consent_views, statement_views, views, watch_views
from alerts.hooks import views as hooks

urlpatterns = [
    path("webhooks/", hooks.webhooks, name="webhooks"),
    path("webhooks/new/", hooks.webhook_new, name="webhook_new"),
    path("webhooks/<int:pk>/", hooks.webhook, name="webhook"),
    path("webhooks/<int:pk>/test/", hooks.webhook_test, name="webhook_test"),
    path("webhooks/<int:pk>/secret/", hooks.renew_webhook_secret, name="renew_webhook_secret"),
    path("webhooks/<int:pk>/messages/<int:delivery>/again/", hooks.webhook_again, name="webhook_again"),
    path("webhooks/<int:pk>/pause/", hooks.webhook_pause, name="webhook_pause"),
    path("webhooks/<int:pk>/remove/", hooks.webhook_remove, name="webhook_remove"),
    path("month-end/statements/mail/", statement_views.mail_month, name="mail_statements"),
    path("mails/", views.mails, name="mails"),
    path("mails/choices/", views.choose_mails, name="choose_mails"),
    path("mails/<int:pk>/", views.mail, name="mail"),
    path("mails/<int:pk>/body/", views.mail_body, name="mail_body"),
    path("mails/<int:pk>/again/", views.mail_again, name="mail_again"),
    path("mails/<int:pk>/aside/", views.set_mail_aside, name="set_mail_aside"),
    path("mails/agree/<str:signed>/", consent_views.agree_to_alerts, name="agree_to_alerts"),
    path("mails/leave/<str:signed>/", consent_views.leave_alerts, name="leave_alerts"),
    path("mails/tell-me/<str:signed>/", watch_views.confirm_watch, name="confirm_watch"),
    path("mails/tell-me-no-more/<str:signed>/", watch_views.stop_watch, name="stop_watch"),
    path("mails/readers/<int:pk>/end/", views.end_watch, name="end_watch"),
]

# below /b/, beside the portal's own pages
BEHIND_A_LINK = [path("<str:token>/tell-me/", watch_views.tell_me, name="tell_me")]
