"""`/.well-known/security.txt` (RFC 9116): whom to tell of a weakness, where the installation names somebody."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_safe

HOLDS_FOR = timedelta(days=90)


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    if not settings.SECURITY_CONTACT:
        raise Http404
    lines = (
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {now() + HOLDS_FOR:%Y-%m-%dT00:00:00Z}",
        f"Canonical: {settings.BASE_URL}{reverse('security_txt')}",
        "Preferred-Languages: en",
    )
    return HttpResponse("\n".join((*lines, "")), content_type="text/plain; charset=utf-8")
