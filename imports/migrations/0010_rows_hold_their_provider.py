import accounts.tenancy
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('imports', '0009_the_last_file_of_a_format'),
        ('retainers', '0022_entries_hold_their_provider'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='import',
            constraint=accounts.tenancy.ProviderKey(name='one_provider_imports_import'),
        ),
        migrations.AddConstraint(
            model_name='sourcerow',
            constraint=accounts.tenancy.SameProvider(column='read_in_id', name='same_provider_imports_sourcerow_read_in_id', parent='imports_import'),
        ),
        migrations.AddConstraint(
            model_name='sourcerow',
            constraint=accounts.tenancy.SameProvider(column='client_id', name='same_provider_imports_sourcerow_client_id', parent='retainers_client'),
        ),
    ]
