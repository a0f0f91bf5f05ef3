"""The table in which attempts to sign in are counted: made after every migration."""

from django.apps import AppConfig, apps
from django.core.management import call_command
from django.db.models.signals import post_migrate


class HourtabConfig(AppConfig):
    name = "hourtab"

    def ready(self) -> None:
        """The signal is sent for apps with models only, which this one is not."""
        accounts = apps.get_app_config("accounts")
        post_migrate.connect(make_cache_table, sender=accounts, dispatch_uid="hourtab-cache")


def make_cache_table(sender: AppConfig, using: str = "default", **kwargs: object) -> None:
    """The sign-in's rate limits are counted in the database, so that every worker counts alike."""
    call_command("createcachetable", database=using, verbosity=0)
