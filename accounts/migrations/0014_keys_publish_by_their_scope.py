from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0013_what_old_keys_open")]

    operations = [migrations.RemoveField("apikey", "may_publish")]
