"""What has to be in place before HourTab serves: guards, policies and statistics follow every migration."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class AccountsConfig(AppConfig):
    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import row_policies
        from accounts.database import learn
        from accounts.guards import install, lift
        from accounts.watching import watch

        pre_migrate.connect(lift, dispatch_uid="hourtab-guards-lifted")
        post_migrate.connect(install, dispatch_uid="hourtab-guards")
        post_migrate.connect(row_policies.install, dispatch_uid="hourtab-row-policies")
        post_migrate.connect(learn, sender=self, dispatch_uid="hourtab-statistics")
        watch()
