"""The web server's settings: sync workers (the pages are bound by the processor), no tokens in its log."""

import os
from typing import Any

from gunicorn.glogging import Logger

from hourtab.logs import without_tokens

bind = os.environ.get("BIND", "0.0.0.0:8000")  # inside a container or behind a proxy
workers = int(os.environ.get("WEB_CONCURRENCY", "4"))
timeout = 120
graceful_timeout = 30
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108, PTH112  # gunicorn's own wish
accesslog = "-"


class TokenFreeLogger(Logger):  # type: ignore[misc]  # gunicorn is untyped
    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().atoms(resp, req, environ, request_time)
        return {
            name: without_tokens(value) if isinstance(value, str) else value for name, value in found.items()
        }


logger_class = TokenFreeLogger
