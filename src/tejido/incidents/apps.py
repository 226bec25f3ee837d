"""The room ``incidents`` as a Django application."""

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    """See the package's docstring."""

    name = "tejido.incidents"
    label = "incidents"
    default_auto_field = "django.db.models.BigAutoField"
