"""No line of any log holds the secret of a link: it is cut out by its shape before a handler writes.

A secret is 43 signs of URL-safe base64, wherever it stands: in an address, mistyped or percent-coded, in an
exception, in a server's own message. Shorter ones are cut where an address is known to hold a secret.
"""

import logging
import re
from typing import Any
from urllib.parse import unquote

SLASH = r"(?:/|%2[Ff])"
IN_AN_ADDRESS = re.compile(
    rf"({SLASH}(?:b|b{SLASH}confirm|b{SLASH}badge|mails{SLASH}agree|mails{SLASH}leave|invitations|password{SLASH}reset{SLASH}key){SLASH})[A-Za-z0-9_:-]{{8,}}"
)
RUN = re.compile(r"(?:[A-Za-z0-9_-]|%[0-9A-Fa-f]{2})+")
LENGTH = 40  # signs; a name in code that long has no capitals and no digits
CUT = "[redacted]"


def without_tokens(text: str) -> str:
    """
    >>> without_tokens("GET /b/Zm9vYmFyYmF6cXV4/log.csv")
    'GET /b/[redacted]/log.csv'
    >>> without_tokens("/B;Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF")
    '/B;[redacted]'
    """
    return RUN.sub(_cut, IN_AN_ADDRESS.sub(rf"\1{CUT}", text))


def _cut(run: re.Match[str]) -> str:
    plain = unquote(unquote(run[0]))
    is_secret = len(plain) >= LENGTH and any(sign.isupper() or sign.isdigit() for sign in plain)
    return CUT if is_secret else run[0]


class NoTokens(logging.Filter):
    """Rewrites the whole of what a record says; lets every record through."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = without_tokens(record.getMessage()), None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = without_tokens(record.exc_text)
        if record.stack_info:
            record.stack_info = without_tokens(record.stack_info)
        return True


class OneLine(logging.Filter):
    """Says that it was so, and not where in Django: a stranger's nonsense is worth no traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = record.exc_text = None
        return True


class OneLineOfRefusals(OneLine):
    """The same of what Django refuses with a 4xx; of a fault of ours the traceback stays."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.ERROR or super().filter(record)


def logging_settings(level: str) -> dict[str, Any]:
    """Django's LOGGING: all to the standard error, security events as JSON lines, never a token."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {
            "no_tokens": {"()": NoTokens},
            "one_line": {"()": OneLine},
            "one_line_of_refusals": {"()": OneLineOfRefusals},
        },
        "formatters": {
            "line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
            "json": {"format": "{message}", "style": "{"},
        },
        "handlers": {
            "console": {"class": "logging.StreamHandler", "filters": ["no_tokens"], "formatter": "line"},
            "security": {"class": "logging.StreamHandler", "filters": ["no_tokens"], "formatter": "json"},
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.security.DisallowedHost": {"filters": ["one_line"]},  # every scanner asks for some
            "django.request": {"filters": ["one_line_of_refusals"]},
            "hourtab.security": {"handlers": ["security"], "level": "INFO", "propagate": False},
            "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
        },
    }
