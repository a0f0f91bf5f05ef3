"""Done twice at once: a provider set up and deleted."""

from io import StringIO

from allauth.mfa.models import Authenticator
from django.core.management import call_command

from accounts.commands import BadInputError
from accounts.models import Deletion, OutboxMail, Provider
from accounts.providers import called
from accounts.tenancy import all_tenants
from hourtab.founding import NotFoundedError, Wish, found
from hourtab.whole_provider import erase
from tests.at_once.deeds.register import refused, service


@service("whole_provider.erase")
def a_provider_is_deleted_after_what_is_being_written(house):
    writing = house.publishing(house.upload(1))

    def check(first, second):
        assert isinstance(second, Deletion), repr(second)
        assert not Provider.objects.filter(pk=house.provider.pk).exists()

    return writing, lambda: erase(house.provider, reason="The contract has ended"), check


@service("reset_second_step.handle")
def a_second_step_is_taken_away_once(house):
    Authenticator.objects.create(user=house.owner, type=Authenticator.Type.TOTP, data={"secret": "x"})

    def deed():
        who = ("--by", "Mel", "--reason", "The telephone is lost")
        call_command("reset_second_step", house.owner.email, *who, stdout=StringIO())

    def check(first, second):
        refused(second, BadInputError)
        assert not Authenticator.objects.filter(user=house.owner).exists()
        with all_tenants("such a mail is of no provider"):
            assert OutboxMail.objects.filter(recipient=house.owner.email).count() == 1

    return deed, deed, check


@service("founding._found")
def a_provider_is_set_up_once(house):
    def deed():
        return found(Wish("South IT", "mel@south.example"))

    def check(first, second):
        refused(second, NotFoundedError)
        assert called("south-it") is not None

    return deed, deed, check
