"""What an agreement file says to clients, checked before it is taken: a text that leaks is refused with its place.

What stood before and is only repeated is not refused, so that a file can be loaded again whenever it was: on its
way out it is held back, and staff see it waiting (`waiting`).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from accounts.models import Provider
from retainers.agreements.fields import agreement_from_document
from retainers.agreements.problems import AgreementError, AgreementProblem, Place
from retainers.agreements.rules import rules_from_document
from retainers.files import ClientFile, ProviderFile
from retainers.gate.known import EVERYBODY, Gate, read_gate
from retainers.gate.texts import agreement_texts, grant_texts, key_texts, rule_texts
from retainers.models import Adjustment, Client, Retainer, RuleBook, TopUp

HOW = "Reword it, or allow it in the browser: every form shows what was found."


@dataclass(frozen=True, slots=True)
class Said:
    """A text for a client (`slug`; "": for all). `own`: what somebody calls themselves; `is_key`: it is a key."""

    slug: str
    place: Place
    text: str
    own: bool = False
    is_key: bool = False

    def why(self, gate: Gate) -> str:
        """What is wrong with it, in a sentence; "" where it passes."""
        if self.is_key:
            named = gate.names_somebody(self.text, self.slug)
            return f"“{self.text}” names a person or another client, and clients read keys." if named else ""
        find = gate.find_in_own if self.own else gate.find
        return " ".join(dict.fromkeys(hit.why for hit in find(self.text, self.slug)))


OWN_REASONS = ("travel", "non-billable")  # HourTab words these itself


def refuse_leaks(provider: Provider, file: ProviderFile, stood: frozenset[tuple[str, str]]) -> None:
    """Raise `AgreementError` with every new text of the file that must not reach the client it is for.

    The file is written already, in a transaction that ends with the error: so its own clients are known.
    """
    gate = read_gate(provider)
    new = (said for said in texts_of(file) if (said.slug, said.text) not in stood)
    found = [(said, why) for said in new if (why := said.why(gate))]
    if found:
        raise AgreementError(tuple(AgreementProblem(said.place.label, f"{why} {HOW}") for said, why in found))


def texts_of(file: ProviderFile) -> Iterator[Said]:
    """Everything in the file that some client will read."""
    here = Place("provider")
    own = {"name": file.name, "support_email": file.support_email, "support_phone": file.support_phone}
    told = [reason for reason in file.shows_uncharged or () if reason.casefold() not in OWN_REASONS]
    own["shows_uncharged"] = ", ".join(told)
    for name, text in own.items():
        yield Said(EVERYBODY, here.key(name), text or "", own=True)
    for place, text in rule_texts(file.rules or ()):
        yield Said(EVERYBODY, place, text)
    for index, client in enumerate(file.clients):
        yield from _client_texts(client, Place().item("clients", index, client.slug))


def _client_texts(client: ClientFile, at: Place) -> Iterator[Said]:
    slug = client.slug
    yield Said(slug, at.key("name"), client.name, own=True)
    for index, retainer in enumerate(client.retainers):
        place = at.item("retainers", index, retainer.agreement.key)
        placed = (
            *agreement_texts(retainer.agreement, place),
            *grant_texts(retainer.top_ups, retainer.adjustments, place),
        )
        yield from (Said(slug, where, text) for where, text in placed)
        keys = key_texts(retainer.agreement, place)
        yield from (Said(slug, where, key, is_key=True) for where, key in keys)


def standing_texts(file: ProviderFile) -> frozenset[tuple[str, str]]:
    """What stands already of the clients in the file, each text with its client's slug."""
    slugs = [client.slug for client in file.clients]
    clients = Client.objects.filter(slug__in=slugs).values_list("slug", "name")
    return frozenset((*clients, *_of_retainers(slugs), *_of_grants(slugs), *_of_rules()))


def _of_retainers(slugs: list[str]) -> Iterator[tuple[str, str]]:
    rows = Retainer.objects.filter(client__slug__in=slugs, version__isnull=False)
    for slug, document in rows.values_list("client__slug", "version__document"):
        agreement = agreement_from_document(document)
        for _place, text in (*agreement_texts(agreement), *key_texts(agreement)):
            yield slug, text


def _of_grants(slugs: list[str]) -> Iterator[tuple[str, str]]:
    standing = {"retainer__client__slug__in": slugs, "retired_in": None}
    yield from TopUp.objects.filter(**standing).values_list("retainer__client__slug", "note")
    yield from Adjustment.objects.filter(**standing).values_list("retainer__client__slug", "reason")


def _of_rules() -> Iterator[tuple[str, str]]:
    book = RuleBook.objects.order_by("-number").first()
    for _place, text in rule_texts(rules_from_document(book.document) if book else ()):
        yield EVERYBODY, text
