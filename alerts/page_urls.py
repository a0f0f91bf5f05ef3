"""What stands behind a client's link beside the portal's own pages."""

from django.urls import path

from alerts import watch_views

urlpatterns = [path("<str:token>/tell-me/", watch_views.tell_me, name="tell_me")]
