"""Company names are compared without regard to Unicode form and kind of apostrophe, quote or dash: their keys too."""

from django.db import migrations

from retainers.company_names import company_key


def compare_by_key(apps, schema_editor):
    """Where two names have become one, the older keeps it; of one client the younger row goes."""
    CompanyName = apps.get_model("retainers", "CompanyName")
    owners = {}
    for row in CompanyName.objects.order_by("provider_id", "pk"):
        key = company_key(row.name)[:200]
        owner = owners.setdefault((row.provider_id, key), row.client_id)
        taken = CompanyName.objects.filter(provider_id=row.provider_id, key=key).exclude(pk=row.pk)
        if owner == row.client_id and not taken.exists():
            row.key = key
            row.save(update_fields=["key"])
        elif owner == row.client_id and taken.filter(client_id=row.client_id).exists():
            row.delete()


def compare_by_case(apps, schema_editor):
    CompanyName = apps.get_model("retainers", "CompanyName")
    for row in CompanyName.objects.order_by("pk"):
        row.key = " ".join(row.name.split()).casefold()[:200]
        row.save(update_fields=["key"])


class Migration(migrations.Migration):
    dependencies = [("retainers", "0008_publications_of_programs")]
    operations = [migrations.RunPython(compare_by_key, compare_by_case)]
