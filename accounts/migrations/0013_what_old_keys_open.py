"""A key of before hands in files, and publishes where it might; taken back, one that does not hand in publishes nothing."""

from django.db import migrations


def name_scopes(apps, schema_editor):
    keys = apps.get_model("accounts", "ApiKey").objects
    keys.filter(may_publish=True).update(scopes=["import", "publish"])
    keys.filter(may_publish=False).update(scopes=["import"])


def name_flag(apps, schema_editor):
    keys = apps.get_model("accounts", "ApiKey").objects
    for key in keys.all():
        keys.filter(pk=key.pk).update(may_publish="publish" in key.scopes)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0012_keys_have_scopes")]

    operations = [migrations.RunPython(name_scopes, name_flag)]
