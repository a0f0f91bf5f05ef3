"""What several measurements begin with, made once a run: files of a year, and databases that are migrated.

`make bench` gives its parts one folder for them; a part that runs alone has a folder of its own. A measurement gets a
copy of the database, so nobody finds in it what another did.
"""

import atexit
import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path

from bench import a_year, cpu

FOLDER = "HOURTAB_BENCH_FOLDER"  # of the run, told to its parts
PRODUCTION = {
    "DEBUG": "0",
    "ALLOWED_HOSTS": "localhost",
    "BASE_URL": "http://localhost",
    "SECRET_KEY": "of a database that is thrown away, with enough different signs 0123456789",
    "HOURTAB_LINK_KEY": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    "EMAIL_URL": "smtp://localhost:25",
    "SECURE_SSL_REDIRECT": "0",
    "REQUIRE_SECOND_FACTOR": "0",
    "LOG_LEVEL": "ERROR",
}


@contextmanager
def one_folder() -> Iterator[None]:
    """For all parts of a run."""
    with cpu.folder() as place:
        os.environ[FOLDER] = str(place)
        try:
            yield
        finally:
            del os.environ[FOLDER]


@cache
def folder() -> Path:
    if FOLDER in os.environ:
        return Path(os.environ[FOLDER])
    made = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


def once(path: Path, make: Callable[[Path], object]) -> Path:
    """What is there whole, or not at all: made beside it, and then moved."""
    if not path.exists():
        part = path.with_name(f"{path.name}.part")
        part.parent.mkdir(exist_ok=True)
        make(part)
        part.rename(path)
    return path


def export(step: str, rows: int) -> Path:
    """A file of the series of so many rows: `first`, `again`, `changed`, or `one` of a single row."""
    path = folder() / str(rows) / f"{step}.csv"
    return once(path, lambda part: part.write_text(a_year.of_series(step, rows)))


def agreements() -> Path:
    """The agreements of the year's provider."""
    return once(folder() / "agreements.toml", lambda part: part.write_text(a_year.agreements()))


def database(engine: cpu.Engine, place: Path, checkout: Path = cpu.ROOT, *, loaded: bool = False) -> str:
    """The URL of a database, in that folder or on the engine's server, which the checkout has migrated.

    `loaded`: it has the year's provider, with its agreements.
    """
    name = f"{'loaded' if loaded else 'migrated'}-{sha256(str(checkout).encode()).hexdigest()[:12]}"
    if name not in engine.kept:
        engine.kept[name] = _kept(engine, name, checkout, loaded=loaded)
    return engine.database(place, engine.kept[name])


def _kept(engine: cpu.Engine, name: str, checkout: Path, *, loaded: bool) -> str:
    """The URL of the one that is copied; that of SQLite may be there from another part."""
    if engine.server:
        return _made(engine, folder(), checkout, loaded=loaded)
    place = folder() / name
    once(place, lambda part: _made(engine, part, checkout, loaded=loaded))
    return engine.at(place)


def _made(engine: cpu.Engine, place: Path, checkout: Path, *, loaded: bool) -> str:
    place.mkdir(exist_ok=True)
    url = database(engine, place, checkout) if loaded else engine.database(place)
    words = ("load_retainers", str(agreements())) if loaded else ("migrate", "-v0")
    cpu.manage(words, cwd=checkout, **PRODUCTION, DATABASE_URL=url)
    return url


def begin(place: Path) -> None:
    """Django in this process, on a database of SQLite in that folder; its security events are not written."""
    os.environ |= {
        "DATABASE_URL": database(cpu.Engine("SQLite"), place),
        "ORIGINALS_ROOT": str(place / "originals"),
        "DJANGO_SETTINGS_MODULE": "hourtab.settings",
    }
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    import django

    django.setup()
    logging.getLogger("hourtab.security").disabled = True
