"""What members do about readings: choose how they are reckoned."""

from __future__ import annotations

from tejido.domain.errors import Conflict
from tejido.readings.model_settings import DEFAULTS, Chosen
from tejido.readings.models import ChosenSettings
from tejido.readings.settings import kept_settings
from tejido.vault.journal import By, writing
from tejido.vault.records import change, create


def set_readings(*, by: By, chosen: Chosen, revision: int | None = None) -> ChosenSettings:
    """Choose how the readings of the circle are reckoned from now on; what differs from the defaults is kept.

    Raises ``Conflict`` when somebody chose since ``revision`` was shown, ``Refused`` for whoever may not.
    """
    with writing(by=by, action="readings.set") as entry:
        told = chosen.told()
        entry.notes["settings"] = sorted(told)
        known = kept_settings(by.circle_id)
        if revision is not None and revision != (known.revision if known else 0):
            raise Conflict
        if known is None:
            record = create(ChosenSettings(circle_id=by.circle_id, chosen=told), entry)
        else:
            record = change(known, entry, chosen=told)
        entry.about("readings.chosensettings", record.pk)
    return record


def set_readings_back(*, by: By) -> ChosenSettings:
    """Reckon by the defaults again."""
    return set_readings(by=by, chosen=DEFAULTS)
