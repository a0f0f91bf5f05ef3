"""What somebody else saved of the settings while their form was open: shown beside what was typed."""

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.models import Provider
from accounts.seen import Seen, StaleError
from desk.settings.form import SettingsForm
from desk.since import ChangeSince

LOGO = "logo"


@dataclass(frozen=True, slots=True)
class SettingsMeanwhile:
    """`post` is what was sent, with what was left alone brought up to date."""

    post: QueryDict
    changes: tuple[ChangeSince, ...]


def meanwhile(form: SettingsForm, now: Provider, stale: StaleError, opened: str) -> SettingsMeanwhile:
    """`opened` is the mark of what the form was opened on, `stale` names what is another setting by now."""
    post = QueryDict(mutable=True)
    post.update(form.data)
    changes = []
    for name in stale.parts:
        if name == LOGO:
            changes.append(ChangeSince(_("Logo"), "", _("another one"), _("yours: choose it once more")))
            continue
        typed, saved = form.cleaned_data[name], getattr(now, name)
        if name not in Seen(versions={name: typed}).differing(opened):
            post.setlist(name, saved if isinstance(saved, list) else [saved])
            typed = saved
        changes.append(
            ChangeSince(str(form.fields[name].label), "", _text(form, name, saved), _text(form, name, typed))
        )
    return SettingsMeanwhile(post, tuple(changes))


def _text(form: SettingsForm, name: str, value: object) -> str:
    names = dict(getattr(form.fields[name], "choices", ()))
    values = value if isinstance(value, list) else [value]
    return ", ".join(str(names.get(each, each)) for each in values if each != "") or _("none")
