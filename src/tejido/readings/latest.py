"""What was recorded lately: by the journal's own time, not by when it happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Count

from tejido.domain.dates import iso_week
from tejido.incidents.models import Incident
from tejido.readings.clear_rows import of_circle
from tejido.vault.journal import body_of, last_line
from tejido.vault.keyring import FILE_KEY, circle_at_work
from tejido.vault.models import JournalEntry, Removal

LATELY: Final = timedelta(days=7)
#: The most journal lines whose time is opened, the newest first; above so many incidents of one line none is listed.
MOST_LINES: Final = 200
MOST_LISTED: Final = 500


@dataclass(frozen=True, slots=True)
class Recorded:
    """How many incidents were recorded in the last seven days, and the newest of them (none after a large import)."""

    many: int
    newest: tuple[UUID, ...]


def recorded_lately(now: datetime, *, limit: int = 6) -> Recorded:
    """Return what was recorded in the seven days before ``now``: three queries."""
    here = Incident.objects.filter(circle_id=circle_at_work())
    counts = _counts()
    lines = _written_since(now - LATELY, counts)
    many = sum(counts[line] for line in lines)
    if not 0 < many <= MOST_LISTED:
        return Recorded(many, ())
    newest = here.filter(born__in=lines).order_by("-born", "-week_from", "id")
    return Recorded(many, tuple(newest.values_list("id", flat=True)[:limit]))


_held: dict[UUID, tuple[tuple[int, bytes], dict[int, int]]] = {}
FILE_KEY.when_dropped(_held.clear)


def _counts() -> dict[int, int]:
    """Return how many incidents the newest lines of the journal brought; kept, and what is written is added."""
    circle, line = circle_at_work(), last_line()
    held = _held.get(circle)
    if held is not None and held[0] == line:
        return held[1]
    if held is None or not _only_added(held[0]):
        born = Incident.objects.filter(circle_id=circle).values_list("born").annotate(many=Count("id"))
        counts = dict(born.order_by("-born")[:MOST_LINES])
    else:
        seen = held[0][0]
        new = of_circle(Incident, circle).filter(stamp__gt=seen).values_list("born", flat=True)
        counts = {**held[1], **Counter(seq for seq in new if seq > seen)}
        counts = {seq: counts[seq] for seq in sorted(counts, reverse=True)[:MOST_LINES]}
    _held[circle] = (line, counts)
    return counts


def _only_added(line: tuple[int, bytes]) -> bool:
    """Say whether the store is the one that was read up to a line, and no incident was taken out of it since."""
    seq, digest = line
    gone = Removal.objects.filter(stamp__gt=seq, noun="incidents.incident")
    return seq > 0 and last_line(at=seq)[1] == digest and not gone.exists()


def _written_since(since: datetime, lines: Iterable[int]) -> list[int]:
    """Return which of the journal's lines were written since; only those of the last weeks are opened."""
    near = JournalEntry.objects.filter(seq__in=list(lines), week__gte=iso_week(since.date()))
    return [entry.seq for entry in near if datetime.fromisoformat(str(body_of(entry)["at"])) >= since]
