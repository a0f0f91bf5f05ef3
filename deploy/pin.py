"""Writes the digest of each base image behind its tag, in `Dockerfile` and `compose.yaml`: `make pin`.

A digest is written only where Docker has just fetched the image: where no registry is reached, nothing is changed.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILES = (ROOT / "Dockerfile", ROOT / "compose.yaml")
BASE = re.compile(r"(?m)^(FROM |    image: )([\w./-]+:[\w.-]+)(?:@sha256:[0-9a-f]{64})?(?= AS |$)")
DIGEST = re.compile(r"@(sha256:[0-9a-f]{64})$")


class NotFetchedError(Exception):
    """Docker could not fetch an image."""


def bases(text: str) -> list[str]:
    """The images with a tag that a file builds on.

    >>> bases("FROM python:3.11.14-slim AS build")
    ['python:3.11.14-slim']
    """
    return [found[2] for found in BASE.finditer(text)]


def digest_of(image: str) -> str:
    """The digest of the image, fetched just now."""
    fetched = _docker("pull", "--quiet", image)
    said = (
        _docker("image", "inspect", "--format", "{{index .RepoDigests 0}}", image)
        if fetched is not None
        else ""
    )
    found = DIGEST.search((said or "").strip())
    if not found:
        raise NotFetchedError(image)
    return found[1]


def pinned(text: str, digests: dict[str, str]) -> str:
    return BASE.sub(lambda found: f"{found[1]}{found[2]}@{digests[found[2]]}", text)


def _docker(*words: str) -> str | None:
    try:
        done = subprocess.run(["docker", *words], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return None
    return done.stdout if done.returncode == 0 else None


def main() -> int:
    texts = {path: path.read_text() for path in FILES}
    try:
        digests = {image: digest_of(image) for text in texts.values() for image in bases(text)}
    except NotFetchedError as error:
        sys.stderr.write(f"{error} could not be fetched, so nothing was written: is a registry reached?\n")
        return 1
    for path, text in texts.items():
        path.write_text(pinned(text, digests))
    return 0


if __name__ == "__main__":
    sys.exit(main())
