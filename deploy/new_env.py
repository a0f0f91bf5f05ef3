"""Prints an `.env` for `compose.yaml` with fresh secrets: `python3 deploy/new_env.py hours.example.com`."""

import base64
import secrets
import sys

WRITTEN = """\
# Keep a copy of this file apart from the backups: they need its keys, and hold none of them.
DOMAIN={domain}
SECRET_KEY={secret}
HOURTAB_LINK_KEY={link}
DB_PASSWORD={owner}
DB_APP_PASSWORD={app}
DB_BACKUP_PASSWORD={backup}
DB_ADMIN_PASSWORD={admin}
# Put your mail server here; HourTab does not start without one.
EMAIL_URL=
DEFAULT_FROM_EMAIL=HourTab <hourtab@{domain}>
"""


def new_env(domain: str) -> str:
    """The file's text, with keys that nobody has seen."""
    return WRITTEN.format(
        domain=domain,
        secret=secrets.token_urlsafe(50),
        link=base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        owner=secrets.token_urlsafe(24),
        app=secrets.token_urlsafe(24),
        backup=secrets.token_urlsafe(24),
        admin=secrets.token_urlsafe(24),
    )


if __name__ == "__main__":
    if len(sys.argv) != 2 or "." not in sys.argv[1]:
        sys.exit("Say the host: python3 deploy/new_env.py hours.example.com")
    sys.stdout.write(new_env(sys.argv[1]))
