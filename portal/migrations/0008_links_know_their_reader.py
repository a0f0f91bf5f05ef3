"""To whom a link was mailed, so that later mails lead each reader to their own link."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal", "0007_link_second_step")]

    operations = [
        migrations.AddField(
            model_name="sharelink",
            name="sent_to",
            field=models.EmailField(blank=True, default="", max_length=254),
        ),
    ]
