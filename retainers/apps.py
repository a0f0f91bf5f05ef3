from django.apps import AppConfig


class RetainersConfig(AppConfig):
    name = "retainers"
    default_auto_field = "django.db.models.BigAutoField"
