"""The file of a backup: a compressed tar whose last member says what the others have to be, byte for byte."""

import hashlib
import io
import json
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

MANIFEST = "manifest.json"
FORMAT = 1
LEVEL = 6
PORTION = 1024 * 1024


class DamagedError(Exception):
    """The file is no backup of HourTab, or not as it was written."""


@dataclass
class Manifest:
    """What a backup holds. `keys` are marks of the secrets that it needs and does not hold; `rows` counts by table."""

    engine: str
    made_at: str
    migrations: list[list[str]]
    rows: dict[str, int]
    keys: dict[str, str]
    columns: dict[str, list[str]] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT


class _Hashed:
    """A file that is digested while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(size)
        self.digest.update(data)
        return data


def write(target: IO[bytes], files: Iterator[tuple[str, Path]], manifest: Manifest) -> None:
    """Pack the files under their names, and the manifest with their digests."""
    with tarfile.open(fileobj=target, mode="w:gz", compresslevel=LEVEL) as tar:
        for name, path in files:
            with path.open("rb") as file:
                info = tarfile.TarInfo(name)
                info.size, info.mode = path.stat().st_size, 0o600
                hashed = _Hashed(file)
                tar.addfile(info, hashed)
            manifest.digests[name] = hashed.digest.hexdigest()
        said = json.dumps(asdict(manifest), indent=1).encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size, info.mode = len(said), 0o600
        tar.addfile(info, io.BytesIO(said))


def read_through(path: Path) -> Manifest:
    """The manifest, after every other member was found to be what it says. Raises `DamagedError`."""
    found: dict[str, str] = {}
    manifest = None
    with reading():
        for name, file in members(path):
            if name == MANIFEST:
                manifest = _manifest(file.read())
            else:
                found[name] = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # a file that is read in bytes
    if manifest is None:
        raise DamagedError("it ends before its list of contents")
    for name in sorted(found.keys() | manifest.digests.keys()):
        if found.get(name) != manifest.digests.get(name):
            raise DamagedError(f"{name} is not what was written")
    return manifest


def members(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Each file in it, in order; a name that leads out of a folder is refused."""
    with reading(), tarfile.open(path, "r|gz") as tar:
        for info in tar:
            file = tar.extractfile(info)
            if file is None or not info.isreg() or not _is_inside(info.name):
                raise DamagedError(f"it holds {info.name}, which no backup does")
            yield info.name, file


@contextmanager
def reading() -> Iterator[None]:
    """Whatever is wrong with the file itself is a `DamagedError`; a disk that fails stays an `OSError`."""
    try:
        yield
    except (tarfile.TarError, zlib.error, EOFError, OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno:
            raise
        raise DamagedError(f"it can't be read: {error}") from error


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts


def _manifest(said: bytes) -> Manifest:
    try:
        values: dict[str, Any] = json.loads(said)
        manifest = Manifest(**values)
    except (ValueError, TypeError) as error:
        raise DamagedError("its list of contents can't be read") from error
    if manifest.format != FORMAT:
        raise DamagedError(f"it was written by another release (format {manifest.format})")
    return manifest
