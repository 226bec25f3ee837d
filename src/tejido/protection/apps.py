"""The room ``protection`` as a Django application."""

from django.apps import AppConfig


class ProtectionConfig(AppConfig):
    """See the package's docstring."""

    name = "tejido.protection"
    label = "protection"
    default_auto_field = "django.db.models.BigAutoField"
