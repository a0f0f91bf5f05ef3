"""`reset_second_step EMAIL --by NAME --reason TEXT`: for somebody who lost their phone and their recovery codes."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import CommandParser
from django.db import transaction

from accounts import sessions
from accounts.adapter import tell_of_change
from accounts.commands import BadInputError
from accounts.commands import Command as BaseCommand
from accounts.models import OpenSession
from accounts.security import note
from accounts.services import find_user


class Command(BaseCommand):
    help = (
        "Removes all second factors of a person. First make sure it’s them: call them, don’t answer a mail."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--by", required=True, help="who does it")
        parser.add_argument("--reason", required=True)

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        person = find_user(options["email"])
        if person is None:
            raise BadInputError(f"Nobody has the address “{options['email']}”.")
        count, _ = Authenticator.objects.filter(user=person).delete()
        if not count:
            raise BadInputError(f"{person.email} has no second step.")
        sessions.end(OpenSession.objects.filter(user=person), "sign-in changed")
        note("second factors reset", person=person.email, by=options["by"], reason=options["reason"])
        tell_of_change(
            person, "Your second step was removed by whoever runs this HourTab. Please set it up again."
        )
        self.stdout.write(f"{person.email} signs in with the password alone, and gets a mail that says so.")
