"""What the circle at work chose about its readings."""

from __future__ import annotations

from tejido.readings.model_settings import DEFAULTS, Chosen


def chosen_settings() -> Chosen:
    """Return what was chosen; the defaults where nothing was."""
    return DEFAULTS
