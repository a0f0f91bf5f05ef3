"""Is it alive, is it ready: for whatever watches the server. No secret, no detail."""

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.database import refused
from accounts.guards import missing


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers, every migration is applied, every guard stands, and our role is bound by them."""
    try:
        executor = MigrationExecutor(connection)
        ready = not executor.migration_plan(executor.loader.graph.leaf_nodes()) and not missing(connection)
        ready = ready and not refused()
    except Error:
        ready = False
    return HttpResponse(
        "ok\n" if ready else "not ready\n", content_type="text/plain", status=200 if ready else 503
    )
