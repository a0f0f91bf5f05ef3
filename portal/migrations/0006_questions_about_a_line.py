from django.db import migrations, models

KINDS = [
    ("top_up", "top-up"),
    ("overage", "overage in advance"),
    ("planned", "planned work"),
    ("question", "a line of the log"),
]


class Migration(migrations.Migration):
    dependencies = [("portal", "0005_requests_know_their_form")]

    operations = [
        migrations.AlterField("clientrequest", "kind", models.CharField(choices=KINDS, max_length=8)),
    ]
