"""Has Debian's own tools look through `compose.yaml` and the `Caddyfile`: `make deployment`.

Docker itself is not needed: `docker-compose config` reads the file with a fresh `.env`, and `caddy validate` provisions
what would be served. A tool that is not installed is named, with its package: that file was not checked then.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOMAIN = "hours.example.com"
CHECKS = (
    ("compose.yaml", ["docker-compose", "--file", "compose.yaml", "config", "--quiet"]),
    ("deploy/Caddyfile", ["caddy", "validate", "--adapter", "caddyfile", "--config", "deploy/Caddyfile"]),
)


def checked(file: str, command: list[str], folder: Path) -> tuple[bool, str]:
    """Whether nothing speaks against the file, and what to say of it."""
    if shutil.which(command[0]) is None:
        return True, f"{file}: not checked, {command[0]} is not here (apt-get install {command[0]})"
    done = subprocess.run(
        command,
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "DOMAIN": DOMAIN},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        return False, f"{file}: {done.stderr.strip().splitlines()[-1]}"
    return True, f"{file}: valid, says {command[0]}"


def copy_to(folder: Path) -> None:
    """The files that are looked through, with an .env as `make env` writes it."""
    shutil.copytree(ROOT / "deploy", folder / "deploy")
    for name in ("compose.yaml", "Dockerfile"):
        shutil.copy(ROOT / name, folder)
    said = subprocess.run(
        [sys.executable, folder / "deploy" / "new_env.py", DOMAIN], check=True, capture_output=True
    )
    (folder / ".env").write_bytes(said.stdout)


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="hourtab-files-") as name:
        folder = Path(name)
        copy_to(folder)
        found = [checked(file, command, folder) for file, command in CHECKS]
    for _, line in found:
        print(line)
    return 0 if all(ok for ok, _ in found) else 1


if __name__ == "__main__":
    sys.exit(main())
