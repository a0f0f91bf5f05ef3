"""Every text that the product takes stands in the tables below.

A new one fails here until it is listed as read by clients (then `tests/planted` plants a marked secret in it and
searches every answer for it) or as staff's alone.
"""

import dataclasses
import importlib
import pkgutil
import re

from django import forms

import accounts
import desk
import hourtab
import portal
from retainers import files, terms

CLIENTS, STAFF = "clients read it", "staff's alone"
# every text of an agreement file, by the value that it is read into
FILE_TEXTS = {
    "Agreement.key": CLIENTS,
    "Agreement.name": CLIENTS,
    "Pool.key": CLIENTS,
    "Pool.name": CLIENTS,
    "Pool.neutral_text": CLIENTS,
    "Multiplier.category": CLIENTS,
    "Multiplier.name": CLIENTS,
    "Terms.scope": CLIENTS,
    "Terms.currency": STAFF,  # three letters
    "Words.scope": CLIENTS,
    "TopUp.pool": STAFF,  # names a pool
    "TopUp.key": STAFF,
    "TopUp.note": CLIENTS,
    "Adjustment.pool": STAFF,
    "Adjustment.key": STAFF,
    "Approval.by": CLIENTS,
    "Adjustment.reason": CLIENTS,
    "TextCondition.field": STAFF,
    "TextCondition.texts": STAFF,
    "TextCondition.matches": STAFF,
    "Effects.pool": STAFF,
    "Effects.categories": STAFF,
    "Effects.exclude": STAFF,
    "Effects.wording": CLIENTS,
    "Effects.retainer": STAFF,
    "Rule.name": STAFF,
    "Agreement.psa_agreements": STAFF,
    "Contact.name": CLIENTS,  # of who approved
    "Contact.email": STAFF,
    "ClientFile.slug": STAFF,
    "ClientFile.name": CLIENTS,
    "ClientFile.psa_names": STAFF,
    "Member.email": STAFF,
    "ProviderFile.slug": STAFF,
    "ProviderFile.name": CLIENTS,
    "ProviderFile.timezone": STAFF,
    "ProviderFile.support_email": CLIENTS,
    "ProviderFile.support_phone": CLIENTS,
    "ProviderFile.trusted_notes": STAFF,
    "ProviderFile.shows_uncharged": CLIENTS,
}
# every text of a form
FORM_TEXTS = {
    "AcceptForm.name": STAFF,
    "AddressForm.email": STAFF,  # compared with those on record, and shown to nobody
    "CodeForm.code": STAFF,
    "AcceptForm.password": STAFF,
    "SetupForm.code": STAFF,
    "SetupForm.name": STAFF,
    "SetupForm.owner": STAFF,
    "InviteForm.email": STAFF,
    "InviteForm.once": STAFF,
    "OnceForm.once": STAFF,  # names the form itself, and is stored nowhere
    "KeyForm.once": STAFF,
    "KeyForm.name": STAFF,
    "WebhookForm.once": STAFF,
    "WebhookForm.name": STAFF,
    "WebhookForm.address": STAFF,  # sealed, and never shown
    "EraseForm.slug": STAFF,
    "EraseForm.reason": STAFF,
    "RenewForm.name": CLIENTS,
    "EntryForm.wording": CLIENTS,
    "EntryForm.exclusion": STAFF,
    "EntryForm.reason": STAFF,
    "EntryForm.checked": STAFF,
    "GrantForm.note": CLIENTS,
    "GrantForm.key": STAFF,
    "GrantForm.checked": STAFF,
    "CorrectionForm.note": CLIENTS,
    "CorrectionForm.why": CLIENTS,
    "CorrectionForm.key": STAFF,
    "CorrectionForm.checked": STAFF,
    "TakeBackForm.reason": CLIENTS,
    "ReasonForm.reason": STAFF,
    "TakeBackForm.checked": STAFF,
    "UploadForm.through": STAFF,
    "UploadForm.starts": STAFF,
    "UploadForm.ends": STAFF,
    "UploadForm.agreements": STAFF,
    "UploadForm.pools": STAFF,
    "UploadForm.encoding": STAFF,
    "UploadForm.clock": STAFF,
    "ReadingForm.through": STAFF,
    "ReadingForm.starts": STAFF,
    "ReadingForm.ends": STAFF,
    "ReadingForm.agreements": STAFF,
    "ReadingForm.pools": STAFF,
    "ReadingForm.encoding": STAFF,
    "ReadingForm.clock": STAFF,
    "LinkForm.label": STAFF,
    "LinkForm.once": STAFF,
    "SitesForm.once": STAFF,
    "SitesForm.sites": STAFF,
    "SendForm.email": STAFF,
    "NoticeForm.text": CLIENTS,
    "StartForm.ticket": STAFF,
    "TicketForm.ticket": STAFF,
    "TicketForm.had": STAFF,
    "AnswerForm.words": CLIENTS,
    "AnswerForm.opened": STAFF,  # the mark of what was in view
    "SettingsForm.name": CLIENTS,
    "SettingsForm.support_phone": CLIENTS,
    "SettingsForm.support_email": CLIENTS,
    "SettingsForm.accent": STAFF,
    "SettingsForm.shows_uncharged": CLIENTS,
    "AskForNewPassword.email": STAFF,
    "SignIn.password": STAFF,
    "AskForm.hours": STAFF,  # read as a number; its words go nowhere
    "AskForm.name": CLIENTS,
    "AskForm.email": STAFF,
    "AskForm.text": CLIENTS,
    "WatchForm.hours": STAFF,
    "WatchForm.email": STAFF,  # shown to whoever has the mail that went there
}


def texts_of_values() -> set[str]:
    """Every text in the values that an agreement file is read into."""
    found = set()
    for name, value in {**vars(terms), **vars(files)}.items():
        if dataclasses.is_dataclass(value) and isinstance(value, type):
            for field in dataclasses.fields(value):
                kind = str(field.type)
                if re.search(r"\bstr\b", kind) and "Literal" not in kind and "Mapping" not in kind:
                    found.add(f"{name}.{field.name}")
    return found


def texts_of_forms() -> set[str]:
    """Every text field of every form of ours."""
    for package in (accounts, desk, hourtab, portal):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "migrations" not in module.name and "management" not in module.name:
                importlib.import_module(module.name)
    ours = {"accounts", "desk", "hourtab", "portal", "alerts", "imports"}
    return {
        f"{form.__name__}.{name}"
        for form in every_form(forms.BaseForm)
        if form.__module__.partition(".")[0] in ours
        for name, field in form.base_fields.items()
        if isinstance(field, forms.CharField)
    }


def every_form(parent: type) -> set[type]:
    return {form for child in parent.__subclasses__() for form in (child, *every_form(child))} - {
        forms.Form,
        forms.ModelForm,
    }


def test_every_text_of_a_file_is_listed() -> None:
    assert texts_of_values() == FILE_TEXTS.keys()


def test_every_text_of_a_form_is_listed() -> None:
    assert texts_of_forms() == FORM_TEXTS.keys()
