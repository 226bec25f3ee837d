"""The room ``exchange`` as a Django application."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """See the package's docstring."""

    name = "tejido.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"
