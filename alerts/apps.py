"""What of alerts the desk lists as waiting."""

from django.apps import AppConfig


class AlertsConfig(AppConfig):
    name = "alerts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """What waits is a list of the desk's; what of it is known here alone is added to it."""
        from alerts.hooks.failing import dead_webhooks
        from desk.waiting import MORE_SOURCES

        MORE_SOURCES.append(dead_webhooks)
