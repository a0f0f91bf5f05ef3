"""Whether something failed because a disk is full: then nothing is broken, and a person has to make room."""

import errno

from django.db import OperationalError

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
DISK_FULL = "53100"  # PostgreSQL's own code
SAID = "There is no room left on the server's disk. Nothing was kept; free some room and try again."


def is_no_room(error: BaseException | None) -> bool:
    """
    >>> is_no_room(OSError(errno.ENOSPC, "No space left on device")), is_no_room(OSError(errno.EPERM, ""))
    (True, False)
    """
    if isinstance(error, OperationalError):
        code = getattr(error.__cause__, "sqlstate", None)
        return code == DISK_FULL or "disk is full" in str(error)
    return isinstance(error, OSError) and error.errno in NO_ROOM
