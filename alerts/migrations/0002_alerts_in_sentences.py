"""Mails of alerts that were written as single figures get the sentences that their templates print now."""

from django.conf import settings
from django.db import migrations
from django.utils.translation import gettext as _
from django.utils.translation import override

KINDS = ("alert", "client_alert")


def sentences(context):
    """What the mail said, by the names that the templates know; the figures stay beside them."""
    over = context.get("over")
    left = _("0 of %(granted)s hours left, %(over)s over.") if over else _("%(left)s of %(granted)s hours left.")
    if context.get("percent"):
        reached = _("%(percent)s %% of the hours have been reached.")
    else:
        reached = _("No more than %(hours_left)s hours are left.")
    lines = [reached % context]
    if context.get("resets"):
        lines.append(_("They reset on %(resets)s.") % context)
    if context.get("through"):
        lines.append(_("The figures cover work through %(through)s.") % context)
    return {
        "subject": (_("Support hours: %(over)s over") if over else _("Support hours: %(left)s left")) % context,
        "short": (_("%(over)s h over") if over else _("%(left)s h left")) % context,
        "big": "0" if over else context["left"],
        "lead": left % context,
        "lines": lines,
    }


def say_them(apps, schema_editor):
    mails = apps.get_model("accounts", "OutboxMail").objects.filter(kind__in=KINDS)
    for mail in mails.iterator():
        if "lead" not in mail.context and "granted" in mail.context:
            with override(mail.context.get("language") or settings.LANGUAGE_CODE):
                mail.context = {**mail.context, **sentences(mail.context)}
            mail.save(update_fields=["context"])


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_old_deeds_by_whom_about_whom"),
        ("alerts", "0001_initial"),
    ]

    operations = [migrations.RunPython(say_them, migrations.RunPython.noop)]
