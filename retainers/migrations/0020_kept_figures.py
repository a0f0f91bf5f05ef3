import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("retainers", "0019_entries_know_what_they_replace")]

    operations = [
        migrations.CreateModel(
            name="KeptFigures",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("until", models.DateField(null=True)),
                ("code", models.CharField(max_length=16)),
                ("figures", models.TextField()),
                ("seal", models.CharField(max_length=64)),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.provider"
                    ),
                ),
                (
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="retainers.publication"
                    ),
                ),
                (
                    "retainer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="kept", to="retainers.retainer"
                    ),
                ),
            ],
            options={"ordering": ("retainer",)},
        ),
    ]
