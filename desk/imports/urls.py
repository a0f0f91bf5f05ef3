"""The import pages, below `/admin/imports/`."""

from django.urls import path

from desk.imports.views import choosing, looking, publishing, uploading
from desk.mapping import views as mapping_views
from desk.wording import remembered
from desk.wording import views as wording

urlpatterns = [
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
    path("<int:pk>/company/", choosing.map_unknown, name="map_company"),
    path("<int:pk>/top-up/", choosing.grant, name="grant_top_up"),
    path("<int:pk>/publish/", publishing.publish, name="publish_import"),
    path("<int:pk>/discard/", publishing.discard_preview, name="discard_import"),
    path("<int:pk>/undo/", publishing.take_back, name="undo_import"),
    path("<int:pk>/again/", publishing.open_again, name="open_import_again"),
]
