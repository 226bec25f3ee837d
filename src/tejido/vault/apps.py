"""The vault as a Django application."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    """Keys, sealed fields, sessions and the journal."""

    name = "tejido.vault"
    label = "vault"
    default_auto_field = "django.db.models.BigAutoField"
