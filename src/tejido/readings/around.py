"""What happened to an actor and to those tied to it, each incident once, with the reason why it stands there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from tejido.domain.affectation import Path, Weave, path_sentence, tied_how, touching
from tejido.domain.dates import ImpreciseDate
from tejido.domain.ties import TieFact
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
#: The most incidents named by id, the newest.
MOST_IDS: Final = 500


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
    counted and not in it. ``ids`` are the newest ``MOST_IDS``. ``cut`` says that there are more than were looked
    through.
    """

    page: Page[AroundRow]
    own: int
    near: int
    spans: tuple[tuple[date, date, bool], ...]
    ids: tuple[UUID, ...]
    woven: Woven
    cut: bool


class _Told(NamedTuple):
    """An incident before anything of it is opened; ``path`` leads from who was struck, none when it was the actor."""

    incident: str
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
    actor = str(actor_id)
    own, more_own = _against([actor])
    cases = {incident: _told(case, None) for incident, case in own.items()}
    more_near = False
    if not own_only:
        near, more_near = _near(actor, woven, known=cases)
        cases.update(near)
    ordered = sorted(cases.values(), key=lambda case: (-case.week, case.incident))
    return Around(
        page=_page(ordered, lang, words, limit, after, before),
        own=len(own),
        near=len(cases) - len(own),
        spans=tuple((*case.span, case.path is None) for case in ordered if case.span is not None),
        ids=tuple(UUID(case.incident) for case in ordered[:MOST_IDS]),
        woven=woven,
        cut=woven.cut or more_own or more_near,
    )


def _against(actors: Iterable[str]) -> tuple[dict[str, Case], bool]:
    held, found = frames(), dict[str, Case]()
    for actor in actors:
        for _, incident in reversed(held.against.get(actor, [])):
            found[incident] = held.cases[incident]
            if len(found) > MOST_INCIDENTS:
                found.pop(incident)
                return found, True
    return found, False


def _told(case: Case, path: Path | None) -> _Told:
    return _Told(case.incident, case.week, span_of_case(case), path)


def _near(actor: str, woven: Woven, *, known: Mapping[str, _Told]) -> tuple[dict[str, _Told], bool]:
    """Return the incidents against those tied to ``actor`` at the time, each with its strongest reason."""
    paths = touching(actor, ties=woven.weave(), reach=REACH)
    strongest = sorted(paths, key=lambda other: (-paths[other].strength, other))
    cases, more = _against(strongest[:MOST_TIED])
    held = _Held(actor, woven, paths, strongest)
    found: dict[str, _Told] = {}
    for incident, case in cases.items():
        if incident not in known:
            span = span_of_case(case)
            path = held.strongest(case.victims, span)
            if path is not None:
                found[incident] = _Told(incident, case.week, span, path)
    return found, more or len(strongest) > MOST_TIED


class _Held:
    """Finds the strongest chain that held at the time, asking the rule anew only where the usual one did not.

    Anew it is asked over the ties that a chain from one victim can run over: a victim's own and the actor's.
    """

    def __init__(self, actor: str, woven: Woven, paths: Mapping[str, Path], strongest: Sequence[str]) -> None:
        self._actor, self._paths = actor, paths
        self._ranks = {other: rank for rank, other in enumerate(strongest)}
        self._strongest = strongest
        self._dated = {fact.tie: fact for fact in woven.facts if fact.held != (None, None)}
        self._ties: defaultdict[str, list[TieFact]] = defaultdict(list)
        for fact in woven.facts:
            self._ties[fact.frm].append(fact)
            self._ties[fact.to].append(fact)
        self._weaves: dict[str, Weave] = {}
        self._then: dict[tuple[str, date], Path | None] = {}

    def strongest(self, victims: Collection[str], span: Span | None) -> Path | None:
        """Return the chain by which an incident of ``span`` against ``victims`` concerns the actor, if any does."""
        ranks = [self._ranks[one] for one in victims if one in self._ranks]
        if not ranks:
            return None
        usual = self._paths[self._strongest[min(ranks)]]
        if span is None or self._stood(usual, span):
            return usual
        then = [(one, self._path_then(one, span[0])) for one in victims if one in self._ranks]
        chains = [(-path.strength, one, path) for one, path in then if path is not None]
        return min(chains, key=lambda chain: chain[:2])[2] if chains else None

    def _path_then(self, victim: str, day: date) -> Path | None:
        asked = (victim, day)
        if asked not in self._then:
            found = touching(self._actor, ties=self._weave(victim), reach=REACH, on=day, among=(victim,))
            self._then[asked] = found.get(victim)
        return self._then[asked]

    def _weave(self, victim: str) -> Weave:
        """Return the ties over which chains of at most two ties run between a victim and the actor."""
        if victim not in self._weaves:
            theirs = self._ties[victim]
            between = {fact.frm if fact.to == victim else fact.to for fact in theirs}
            ours = [fact for fact in self._ties[self._actor] if fact.frm in between or fact.to in between]
            ends = {end for fact in ours for end in (fact.frm, fact.to)} | {self._actor}
            kept = [fact for fact in theirs if fact.frm in ends or fact.to in ends]
            self._weaves[victim] = Weave({fact.tie: fact for fact in (*ours, *kept)}.values())
        return self._weaves[victim]

    def _stood(self, path: Path, span: Span) -> bool:
        return all(hop.tie not in self._dated or self._dated[hop.tie].held_during(*span) for hop in path.hops)


def _page(
    ordered: Sequence[_Told], lang: str, words: Words, limit: int, after: UUID | None, before: UUID | None
) -> Page[AroundRow]:
    places = {case.incident: place for place, case in enumerate(ordered)} if after or before else {}
    start = 0
    if str(after) in places:
        start = places[str(after)] + 1
    elif str(before) in places:
        start = max(0, places[str(before)] - limit)
    shown = [(UUID(case.incident), case.path) for case in ordered[start : start + limit]]
    more = start + limit < len(ordered)
    return Page(
        rows=_rows(shown, lang, words),
        after=shown[-1][0] if shown and more else None,
        before=shown[0][0] if shown and start else None,
    )


def _rows(shown: Sequence[tuple[UUID, Path | None]], lang: str, words: Words) -> tuple[AroundRow, ...]:
    columns = ("id", "circle_id", "revision", "title", "when")
    records = Incident.objects.only(*columns).in_bulk([incident for incident, _ in shown])
    people = called(spoken_of(path for _, path in shown if path), words)
    names = {actor: one.name for actor, one in people.items()}
    kinds = {actor: one.kind for actor, one in people.items()}
    itself = path_sentence(Path("victim", 1.0), names=names, kinds=kinds, words=words, lang=lang)
    return tuple(
        AroundRow(
            incident=incident,
            title=records[incident].title,
            when=records[incident].when,
            own=path is None,
            why=tied_how(path, names=names, kinds=kinds, words=words) if path else itself,
        )
        for incident, path in shown
        if incident in records
    )
