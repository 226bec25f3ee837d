"""What happened to an actor and to those tied to it, each incident once, with the reason why it stands there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from tejido.domain.affectation import Path, Weave, path_sentence, tied_how, touching
from tejido.domain.dates import ImpreciseDate
from tejido.domain.words import ENGLISH, Words
from tejido.incidents.models import Incident
from tejido.readings.frames import Case, frames
from tejido.readings.naming import called, spoken_of
from tejido.readings.struck import span_of_case
from tejido.readings.weaving import Woven, woven_around
from tejido.readings.weeks import Span
from tejido.web.paging import Page

REACH: Final = 2
#: The most actors tied to it whose incidents are sought, the strongest tied first; the most incidents of each side.
MOST_TIED: Final = 600
MOST_INCIDENTS: Final = 2000
#: For how many different weeks ties are asked anew whether they held.
_MOST_WEEKS: Final = 40


@dataclass(frozen=True, slots=True)
class AroundRow:
    """One incident: ``own`` when it was against the actor itself; ``why`` says how it concerns it."""

    incident: UUID
    title: str
    when: ImpreciseDate | None
    own: bool
    why: str


@dataclass(frozen=True, slots=True)
class Around:
    """Incidents against an actor (``own``) and against those tied to it (``near``), newest first.

    ``spans`` are the first and last day of each, by the week, for a timeline; incidents without a date are
    counted and not in it. ``cut`` says that there are more than were looked through.
    """

    page: Page[AroundRow]
    own: int
    near: int
    spans: tuple[tuple[date, date, bool], ...]
    ids: tuple[UUID, ...]
    woven: Woven
    cut: bool


@dataclass(frozen=True, slots=True)
class _Told:
    """An incident before anything of it is opened; ``path`` leads from who was struck, none when it was the actor."""

    incident: UUID
    week: int
    span: Span | None
    path: Path | None


def happened_around(
    actor_id: UUID,
    *,
    today: date,
    lang: str = "en",
    words: Words = ENGLISH,
    own_only: bool = False,
    limit: int = 10,
    after: UUID | None = None,
    before: UUID | None = None,
) -> Around:
    """Return the incidents around an actor, ``limit`` to a page, after or before a given incident."""
    woven = Woven((), False) if own_only else woven_around([actor_id], reach=REACH)
    own, more_own = _against([actor_id])
    cases = {incident: _told(case, None) for incident, case in own.items()}
    more_near = False
    if not own_only:
        near, more_near = _near(actor_id, woven, known=cases)
        cases.update(near)
    ordered = sorted(cases.values(), key=lambda case: (-case.week, str(case.incident)))
    return Around(
        page=_page(ordered, lang, words, limit, after, before),
        own=len(own),
        near=len(cases) - len(own),
        spans=tuple((*case.span, case.path is None) for case in ordered if case.span is not None),
        ids=tuple(case.incident for case in ordered),
        woven=woven,
        cut=woven.cut or more_own or more_near,
    )


def _against(actors: Iterable[UUID]) -> tuple[dict[UUID, Case], bool]:
    held, found = frames(), dict[UUID, Case]()
    for actor in actors:
        for _, incident in reversed(held.against.get(actor, [])):
            found[incident] = held.cases[incident]
            if len(found) > MOST_INCIDENTS:
                found.pop(incident)
                return found, True
    return found, False


def _told(case: Case, path: Path | None) -> _Told:
    return _Told(case.incident, case.week, span_of_case(case), path)


def _near(actor: UUID, woven: Woven, *, known: Mapping[UUID, _Told]) -> tuple[dict[UUID, _Told], bool]:
    """Return the incidents against those tied to ``actor`` at the time, each with its strongest reason."""
    weave = woven.weave()
    paths = touching(str(actor), ties=weave, reach=REACH)
    strongest = sorted(paths, key=lambda other: (-paths[other].strength, other))
    cases, more = _against(UUID(other) for other in strongest[:MOST_TIED])
    struck = {victim for case in cases.values() for victim in map(str, case.victims) if victim in paths}
    held = _Held(str(actor), woven, weave, paths, struck)
    found: dict[UUID, _Told] = {}
    for incident, case in cases.items():
        path = None if incident in known else held.strongest(case.victims, span_of_case(case))
        if path is not None:
            found[incident] = _told(case, path)
    return found, more or len(strongest) > MOST_TIED


class _Held:
    """Finds the strongest chain that held at the time, asking the rule anew only where the usual one did not."""

    def __init__(
        self, actor: str, woven: Woven, weave: Weave, paths: Mapping[str, Path], struck: Collection[str]
    ) -> None:
        self._actor, self._weave, self._paths, self._struck = actor, weave, paths, struck
        self._dated = {fact.tie: fact for fact in woven.facts if fact.held != (None, None)}
        self._then: dict[date, Mapping[str, Path]] = {}

    def strongest(self, victims: Iterable[UUID], span: Span | None) -> Path | None:
        usual = self._best(self._paths, victims)
        if usual is None or span is None or self._stood(usual, span):
            return usual
        day = span[0]
        if day not in self._then and len(self._then) < _MOST_WEEKS:
            self._then[day] = touching(self._actor, ties=self._weave, reach=REACH, on=day, among=self._struck)
        return self._best(self._then.get(day, {}), victims)

    def _best(self, paths: Mapping[str, Path], victims: Iterable[UUID]) -> Path | None:
        chains = [(-paths[one].strength, one) for one in map(str, victims) if one in paths]
        return paths[min(chains)[1]] if chains else None

    def _stood(self, path: Path, span: Span) -> bool:
        dated = (self._dated[hop.tie] for hop in path.hops if hop.tie in self._dated)
        return all(tie.held_during(*span) for tie in dated)


def _page(
    ordered: Sequence[_Told], lang: str, words: Words, limit: int, after: UUID | None, before: UUID | None
) -> Page[AroundRow]:
    places = {case.incident: place for place, case in enumerate(ordered)}
    start = 0
    if after in places:
        start = places[after] + 1
    elif before in places:
        start = max(0, places[before] - limit)
    shown = ordered[start : start + limit]
    more = start + limit < len(ordered)
    return Page(
        rows=_rows(shown, lang, words),
        after=shown[-1].incident if shown and more else None,
        before=shown[0].incident if shown and start else None,
    )


def _rows(shown: Sequence[_Told], lang: str, words: Words) -> tuple[AroundRow, ...]:
    columns = ("id", "circle_id", "revision", "title", "when")
    records = Incident.objects.only(*columns).in_bulk([case.incident for case in shown])
    people = called(spoken_of(case.path for case in shown if case.path), words)
    names = {actor: one.name for actor, one in people.items()}
    kinds = {actor: one.kind for actor, one in people.items()}
    itself = path_sentence(Path("victim", 1.0), names=names, kinds=kinds, words=words, lang=lang)
    return tuple(
        AroundRow(
            incident=case.incident,
            title=records[case.incident].title,
            when=records[case.incident].when,
            own=case.path is None,
            why=tied_how(case.path, names=names, kinds=kinds, words=words) if case.path else itself,
        )
        for case in shown
        if case.incident in records
    )
