from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('imports', '0011_fewer_indexes'),
    ]

    operations = [
        migrations.AddField(
            model_name='lastfile',
            name='read',
            field=models.BinaryField(blank=True, default=b''),
        ),
        migrations.AddField(
            model_name='lastfile',
            name='read_by',
            field=models.CharField(blank=True, default='', max_length=64),
            preserve_default=False,
        ),
    ]
