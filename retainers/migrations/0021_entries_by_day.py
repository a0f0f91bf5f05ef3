"""A page reads the days of one cycle, retired entries among them: the index by day covers all of them now."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("retainers", "0020_kept_figures")]

    operations = [
        migrations.RemoveIndex(model_name="entry", name="entry_live_by_day"),
        migrations.AddIndex(
            model_name="entry", index=models.Index(fields=["retainer", "day"], name="entry_by_day")
        ),
    ]
