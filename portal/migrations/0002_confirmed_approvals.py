"""Approvals that were confirmed before they were published rows of their own: kept as such, all of them.

Each hangs on the publication that its client saw at the moment of confirming.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def keep_approvals(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    publications = apps.get_model("retainers", "Publication").objects
    contacts = apps.get_model("retainers", "Contact").objects
    approvals = apps.get_model("retainers", "Approval").objects
    confirmed = apps.get_model("portal", "ClientRequest").objects.filter(
        kind="overage", confirmed_at__isnull=False, hours_units__gt=0, cycle_starts__isnull=False
    )
    for row in confirmed.select_related("retainer").order_by("confirmed_at", "pk"):
        of_retainer = publications.filter(retainer_id=row.retainer_id).order_by("-number")
        then = of_retainer.filter(made_at__lte=row.confirmed_at).first() or of_retainer.last()
        known = contacts.filter(client_id=row.retainer.client_id, email__iexact=row.email).first()
        approvals.create(
            provider_id=row.provider_id,
            retainer_id=row.retainer_id,
            added_in=then,
            cycle=row.cycle_starts,
            hours_units=row.hours_units,
            name=known.name if known else row.name,
            email=known.email if known else row.email,
            confirmed_at=row.confirmed_at,
        )


class Migration(migrations.Migration):
    dependencies = [("portal", "0001_initial"), ("retainers", "0010_approvals")]

    operations = [migrations.RunPython(keep_approvals, migrations.RunPython.noop)]
