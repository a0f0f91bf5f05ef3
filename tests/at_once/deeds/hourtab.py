"""Done twice at once: a provider set up and deleted."""

from accounts.models import Deletion, Provider
from accounts.providers import called
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


@service("founding._found")
def a_provider_is_set_up_once(house):
    def deed():
        return found(Wish("South IT", "mel@south.example"))

    def check(first, second):
        refused(second, NotFoundedError)
        assert called("south-it") is not None

    return deed, deed, check
