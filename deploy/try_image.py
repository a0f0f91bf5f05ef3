"""Runs the Dockerfile's commands in a bare folder, and starts what it would start: for machines without Docker.

The image's places (/app, /opt, /data, /backups) are folders of a new one, and its base is this machine's Python in a
new environment. Nothing is inherited but the way to the package index. `python3 deploy/try_image.py` takes minutes.
"""

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLACES = ("/app", "/opt", "/data", "/backups")
KEPT = ("PIP_", "UV_INDEX", "UV_DEFAULT_INDEX", "SSL_", "REQUESTS_", "HTTP_", "HTTPS_", "NO_PROXY")
USER = 10001
SYSTEM = Path("/usr/bin/python3.11")
BASE = SYSTEM if SYSTEM.exists() else Path(sys.executable)  # one that every user can reach
ENV = {
    "DEBUG": "0",
    "ALLOWED_HOSTS": "localhost",
    "SECRET_KEY": "Zk3vQ9xT1mB7nR5cW8dL2fH6jP4sG0yA-uE_iOqXtVbNrKw3SzJ7",
    "HOURTAB_LINK_KEY": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    "EMAIL_URL": "smtp://127.0.0.1:9",
    "WEB_CONCURRENCY": "1",
}


def instructions(text: str) -> list[tuple[str, str]]:
    """Each instruction with its words, continued lines joined.

    >>> instructions("# a\\nRUN x \\\\\\n  && y\\nUSER 1:1")
    [('RUN', 'x    && y'), ('USER', '1:1')]
    """
    joined = re.sub(r"\\\n", " ", text)
    lines = (line for line in joined.splitlines() if line.strip() and not line.startswith("#"))
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1].strip()) for line in lines]


class Image:
    """The folder that stands for the image's root, and what the instructions have said so far."""

    def __init__(self, root: Path) -> None:
        self.root, self.workdir, self.variables = root, root, dict[str, str]()
        subprocess.run([BASE, "-m", "venv", "--copies", root / "base"], check=True)

    def environment(self) -> dict[str, str]:
        path = self.variables.get("PATH", "$PATH").replace("$PATH", f"{self.root}/base/bin:/usr/bin:/bin")
        kept = {name: value for name, value in os.environ.items() if name.upper().startswith(KEPT)}
        return {**kept, **self.variables, "PATH": path, "HOME": str(self.root), "LANG": "C.UTF-8"}

    def inside(self, text: str) -> str:
        """The text with the image's places in our folder."""
        return re.sub(rf"(?<![\w/.])({'|'.join(PLACES)})(?=[/\s:]|$)", rf"{self.root}\1", text)

    def follow(self, word: str, said: str) -> None:
        """Do what the instruction says; the others say what a built image is run with."""
        known = {
            "FROM": self._begin,
            "ENV": self._set,
            "WORKDIR": self._go_to,
            "RUN": self._run,
            "COPY": self._copy,
        }
        if word in known:
            known[word](said)

    def _begin(self, _said: str) -> None:
        self.variables, self.workdir = {}, self.root

    def _set(self, said: str) -> None:
        pairs = (each.split("=", 1) for each in shlex.split(said))
        self.variables |= {name: self.inside(value) for name, value in pairs}

    def _go_to(self, said: str) -> None:
        self.workdir = Path(self.inside(said))
        self.workdir.mkdir(parents=True, exist_ok=True)

    def _run(self, said: str) -> None:
        command = ["sh", "-euc", self.inside(said)]
        subprocess.run(command, cwd=self.workdir, env=self.environment(), check=True)

    def _copy(self, said: str) -> None:
        """From the checkout; what comes from another stage is there already."""
        if said.startswith("--from"):
            return
        *sources, target = said.split()
        folder = self.workdir / target
        listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
        left_out = tuple(f"{line}/" for line in (ROOT / ".dockerignore").read_text().split())
        names = [n for n in listed.stdout.split("\n") if n and not n.startswith(left_out)]
        for name in names if sources == ["."] else sources:
            to = folder / name if sources == ["."] else folder / Path(name).name
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, to)


def _try(image: Image, command: list[str], check: list[str]) -> None:
    """As the image's user: migrate, back up, start, ask the health check; the server stops when it is told to."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    database = f"sqlite:///{image.root}/data/db.sqlite3"
    env = {**image.environment(), **ENV, "DATABASE_URL": database, "BIND": f"127.0.0.1:{port}"}
    for place in ("data", "backups"):
        os.chown(image.root / place, USER, USER)
    run = partial(subprocess.Popen[str], cwd=image.workdir, env=env, user=USER, group=USER, extra_groups=[])
    for words in (["migrate", "-v", "0"], ["backup"]):
        if run(["python", "manage.py", *words]).wait():
            raise SystemExit(f"{words[0]} failed.")
    server = run(command)
    try:
        if not any(run(check).wait() == 0 for _ in _times(server)):
            raise SystemExit("The server did not become healthy.")
    finally:
        server.terminate()
        server.wait(60)


def _times(server: "subprocess.Popen[str]") -> Iterator[int]:
    for number in range(60):
        if server.poll() is None:
            yield number
        time.sleep(1)


def main() -> None:
    if os.geteuid():
        raise SystemExit("Run it as root: it takes the place of the image's own user.")
    folder = Path(tempfile.mkdtemp(prefix="hourtab-image-"))
    folder.chmod(0o755)
    try:
        image, said = Image(folder), instructions((ROOT / "Dockerfile").read_text())
        for word, words in said:
            image.follow(word, words)
        last = dict(said)
        _try(image, json.loads(last["CMD"]), json.loads(last["HEALTHCHECK"].split("CMD ", 1)[1]))
        places = f"{folder}/opt/venv/bin:{folder}/base/bin"
        left = [tool for tool in ("pip", "uv", "gcc") if shutil.which(tool, path=places)]
        if left:
            raise SystemExit(f"{left} left in the image.")
    finally:
        shutil.rmtree(folder)
    print("The Dockerfile's commands work: built, migrated, backed up, started, healthy, stopped.")


if __name__ == "__main__":
    main()
