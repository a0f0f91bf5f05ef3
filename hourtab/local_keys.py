"""Keys for a first run on one's own machine: made once, kept below `var/keys`, readable by their owner only.

Production never comes here: there the settings ask for the value and refuse to start without it.
"""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from environ import Env


def key_of(env: Env, name: str, folder: Path | None, hint: str) -> str:
    """The value of `name`; without one a key made in `folder`, or without a folder a refusal with the hint."""
    value: str = env.str(name, default="")
    if value:
        return value
    if folder is None:
        raise ImproperlyConfigured(f"{name} is not set. {hint}")
    return local_key(folder, name.lower())


def local_key(folder: Path, name: str) -> str:
    """The key of that name, made on first use (256 random bits, URL-safe base64 as Fernet wants it)."""
    path = folder / name
    folder.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    key = secrets.token_urlsafe(32) + "="
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(key)
    return key
