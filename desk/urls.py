"""The addresses of the desk: its own, and those that stand below another one."""

from django.urls import path

from desk import (
    answers,
    badges,
    covering,
    entries,
    gate,
    links,
    live,
    requests,
    statements,
    trail,
    waiting,
)
from desk import notices as notice
from desk import settings as provider_settings
from desk.agreements import views as agreements
from desk.agreements.renewing_views import renew
from desk.agreements.replaying.views import what_if
from desk.agreements.versions import agreement_versions
from desk.api.openapi import answer_openapi, no_such_address
from desk.api.operations import addresses
from desk.by_hand import by_hand
from desk.clients import as_client, as_of
from desk.clients import form_views as client_form
from desk.clients import merging as client_merging
from desk.clients import page as client
from desk.dashboard import saved_views
from desk.dashboard import sheet as dashboard
from desk.grants import correcting as grants_corrected
from desk.grants import views as grants
from desk.imports.views import choosing, looking, publishing, uploading
from desk.incidents import views as incidents
from desk.mapping import saved as saved_mappings
from desk.mapping import views as mapping_views
from desk.month_end import acts as month_acts
from desk.month_end import views as month_end
from desk.rules import hours_views
from desk.rules import views as rules
from desk.search import search
from desk.wording import remembered
from desk.wording import views as wording

