from django.urls import path

from desk.api.openapi import answer_openapi, no_such_address
from desk.api.operations import addresses

urlpatterns = [
    *addresses(),
    path("openapi.json", answer_openapi, name="openapi"),
    path("<path:anything>", no_such_address, name="api_nothing"),
]
