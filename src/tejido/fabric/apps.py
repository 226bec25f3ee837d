"""The room ``fabric`` as a Django application."""

from django.apps import AppConfig


class FabricConfig(AppConfig):
    """See the package's docstring."""

    name = "tejido.fabric"
    label = "fabric"
    default_auto_field = "django.db.models.BigAutoField"
