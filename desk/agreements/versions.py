"""All versions of an agreement: who saved each, when, and which lines of the file it changed."""

from dataclasses import dataclass
from difflib import unified_diff

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import actors as account_words
from accounts.access import viewer
from desk.doors import OpenedRetainer, open_retainer
from presentation import days
from retainers.agreements import agreement_from_document, write_file
from retainers.files import ClientFile, ProviderFile, RetainerFile
from retainers.models import AgreementVersion


@dataclass(frozen=True, slots=True)
class VersionChange:
    """One line of the file: `sign` is + for one that came, − for one that went."""

    sign: str
    text: str


@dataclass(frozen=True, slots=True)
class VersionLine:
    number: int
    when: str
    who: str
    lines: tuple[VersionChange, ...]


def versions_of(opened: OpenedRetainer) -> tuple[VersionLine, ...]:
    """The newest first; each with what it changed in the one before it, the first with all it says."""
    rows = AgreementVersion.objects.filter(retainer=opened.retainer).select_related("recorded_by")
    found, before = [], ""
    for row in rows.order_by("number"):
        text = _text(row)
        who, when = account_words.person(row.recorded_by), days.moment(row.recorded_at, opened.zone)
        found.append(VersionLine(row.number, when, who, _changed(before, text)))
        before = text
    return tuple(reversed(found))


def _text(row: AgreementVersion) -> str:
    """The retainer's part of the file."""
    agreement = agreement_from_document(row.document)
    file = ProviderFile("x", "x", clients=(ClientFile("x", "x", retainers=(RetainerFile(agreement),)),))
    return write_file(file).partition("[[clients.retainers]]")[2].strip()


def _changed(before: str, after: str) -> tuple[VersionChange, ...]:
    lines = unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    signs = {"+": "+", "-": "−"}
    return tuple(
        VersionChange(signs[line[0]], line[1:])
        for line in lines
        if line[:1] in signs and not line.startswith(("+++", "---")) and line[1:].strip()
    )


@require_safe
@viewer
def agreement_versions(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    opened = open_retainer(request, slug, key)
    return render(request, "agreements/versions.html", {"opened": opened, "versions": versions_of(opened)})
