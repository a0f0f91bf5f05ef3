"""Addresses that anybody may open: a look, a logo, and how links are protected."""

from django.urls import path

from portal import icons, look_views

urlpatterns = [
    path("look/<str:accent>/<str:version>.css", look_views.look, name="look"),
    path("logo/<slug:slug>/<str:digest>.png", look_views.logo, name="logo"),
    path("icon/<slug:slug>/<str:version>.png", icons.icon, name="icon"),
    path("link-protection/", look_views.link_protection, name="link_protection"),
]
