"""Up to which writing a reading reaches: what it is kept under, and by which it is known to be old."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Max

from tejido.readings.clear_rows import of_circle
from tejido.vault.journal import last_line
from tejido.vault.keyring import FILE_KEY
from tejido.vault.models import Removal, SealedRecord

Stand = tuple[int, ...]
_Models = tuple[type[SealedRecord], ...]

#: Every write has its line in the journal: while that is the last one, nothing is asked again.
_known: dict[tuple[UUID, _Models], tuple[tuple[int, bytes], Stand]] = {}
FILE_KEY.when_dropped(_known.clear)


def stand_of(circle: UUID, *models: type[SealedRecord]) -> Stand:
    """Return the journal's number of the last writing to each of ``models`` in a circle, and of the last removal."""
    line = last_line()
    known = _known.get((circle, models))
    if known is None or known[0] != line:
        gone = Removal.objects.aggregate(last=Max("stamp"))["last"]
        known = _known[circle, models] = (line, (*(_newest(model, circle) for model in models), gone or 0))
    return known[1]


def _newest(model: type[SealedRecord], circle: UUID) -> int:
    # It begins at the newest row of the table and is done at the first that is the circle's: nearly always at once.
    rows = of_circle(model, circle)
    return rows.order_by("-stamp").values_list("stamp", flat=True).first() or 0
