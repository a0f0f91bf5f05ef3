from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_deletions_that_were_done")]

    operations = [
        migrations.AddField("provider", "shows_uncharged", models.JSONField(blank=True, default=list)),
    ]
