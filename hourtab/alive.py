"""Asks the server of this container whether it lives: `python -m hourtab.alive`, the image's health check."""

import http.client
import os
import sys

SECONDS = 4
OK = 200


def status(port: int, host: str) -> int:
    """What `/healthz` answers to that host's name; 0 where nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


if __name__ == "__main__":
    port = int(os.environ.get("BIND", ":8000").rpartition(":")[2])
    sys.exit(0 if status(port, os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0]) == OK else 1)
