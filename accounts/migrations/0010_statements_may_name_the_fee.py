from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_when_periodic_work_was_done")]

    operations = [
        migrations.AddField("provider", "states_fee", models.BooleanField(default=False)),
    ]
