"""The room ``web`` as a Django application."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """See the package's docstring."""

    name = "tejido.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"
