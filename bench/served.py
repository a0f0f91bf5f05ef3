"""A gunicorn as it ships, with one worker unless more are wanted."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bench.cpu import ROOT, children_of

Address = Callable[[int], str]  # the path of the n-th request


class Server:
    """What is asked, and what its worker used for it."""

    def __init__(self, port: int, arbiter: int) -> None:
        self._port, self._arbiter = port, arbiter

    def seconds(
        self,
        address: str | Address,
        times: int,
        *,
        headers: Mapping[str, str] | None = None,
        wanted: int = 200,
    ) -> float:
        """Processor time of one request, over so many."""
        before = self._used()
        for number in range(times):
            path = address if isinstance(address, str) else address(number)
            status = self.ask(path, headers)[0]
            if status != wanted:
                raise SystemExit(f"{path} answers {status}, not {wanted}")
        return (self._used() - before) / times

    def ask(self, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, dict[str, str]]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=120)
        connection.request("GET", path, headers={"Host": "localhost", **(headers or {})})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status, dict(answer.getheaders())

    def _used(self) -> float:
        nanoseconds = 0
        for worker in children_of(self._arbiter):
            for thread in Path(f"/proc/{worker}/task").glob("*/schedstat"):
                nanoseconds += int(thread.read_text().split()[0])
        return nanoseconds / 1e9


@contextmanager
def serving(application: str, env: Mapping[str, str], workers: str = "1") -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [sys.executable, "-m", "gunicorn", "-c", "hourtab/gunicorn.py", "--access-logfile", "/dev/null"]
    said = {**os.environ, **env, "BIND": f"127.0.0.1:{port}", "WEB_CONCURRENCY": workers}
    process = subprocess.Popen(
        [*words, application], cwd=ROOT, env=said, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        server = Server(port, process.pid)
        _wait(server, process)
        yield server
    finally:
        process.terminate()
        process.wait(30)


def _wait(server: Server, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(1800):  # tenths of a second: others may be at work on the machine
        try:
            server.ask("/")
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"gunicorn did not start (exit code: {process.poll()})")
