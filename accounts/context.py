"""What every page of the desk shows around itself: the member and their provider."""

from typing import Any

from django.http import HttpRequest

from accounts.access import member_of


def desk(request: HttpRequest) -> dict[str, Any]:
    return {"member": member_of(request)}
