"""The room ``readings`` as a Django application."""

from django.apps import AppConfig


class ReadingsConfig(AppConfig):
    """See the package's docstring."""

    name = "tejido.readings"
    label = "readings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let the lists count from what is held here."""
        from tejido.fabric.beside import count_struck_by
        from tejido.incidents.counts import Ways, count_by
        from tejido.readings.suffered import counted_held, struck_held, totals_held, touched_held

        count_by(Ways(totals_held, counted_held, touched_held))
        count_struck_by(struck_held)
