"""The web server's settings: processes for the processor's work, threads for slow clients, no tokens in its logs."""

import gc
import os
import subprocess
import sys
from typing import Any

from gunicorn.glogging import Logger

from hourtab.bounded_worker import BoundedWorker
from hourtab.logs import NoTokens

bind = os.environ.get("BIND", "0.0.0.0:8000")  # inside a container or behind a proxy
workers = int(os.environ.get("WEB_CONCURRENCY", "4"))
threads = int(os.environ.get("WEB_THREADS", "8"))
worker_class = BoundedWorker
timeout = 120
graceful_timeout = 30
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108, PTH112  # gunicorn's own wish
accesslog = "-"


class TokenFreeLogger(Logger):  # type: ignore[misc]  # gunicorn is untyped
    def setup(self, cfg: Any) -> None:
        """Every handler of both logs: an error names the address of the request that it hit."""
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            for handler in log.handlers:
                handler.addFilter(NoTokens())


logger_class = TokenFreeLogger


def on_starting(server: Any) -> None:
    """On an empty installation print the code that sets it up; on any other one the command prints nothing."""
    subprocess.run([sys.executable, "manage.py", "setup", "--code"], check=False, stderr=subprocess.DEVNULL)


def post_worker_init(worker: Any) -> None:
    """What a worker has loaded by now stays: no request waits while it is looked through for garbage."""
    gc.collect()
    gc.freeze()
