"""Finds the Chromium that the browser tests drive, installs one if there is none, fails loudly if it can't."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """The path of a Chromium, or None. `CHROMIUM` in the environment names one."""
    given = os.environ.get("CHROMIUM")
    if given:
        return given
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    return found or _playwrights_own()


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install() -> None:
    attempts = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if shutil.which("apt-get") and os.geteuid() == 0:
        attempts.insert(0, ["apt-get", "install", "-y", "-qq", "chromium"])
        subprocess.run(["apt-get", "update", "-qq"], check=False)
    for attempt in attempts:
        if subprocess.run(attempt, check=False).returncode == 0 and find():
            return


def main() -> int:
    if not find():
        install()
    path = find()
    if path is None:
        sys.stderr.write("No Chromium for the browser tests: install Debian's `chromium`, or set CHROMIUM.\n")
        return 1
    sys.stdout.write(f"Browser tests use {path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
