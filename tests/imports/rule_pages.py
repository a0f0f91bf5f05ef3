"""Addresses, forms and ticks of the rules' pages, as the tests of these pages send them."""

from django.urls import reverse

from accounts.tenancy import tenant_scope
from desk.rules.draft import IS
from imports.judging.books import provider_book
from imports.judging.rulebook import retainer_book
from retainers.selectors import retainers_of


def edit(of="all", number=1):
    return reverse("rule_edit", args=[of, number])


def rules_of(provider, of="all"):
    with tenant_scope(provider):
        if of == "all":
            return provider_book().rules
        return retainer_book(retainers_of([of.split(".")[0]])[0]).rules


def version_of(provider):
    with tenant_scope(provider):
        return provider_book().version


def row(index, field, how, text=""):
    return {f"field-{index}": field, f"how-{index}": how, f"text-{index}": text}


def warranty(**more):
    return {"name": "Warranty", **row(0, "title", IS, "*warranty*"), "exclude": "warranty", **more}


def seen_in(answer):
    return answer.context["page"].trial.digest


def tick_in(answer):
    """What the tick under the closed cycles sends."""
    return answer.context["page"].trial.restating.digest
