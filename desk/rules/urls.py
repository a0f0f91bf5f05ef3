"""The pages of the rules, below `/admin/rules/`."""

from django.urls import path

from desk.rules import hours_views, views

urlpatterns = [
    path("", views.rules, name="rules"),
    path("new/", views.rule_new, name="rule_new"),
    path("business-hours/", hours_views.business_hours, name="business_hours"),
    path("<str:of>/<int:number>/", views.rule_edit, name="rule_edit"),
    path("<str:of>/<int:number>/move/", views.rule_move, name="rule_move"),
    path("<str:of>/<int:number>/delete/", views.rule_delete, name="rule_delete"),
]
