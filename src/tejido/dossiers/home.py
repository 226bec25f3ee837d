"""Today: what was recorded, whom it touches, whether something gathers, what is overdue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tejido.domain.dates import ImpreciseDate
from tejido.dossiers.bringing import brought_lately
from tejido.dossiers.lines import lines_of, named, named_actors
from tejido.dossiers.pages import Asks, GatheringPart, HomePage, Named
from tejido.dossiers.pictures import bars_of
from tejido.dossiers.ways import way
from tejido.fabric.kinds import COLLECTIVES, PEOPLE
from tejido.protection.following.late import late_page
from tejido.protection.following.pages import LateLine, LatePage
from tejido.readings.frames import frames
from tejido.readings.gathering import Gathering, collectives_struck, gathering
from tejido.readings.latest import recorded_lately
from tejido.readings.naming import Called, called
from tejido.web.wording import WORDS

MOST_ASKS = 6
#: In so many incidents, the latest to happen, those most touched are sought.
LATEST = 200
MOST_TOUCHED = 3


def home_page(*, today: date, now: datetime) -> HomePage:
    """Compose the page."""
    held = frames()
    recorded = recorded_lately(now)
    ids = recorded.newest or tuple(UUID(incident) for _week, incident in reversed(held.dated[-6:]))
    latest = tuple(UUID(incident) for _week, incident in held.dated[-LATEST:])
    struck = collectives_struck(dict.fromkeys((*latest, *ids)))
    most = _most(struck[one] for one in latest if one in struck)
    gathered = gathering(today)
    beside = {one for incident in ids for one in sorted(struck.get(incident, ()))[:MOST_TOUCHED]}
    people = called([*(one for one, _ in most), *beside, *(row.collective for row in gathered.rows)], WORDS)
    brought = brought_lately(now)
    rows = lines_of(ids, {one: _named(struck.get(one, set()), people) for one in ids})
    late = late_page(today)
    return HomePage(
        today=date_format(today, _("l, j F")),
        actors=len(held.kinds),
        collectives=held.number_of(COLLECTIVES),
        people=held.number_of(PEOPLE),
        incidents=len(held.cases),
        recorded=max(0, recorded.many - brought.many),
        brought=brought.many,
        brought_years=(brought.first, brought.last),
        rows=rows,
        rows_are_recorded=bool(recorded.newest),
        newest=max((row.when for row in rows if row.when), default=None),
        looked_through=len(latest),
        whom=tuple(named(people[str(one)], many) for one, many in most if str(one) in people),
        individuals=() if most else _victims(ids),
        late=late.total,
        asks=tuple(map(_asks, _gravest(late))),
        loose=tuple((one.title, one.many) for one in late.sections if one.many),
        all_late=way("protection:late"),
        gathering=_gathering(gathered, people),
        record=way("incidents:record"),
        new_actor=way("fabric:actor_new"),
        imports=way("exchange:imports"),
    )


def _named(found: set[UUID], people: dict[str, Called]) -> list[Named]:
    known = (named(people[str(one)]) for one in found if str(one) in people)
    return sorted(known, key=lambda one: one.name)[:MOST_TOUCHED]


def _most(struck: Iterable[set[UUID]]) -> list[tuple[UUID, int]]:
    """Return the collectives that most incidents touched, in themselves or in those who belong to them."""
    counts = Counter(one for found in struck for one in found)
    return sorted(counts.items(), key=lambda pair: (-pair[1], str(pair[0])))[:MOST_TOUCHED]


def _victims(ids: tuple[UUID, ...]) -> tuple[Named, ...]:
    """Where no collective is known to be struck: the individuals."""
    held = frames()
    counts = Counter(UUID(victim) for one in ids for victim in held.cases[str(one)].victims)
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


def _gravest(late: LatePage) -> list[LateLine]:
    """Return what is late before what only asks, and of both no more than the page has room for."""
    lines = [line for section in late.sections for line in section.lines]
    return sorted(lines, key=lambda one: one.level != "late")[:MOST_ASKS]


def _asks(late: LateLine) -> Asks:
    subject = f"{late.subject}: " if late.subject else ""
    return Asks(late.level, subject + late.sentence, late.address, late.group, late.way_out)
