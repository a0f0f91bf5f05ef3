"""The addresses of a share link, below `/b/`, and those that anybody may open."""

from django.urls import path

from portal import (
    badge_views,
    confirm_views,
    doors,
    home_screen,
    icons,
    look_views,
    request_views,
    second_step_views,
    statement_views,
    views,
)

urlpatterns = [
    path("<str:token>/", views.balance, name="balance"),
    path("badge/<str:token>.svg", badge_views.badge_picture, name="badge_picture"),
    path("badge/<str:token>.png", badge_views.badge_png, name="badge_png"),
    path("badge/<str:token>/", badge_views.badge_line, name="badge_line"),
    path("<str:token>/balance.json", views.balance_as_json, name="balance_json"),
    path("<str:token>/log.csv", views.log_as_csv, name="log_csv"),
    path("<str:token>/app.webmanifest", home_screen.manifest, name="home_screen"),
    path("<str:token>/calendar.ics", views.dates_as_calendar, name="calendar_file"),
    path("<str:token>/code/", second_step_views.link_code, name="link_code"),
    path("confirm/<str:secret>/", confirm_views.confirm, name="confirm_approval"),
    path("<str:token>/ask/<str:kind>/", request_views.ask, name="ask"),
    path("<str:token>/statement/<str:starts>/", statement_views.statement, name="statement"),
    path(
        "<str:token>/statement/<str:starts>/statement.pdf",
        statement_views.statement_as_pdf,
        name="statement_pdf",
    ),
    path("<path:anything>", doors.no_such_link, name="no_such_link"),
]

# open to anybody: a look, a logo, and how links are protected
PUBLIC = [
    path("look/<str:accent>/<str:version>.css", look_views.look, name="look"),
    path("logo/<slug:slug>/<str:digest>.png", look_views.logo, name="logo"),
    path("icon/<slug:slug>/<str:version>.png", icons.icon, name="icon"),
    path("link-protection/", look_views.link_protection, name="link_protection"),
]
