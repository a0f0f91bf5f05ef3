"""A mail server that is dead, and a sender that is killed: every mail goes out, and twice only under one name."""

import pytest

from tests.accounts.mail_server import MailServer, mail_server
from tests.faults.installation import Installation

KILLED = -9
CONTACT = "pat@acme.example"  # staff read mails of their own, as the digest of a Monday morning
DUE_AGAIN = """
from accounts.models import OutboxMail
from accounts.tenancy import all_tenants
with all_tenants("a test"):
    OutboxMail.objects.update(claimed_until=None, next_try_at="2020-01-01T00:00:00Z")
"""
LEFT = f"""
from accounts.models import OutboxMail
from accounts.tenancy import all_tenants
with all_tenants("a test"):
    print(OutboxMail.objects.filter(recipient="{CONTACT}", sent_at=None).count())
"""


def asked(installation: Installation, server: MailServer | None = None, **more: str) -> int:
    """`tick` asks the contact whether alerts may be mailed; how it ended."""
    port = server.server_address[1] if server else 9
    return installation.manage("tick", EMAIL_URL=f"smtp://127.0.0.1:{port}", **more).returncode


def waiting(installation: Installation) -> int:
    """How many mails to the contact aren't sent yet."""
    return int(installation.do("shell", "--verbosity", "0", "-c", LEFT))


def names_taken(server: MailServer) -> list[str]:
    """The names of the mails to the contact that the server took."""
    return [name for to, name in zip(server.taken, server.names, strict=True) if to == CONTACT]


def test_a_sender_killed_after_the_server_took_the_mail_sends_it_once_more_under_the_same_name(
    installation: Installation,
) -> None:
    with mail_server() as server:
        assert asked(installation, server, FAULT="after SENT 1") == KILLED
        assert (len(names_taken(server)), waiting(installation)) == (1, 1)
        installation.do("shell", "-c", DUE_AGAIN)
        assert asked(installation, server) == 0
        assert asked(installation, server) == 0
        assert (len(names_taken(server)), waiting(installation)) == (2, 0)
        assert len(set(names_taken(server))) == 1
    installation.do("verify")


@pytest.mark.long
def test_a_dead_server_loses_no_mail(installation: Installation) -> None:
    assert asked(installation) == 0
    assert waiting(installation) == 1
    installation.do("verify")
    installation.do("shell", "-c", DUE_AGAIN)
    with mail_server() as server:
        assert asked(installation, server) == 0
        assert (len(names_taken(server)), waiting(installation)) == (1, 0)
