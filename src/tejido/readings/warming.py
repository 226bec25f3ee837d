"""What is read ahead when a workspace is opened or a list was brought in: see ``tejido.circles.warming``."""

from __future__ import annotations

from tejido.fabric.catalogue import ACTORS, TERRITORIES
from tejido.incidents.catalogue import INCIDENTS
from tejido.incidents.counts import totals
from tejido.protection.catalogue import ALERTS, OWN_MODULES, PLANS, SESSIONS
from tejido.readings.frames import frames
from tejido.readings.territories import known_territories
from tejido.vault.catalogue import Progress, catalogue


def read_ahead() -> None:
    """Hold what the readings of the circle at work are reckoned from."""
    frames()
    known_territories()


def catch_up_lists(progress: Progress | None = None) -> None:
    """Bring what lists and searches read up to date with the store; ``progress`` is told records done and in all."""
    for noun in (TERRITORIES, ACTORS, INCIDENTS, PLANS, SESSIONS, OWN_MODULES, ALERTS):
        catalogue().catch_up([noun], progress=progress)
    totals()
