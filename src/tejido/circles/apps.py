"""The room ``circles`` as a Django application."""

from django.apps import AppConfig


class CirclesConfig(AppConfig):
    """See the package's docstring."""

    name = "tejido.circles"
    label = "circles"
    default_auto_field = "django.db.models.BigAutoField"
