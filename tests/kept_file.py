"""Where the migrated database is kept from one run to the next, for as long as no migration and no package changes."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent


def kept_file(suffix: str) -> Path:
    said = hashlib.sha256((ROOT / "uv.lock").read_bytes())
    for path in sorted(ROOT.glob("*/migrations/*.py")):
        said.update(path.name.encode() + path.read_bytes())
    return ROOT / "var" / "tests" / f"{said.hexdigest()[:20]}{suffix}"


def keep(suffix: str, write: Callable[[Path], object]) -> None:
    """The file is there whole, whoever else writes it too, and those of other migrations are gone."""
    kept = kept_file(suffix)
    kept.parent.mkdir(parents=True, exist_ok=True)
    for old in kept.parent.glob(f"*{suffix}"):
        old.unlink(missing_ok=True)
    part = kept.with_suffix(f".{os.getpid()}")
    write(part)
    part.replace(kept)
