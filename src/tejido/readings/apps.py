"""The room ``readings`` as a Django application."""

from django.apps import AppConfig


class ReadingsConfig(AppConfig):
    """See the package's docstring."""

    name = "tejido.readings"
    label = "readings"
    default_auto_field = "django.db.models.BigAutoField"
