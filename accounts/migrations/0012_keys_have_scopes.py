from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0011_rows_of_one_provider")]

    operations = [
        migrations.AddField("apikey", "scopes", models.JSONField(default=list)),
        migrations.AddField("apikey", "asked_in", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("apikey", "asked", models.PositiveIntegerField(default=0)),
    ]
