"""Today: what was recorded, whom it touches, whether something gathers, what is overdue."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tejido.domain.dates import ImpreciseDate
from tejido.dossiers.lines import lines_of, named, named_actors
from tejido.dossiers.pages import Asks, GatheringPart, HomePage, Named
from tejido.dossiers.pictures import bars_of
from tejido.dossiers.ways import way
from tejido.protection.queries import Late, overdue
from tejido.readings.frames import frames
from tejido.readings.gathering import Gathering, collectives_struck, gathering
from tejido.readings.latest import recorded_lately
from tejido.readings.naming import Called, called
from tejido.web.wording import WORDS, page_language

MOST_ASKS = 6


def home_page(*, today: date, now: datetime) -> HomePage:
    """Compose the page."""
    held = frames()
    recorded = recorded_lately(now)
    ids = recorded.newest or tuple(incident for _week, incident in reversed(held.dated[-6:]))
    struck = collectives_struck(ids)
    counts = Counter(one for found in struck.values() for one in found)
    gathered = gathering(today)
    people = called([*counts, *(row.collective for row in gathered.rows)], WORDS)
    rows = lines_of(ids, {one: _named(found, people) for one, found in struck.items()})
    late = overdue(today)
    return HomePage(
        today=date_format(today, _("l, j F")),
        actors=len(held.kinds),
        incidents=len(held.cases),
        recorded=recorded.many,
        rows=rows,
        rows_are_recorded=bool(recorded.newest),
        newest=max((row.when for row in rows if row.when), default=None),
        whom=_most(counts, people) or _victims(ids),
        late=len(late),
        asks=tuple(map(_asks, sorted(late, key=lambda one: one.finding.level != "late")[:MOST_ASKS])),
        gathering=_gathering(gathered, people),
        record=way("incidents:record"),
        new_actor=way("fabric:actor_new"),
        imports=way("exchange:imports"),
    )


def _named(found: set[UUID], people: dict[str, Called]) -> list[Named]:
    return sorted((named(people[str(one)]) for one in found if str(one) in people), key=lambda one: one.name)[:3]


def _most(counts: Counter[UUID], people: dict[str, Called]) -> tuple[Named, ...]:
    return tuple(named(people[str(one)], many) for one, many in counts.most_common(3) if str(one) in people)


def _victims(ids: tuple[UUID, ...]) -> tuple[Named, ...]:
    """Where no collective is known to be struck: the individuals."""
    held = frames()
    counts = Counter(victim for one in ids for victim in held.cases[one].victims)
    return named_actors(counts.most_common(3))


def _gathering(found: Gathering, people: dict[str, Called]) -> GatheringPart | None:
    pairs = [(named(people[str(row.collective)]), row) for row in found.rows if str(row.collective) in people]
    if not pairs or found.newest is None:
        return None
    return GatheringPart(
        drawing=bars_of(pairs, title=_("Incidents by collective, last 90 days")),
        more=tuple(one for one, row in pairs if row.more_than_usual),
        newest=ImpreciseDate.day(found.newest),
        cut=found.cut,
    )


def _asks(late: Late) -> Asks:
    whose = late.collective.usual_name
    subject = f"{late.subject}: " if late.subject else ""
    return Asks(
        level=late.finding.level,
        sentence=subject + late.finding.sentence(WORDS, page_language()),
        href=way("protection:plan", late.plan),
        whose=whose,
        reason=late.finding.help(WORDS),
    )
