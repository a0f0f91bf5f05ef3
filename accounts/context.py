"""What every page of the desk shows around itself: the member and their provider."""

from typing import Any

from django.http import HttpRequest

from accounts.access import member_of
from accounts.single_sign_on import name_of_issuer


def desk(request: HttpRequest) -> dict[str, Any]:
    return {"member": member_of(request), "single_sign_on": name_of_issuer()}
