from django.urls import path

from desk import as_of
from desk.views import (
    as_client,
    client,
    dashboard,
    grants,
    incidents,
    links,
    month_end,
    notice,
    provider_settings,
    requests,
    statements,
)

urlpatterns = [
    path("", dashboard.dashboard, name="dashboard"),
    path("clients.csv", dashboard.dashboard_csv, name="dashboard_csv"),
    path("clients/<slug:slug>/", client.client, name="client"),
    path("clients/<slug:slug>/view/", as_client.view_as_client, name="view_as_client"),
    path("clients/<slug:slug>/view/balance.json", as_client.balance_as_client, name="balance_as_client"),
    path("clients/<slug:slug>/view/log.csv", as_client.log_as_client, name="log_as_client"),
    path("clients/<slug:slug>/as-of/", as_of.as_of, name="as_of"),
    path("clients/<slug:slug>/as-of/<str:day>/", as_of.as_of_day, name="as_of_day"),
    path("clients/<slug:slug>/as-of/<str:day>/log.csv", as_of.as_of_log, name="as_of_log"),
    path("clients/<slug:slug>/as-of/<str:day>/balance.json", as_of.as_of_json, name="as_of_json"),
    path("clients/<slug:slug>/links/", links.create_link, name="create_link"),
    path("clients/<slug:slug>/links/<int:pk>/copy/", links.copy_link, name="copy_link"),
    path("clients/<slug:slug>/links/<int:pk>/replace/", links.replace_link, name="replace_link"),
    path("clients/<slug:slug>/links/<int:pk>/revoke/", links.revoke_link, name="revoke_link"),
    path(
        "clients/<slug:slug>/view/statement/<str:starts>/",
        statements.statement_as_client,
        name="statement_as_client",
    ),
    path("clients/<slug:slug>/retainers/<str:key>/notice/", notice.notice, name="notice"),
    path("clients/<slug:slug>/retainers/<str:key>/grants/", grants.grants, name="grants"),
    path("clients/<slug:slug>/retainers/<str:key>/grants/add/", grants.add_grant, name="add_grant"),
    path("clients/<slug:slug>/retainers/<str:key>/statements/", statements.statements, name="statements"),
    path(
        "clients/<slug:slug>/retainers/<str:key>/statements/issue/",
        statements.issue_statement,
        name="issue_statement",
    ),
    path("incidents/", incidents.incidents, name="incidents"),
    path(
        "clients/<slug:slug>/retainers/<str:key>/incidents/<str:mark>/",
        incidents.incident,
        name="incident",
    ),
    path("month-end/", month_end.month_end_view, name="month_end"),
    path("month-end/overage.csv", month_end.month_end_csv, name="month_end_csv"),
    path("requests/", requests.requests, name="requests"),
    path("requests/<int:pk>/answer/", requests.answer_request, name="answer_request"),
    path("settings/", provider_settings.provider_settings, name="provider_settings"),
]
