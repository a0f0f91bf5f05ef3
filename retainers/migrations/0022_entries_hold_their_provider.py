import accounts.tenancy
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('retainers', '0021_entries_by_day'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='client',
            constraint=accounts.tenancy.ProviderKey(name='one_provider_retainers_client'),
        ),
        migrations.AddConstraint(
            model_name='publication',
            constraint=accounts.tenancy.ProviderKey(name='one_provider_retainers_publication'),
        ),
        migrations.AddConstraint(
            model_name='retainer',
            constraint=accounts.tenancy.ProviderKey(name='one_provider_retainers_retainer'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=accounts.tenancy.SameProvider(column='retainer_id', name='same_provider_retainers_entry_retainer_id', parent='retainers_retainer'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=accounts.tenancy.SameProvider(column='added_in_id', name='same_provider_retainers_entry_added_in_id', parent='retainers_publication'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=accounts.tenancy.SameProvider(column='retired_in_id', name='same_provider_retainers_entry_retired_in_id', parent='retainers_publication'),
        ),
    ]
