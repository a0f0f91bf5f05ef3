"""Every write service, as two people do it at once, a module for each room.

A new service is listed in its room, or `test_every_write_service_is_listed` fails.
"""

from tests.at_once.deeds import accounts, alerts, desk, hourtab, imports, portal, provider_rules, retainers
from tests.at_once.deeds.register import DEEDS

__all__ = [
    "DEEDS",
    "accounts",
    "alerts",
    "desk",
    "hourtab",
    "imports",
    "portal",
    "provider_rules",
    "retainers",
]
