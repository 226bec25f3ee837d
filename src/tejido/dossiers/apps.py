"""The room ``dossiers`` as a Django application."""

from django.apps import AppConfig


class DossiersConfig(AppConfig):
    """See the package's docstring."""

    name = "tejido.dossiers"
    label = "dossiers"
    default_auto_field = "django.db.models.BigAutoField"
