"""What was recorded lately is followed line by line, and equals what the store says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tejido.incidents.actions import change_incident, record_incident, remove_incident
from tejido.readings import latest
from tejido.readings.latest import Recorded, recorded_lately


def _both() -> Recorded:
    now = datetime.now(UTC) + timedelta(minutes=1)
    followed = recorded_lately(now)
    latest._held.clear()
    assert recorded_lately(now) == followed
    return followed


def test_what_was_recorded_lately_is_followed(at_work: Any) -> None:
    assert _both() == Recorded(0, ())
    first, second = (record_incident(by=at_work, title=title) for title in ("Uno", "Dos"))
    assert (_both().many, recorded_lately(datetime.now(UTC)).newest) == (2, (second.pk, first.pk))
    change_incident(
        by=at_work, incident=first.pk, revision=first.revision, title="Otro", when=None, summary="", territory=None,
        verification="unverified",
    )  # fmt: skip
    assert _both().many == 2
    third = record_incident(by=at_work, title="Tres")
    assert recorded_lately(datetime.now(UTC)).many == 3
    remove_incident(by=at_work, incident=second.pk)
    assert _both().newest == (third.pk, first.pk)