urlpatterns = [
    path("", dashboard.dashboard, name="dashboard"),
    path("clients.csv", dashboard.dashboard_csv, name="dashboard_csv"),
    path("clients/new/", client_form.client_new, name="client_new"),
    path("agreements.toml", agreements.agreements_file, name="agreements_file"),
    path("clients/<slug:slug>/edit/", client_form.client_edit, name="client_edit"),
    path("clients/<slug:slug>/merge/", client_merging.client_merge, name="client_merge"),
    path("clients/<slug:slug>/agreements/new/", agreements.agreement_new, name="agreement_new"),
    path("clients/<slug:slug>/retainers/<str:key>/agreement/", agreements.agreement, name="agreement"),
    path(
        "clients/<slug:slug>/retainers/<str:key>/versions/",
        agreement_versions,
        name="agreement_versions",
    ),
    path("clients/<slug:slug>/retainers/<str:key>/renew/", renew, name="renew"),
    path("clients/<slug:slug>/retainers/<str:key>/what-if/", what_if, name="agreement_what_if"),
    path("clients/<slug:slug>/", client.client, name="client"),
    path("clients/<slug:slug>/sharing/", client.client_sharing, name="client_sharing"),
    path("clients/<slug:slug>/history/", client.client_history, name="client_history"),
    path("clients/<slug:slug>/hours/", by_hand, name="by_hand"),
    path("clients/<slug:slug>/view/", as_client.view_as_client, name="view_as_client"),
    path("clients/<slug:slug>/view/balance.json", as_client.balance_as_client, name="balance_as_client"),
    path("clients/<slug:slug>/view/log.csv", as_client.log_as_client, name="log_as_client"),
    path("clients/<slug:slug>/view/calendar.ics", as_client.calendar_as_client, name="calendar_as_client"),
    path("clients/<slug:slug>/view/app.webmanifest", as_client.manifest_as_client, name="manifest_as_client"),
    path("clients/<slug:slug>/view/tell-me/", as_client.form_as_client, name="tell_me_as_client"),
    path("clients/<slug:slug>/view/ask/<str:kind>/", as_client.form_as_client, name="ask_as_client"),
    path("clients/<slug:slug>/as-of/", as_of.as_of, name="as_of"),
    path("clients/<slug:slug>/as-of/<str:day>/", as_of.as_of_day, name="as_of_day"),
    path("clients/<slug:slug>/as-of/<str:day>/log.csv", as_of.as_of_log, name="as_of_log"),
    path("clients/<slug:slug>/as-of/<str:day>/balance.json", as_of.as_of_json, name="as_of_json"),
    path("clients/<slug:slug>/badges/", badges.badges, name="badges"),
    path("clients/<slug:slug>/badges/<int:pk>/sites/", badges.badge_sites, name="badge_sites"),
    path("clients/<slug:slug>/badges/<int:pk>/revoke/", badges.badge_revoked, name="revoke_badge"),
    path("clients/<slug:slug>/links/", links.create_link, name="create_link"),
    path("clients/<slug:slug>/links/second-step/", links.link_second_step, name="link_second_step"),
    path(
        "clients/<slug:slug>/links/<int:pk>/send/",
        links.send_link_by_mail,
        name="send_link_by_mail",
    ),
    path("clients/<slug:slug>/links/<int:pk>/copy/", links.copy_link, name="copy_link"),
    path("clients/<slug:slug>/links/<int:pk>/replace/", links.replace_link, name="replace_link"),
    path("clients/<slug:slug>/links/<int:pk>/revoke/", links.revoke_link, name="revoke_link"),
    path(
        "clients/<slug:slug>/view/statement/<str:starts>/",
        statements.statement_as_client,
        name="statement_as_client",
    ),
    path(
        "clients/<slug:slug>/view/statement/<str:starts>/statement.pdf",
        statements.statement_pdf_for_staff,
        name="statement_pdf_for_staff",
    ),
    path("clients/<slug:slug>/retainers/<str:key>/notice/", notice.notice, name="notice"),
    path("clients/<slug:slug>/retainers/<str:key>/incident/", live.live_incident, name="live_incident"),
    path(
        "clients/<slug:slug>/retainers/<str:key>/incident/change/",
        live.change_live_incident,
        name="change_live_incident",
    ),
    path(
        "clients/<slug:slug>/retainers/<str:key>/incident/ticket/",
        live.name_live_ticket,
        name="name_live_ticket",
    ),
    path("clients/<slug:slug>/retainers/<str:key>/days/", covering.covered, name="covered_days"),
    path("clients/<slug:slug>/retainers/<str:key>/grants/", grants.grants, name="grants"),
    path("clients/<slug:slug>/retainers/<str:key>/grants/add/", grants.add_grant, name="add_grant"),
    path(
        "clients/<slug:slug>/retainers/<str:key>/grants/<str:kind>/<int:pk>/correct/",
        grants_corrected.correct_grant,
        name="correct_grant",
    ),
    path(
        "clients/<slug:slug>/retainers/<str:key>/grants/<str:kind>/<int:pk>/take-back/",
        grants.take_back_grant,
        name="take_back_grant",
    ),
    path(
        "clients/<slug:slug>/retainers/<str:key>/approvals/<int:pk>/withdraw/",
        grants.withdraw_approval,
        name="withdraw_approval",
    ),
    path("clients/<slug:slug>/retainers/<str:key>/statements/", statements.statements, name="statements"),
    path(
        "clients/<slug:slug>/retainers/<str:key>/statements/issue/",
        statements.issue_statement,
        name="issue_statement",
    ),
    path("views/save/", saved_views.save_view_as, name="save_view"),
    path("views/<int:pk>/drop/", saved_views.drop_view, name="drop_view"),
    path("incidents/", incidents.incidents, name="incidents"),
    path(
        "clients/<slug:slug>/retainers/<str:key>/incidents/<str:mark>/",
        incidents.incident,
        name="incident",
    ),
    path("month-end/", month_end.month_end, name="month_end"),
    path("month-end/not-counted/", month_end.month_end_uncounted, name="month_end_uncounted"),
    path("month-end/rates/", month_end.month_end_rates, name="month_end_rates"),
    path("month-end/invoice-lines.csv", month_end.month_end_csv, name="month_end_csv"),
    path("month-end/statements.zip", month_end.month_end_statements, name="month_end_statements"),
    path("month-end/statements/", month_acts.state_cycles, name="state_cycles"),
    path("month-end/invoiced/", month_acts.invoice_cycles, name="invoice_cycles"),
    path("month-end/invoiced/<int:pk>/take-back/", month_acts.take_back_invoiced, name="take_back_invoiced"),
    path("month-end/close/", month_acts.close, name="close_month"),
    path("month-end/open-again/", month_acts.open_again, name="open_month_again"),
    path("clients/<slug:slug>/retainers/<str:key>/entries/<uuid:origin>/", entries.entry, name="entry"),
    path("waiting/", waiting.waiting, name="waiting"),
    path("requests/", requests.requests, name="requests"),
    path("requests/<int:pk>/answer/", requests.answer_request, name="answer_request"),
    path("companies/", answers.companies, name="companies"),
    path("companies/<int:pk>/ask-again/", answers.ask_again, name="ask_about_company"),
    path("search/", search, name="search"),
    path("mappings/", saved_mappings.mappings, name="mappings"),
    path("mappings/<int:pk>/rename/", saved_mappings.rename_mapping, name="rename_mapping"),
    path("mappings/<int:pk>/take-back/", saved_mappings.take_mapping_back, name="take_mapping_back"),
    path("answers/", answers.answers, name="answers"),
    path("answers/<int:pk>/take-back/", answers.take_answer_back, name="take_answer_back"),
    path("leak-check/", gate.let_through, name="let_through"),
    path("leak-check/try/", gate.try_text, name="try_text"),
    path("leak-check/<int:pk>/take-back/", gate.take_back_let, name="take_back_let"),
    path("trail/", trail.trail, name="trail"),
    path("settings/", provider_settings.provider_settings, name="provider_settings"),
]

