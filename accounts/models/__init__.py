"""The rows that concern no one client: `people` and their providers, the `trail` of what they did and the keys of
programs, and what is kept while HourTab is `running`.
"""

from accounts.models.people import INVITATION_LIFE, Invitation, Membership, Provider, Role, User, UserManager
from accounts.models.running import Heartbeat, OpenSession, OutboxMail
from accounts.models.trail import ActorKind, ApiKey, AuditEvent, Deletion, Erasure, EventClient, Scope

__all__ = [
    "INVITATION_LIFE",
    "ActorKind",
    "ApiKey",
    "AuditEvent",
    "Deletion",
    "Erasure",
    "EventClient",
    "Heartbeat",
    "Invitation",
    "Membership",
    "OpenSession",
    "OutboxMail",
    "Provider",
    "Role",
    "Scope",
    "User",
    "UserManager",
]
