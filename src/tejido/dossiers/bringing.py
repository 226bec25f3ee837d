"""What lists brought in lately: how many incidents, and the years in which they happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, Min

from tejido.domain.dates import iso_week
from tejido.incidents.models import Incident
from tejido.readings.latest import LATELY
from tejido.vault.journal import body_of, last_line
from tejido.vault.keyring import circle_at_work
from tejido.vault.models import JournalEntry

_IMPORTS = ("exchange.import", "exchange.import_export")


@dataclass(frozen=True, slots=True)
class Brought:
    """Incidents that lists brought in the last seven days, with the first and last year of them; 0 if not known."""

    many: int
    first: int = 0
    last: int = 0


_held: dict[UUID, tuple[tuple[tuple[int, bytes], tuple[int, ...]], Brought]] = {}


def brought_lately(now: datetime) -> Brought:
    """Return what imports of the seven days before ``now`` brought and still is here: one query where none was.

    The years are those of the weeks that rest in clear. Kept until something is written: counts only.
    """
    circle = circle_at_work()
    since = now - LATELY
    near = JournalEntry.objects.filter(circle=circle, action__in=_IMPORTS, week__gte=iso_week(since.date()))
    lines = tuple(one.seq for one in near if datetime.fromisoformat(str(body_of(one)["at"])) >= since)
    if not lines:
        return Brought(0)
    mark = (last_line(), lines)
    held = _held.get(circle)
    if held is None or held[0] != mark:
        held = _held[circle] = (mark, _counted(circle, lines))
    return held[1]


def _counted(circle: UUID, lines: tuple[int, ...]) -> Brought:
    told = Incident.objects.filter(circle_id=circle, born__in=lines).aggregate(
        many=Count("id"), first=Min("week_from"), last=Max("week_to")
    )
    return Brought(told["many"], (told["first"] or 0) // 100, (told["last"] or 0) // 100)