# below /admin/imports/
IMPORTS = [
    path("", uploading.listing, name="imports"),
    path("upload/", uploading.upload, name="upload_import"),
    path("template.csv", uploading.template, name="import_template"),
    path("wording/", wording.queue, name="wording"),
    path("wording/save/", wording.save, name="save_wording"),
    path("wording/remembered/", remembered.remembered, name="remembered"),
    path("wording/remembered/<int:pk>/", remembered.tend_remembered, name="tend_remembered"),
    path("<int:pk>/", looking.show, name="import"),
    path("<int:pk>/clients/<slug:slug>/", looking.client_rows, name="import_client"),
    path("<int:pk>/original/", uploading.original, name="import_original"),
    path("<int:pk>/mapping/", mapping_views.map_columns, name="map_columns"),
    path("<int:pk>/headers/", mapping_views.headers, name="import_headers"),
    path("<int:pk>/choices/", choosing.choose, name="choose_in_import"),
    path("<int:pk>/reading/", choosing.reread, name="reread_import"),
    path("<int:pk>/company/", choosing.answer_company, name="answer_company"),
    path("<int:pk>/top-up/", choosing.grant, name="grant_top_up"),
    path("<int:pk>/publish/", publishing.publish, name="publish_import"),
    path("<int:pk>/order/", publishing.continue_or_cancel, name="ordered_of_import"),
    path("<int:pk>/discard/", publishing.discard_preview, name="discard_import"),
    path("<int:pk>/undo/", publishing.undo_import, name="undo_import"),
    path("<int:pk>/again/", publishing.open_again, name="open_import_again"),
]

# below /admin/rules/
RULES = [
    path("", rules.rules, name="rules"),
    path("new/", rules.rule_new, name="rule_new"),
    path("business-hours/", hours_views.business_hours, name="business_hours"),
    path("<str:of>/<int:number>/", rules.rule_edit, name="rule_edit"),
    path("<str:of>/<int:number>/move/", rules.rule_move, name="rule_move"),
    path("<str:of>/<int:number>/delete/", rules.rule_delete, name="rule_delete"),
]

# below /api/
API = [
    *addresses(),
    path("openapi.json", answer_openapi, name="openapi"),
    path("<path:anything>", no_such_address, name="api_nothing"),
]
