"""What the circle at work chose about its readings."""

from __future__ import annotations

from uuid import UUID

from tejido.readings.model_settings import DEFAULTS, Chosen, chosen_from
from tejido.readings.models import ChosenSettings
from tejido.vault.journal import last_line
from tejido.vault.keyring import FILE_KEY, circle_at_work

_held: dict[UUID, tuple[tuple[int, bytes], Chosen]] = {}
FILE_KEY.when_dropped(_held.clear)


def chosen_settings() -> Chosen:
    """Return what was chosen; the defaults where nothing was. Asked of the store once after each write."""
    circle, line = circle_at_work(), last_line()
    held = _held.get(circle)
    if held is None or held[0] != line:
        record = kept_settings(circle)
        held = _held[circle] = (line, chosen_from(record.chosen) if record else DEFAULTS)
    return held[1]


def kept_settings(circle: UUID) -> ChosenSettings | None:
    """Return the record of what was chosen; None where nothing ever was."""
    return ChosenSettings.objects.filter(pk=circle, circle_id=circle).first()
