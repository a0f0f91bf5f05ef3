from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal", "0004_misses_by_address")]

    operations = [
        migrations.AddField("clientrequest", "mark", models.CharField(blank=True, default="", max_length=64)),
        migrations.AddConstraint(
            "clientrequest",
            models.UniqueConstraint(
                fields=["link", "mark"], condition=~models.Q(mark=""), name="request_of_a_form_once"
            ),
        ),
    ]
