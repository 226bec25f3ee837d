"""The room ``readings`` as a Django application."""

from django.apps import AppConfig


class ReadingsConfig(AppConfig):
    """See the package's docstring."""

    name = "tejido.readings"
    label = "readings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let the list of incidents count from what is held here."""
        from tejido.incidents.counts import count_totals_by
        from tejido.readings.suffered import totals_held

        count_totals_by(totals_held)
