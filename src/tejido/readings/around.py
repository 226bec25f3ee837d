"""What happened to an actor and to those tied to it, each incident once, with the reason why it stands there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from tejido.domain.affectation import Path, Weave, chained, path_sentence, tied_how
from tejido.domain.dates import ImpreciseDate
from tejido.domain.ties import Chain
from tejido.domain.words import ENGLISH, Words
from tejido.incidents.models import Incident
from tejido.readings.frames import Case, frames
from tejido.readings.naming import called, spoken_of
from tejido.readings.struck import span_of_case
from tejido.readings.weaving import Woven, woven_around
from tejido.readings.weeks import Span
from tejido.readings.weights import weights_now
from tejido.web.paging import Page

#: Of ``short_chains`` as well, which know no longer ones.
REACH: Final = 2
#: The most actors tied to it whose incidents are sought, the strongest tied first; the most incidents of each side.
MOST_TIED: Final = 600
MOST_INCIDENTS: Final = 2000
#: The most incidents named by id, the newest.
MOST_IDS: Final = 101


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
    """An incident before anything of it is opened; ``chain`` leads from who was struck, none when it was the actor."""

    incident: str
    week: int
    span: Span | None
    chain: Chain | None


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
        spans=tuple((*case.span, case.chain is None) for case in ordered if case.span is not None),
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


def _told(case: Case, chain: Chain | None) -> _Told:
    return _Told(case.incident, case.week, span_of_case(case), chain)


def _near(actor: str, woven: Woven, *, known: Mapping[str, _Told]) -> tuple[dict[str, _Told], bool]:
    """Return the incidents against those tied to ``actor`` at the time, each with its strongest reason."""
    weave = woven.weave(weights_now())
    chains = chained(actor, ties=weave, reach=REACH)
    strongest = sorted(chains, key=lambda other: (-chains[other].strength, other))
    cases, more = _against(strongest[:MOST_TIED])
    held = _Held(actor, weave, chains)
    found: dict[str, _Told] = {}
    for incident, case in cases.items():
        if incident not in known:
            span = span_of_case(case)
            chain = held.strongest(case.victims, span)
            if chain is not None:
                found[incident] = _Told(incident, case.week, span, chain)
    return found, more or len(strongest) > MOST_TIED


class _Held:
    """Finds the strongest chain that held at the time: the usual one, or the next that did."""

    def __init__(self, actor: str, weave: Weave, usual: Mapping[str, Chain]) -> None:
        self._actor, self._weave, self._usual = actor, weave, usual
        self._chains: dict[str, list[Chain]] = {}

    def strongest(self, victims: Collection[str], span: Span | None) -> Chain | None:
        """Return the chain by which an incident of ``span`` against ``victims`` concerns the actor, if any does."""
        best: tuple[float, str] | None = None
        found: Chain | None = None
        for victim in victims:
            usual = self._usual.get(victim)
            if usual is None or (best is not None and (-usual.strength, victim) >= best):
                continue
            chain = usual if span is None or usual.held_during(*span) else self._next(victim, span)
            if chain is not None and (best is None or (-chain.strength, victim) < best):
                best, found = (-chain.strength, victim), chain
        return found

    def _next(self, victim: str, span: Span) -> Chain | None:
        if victim not in self._chains:
            self._chains[victim] = self._weave.short_chains(victim, self._actor)
        return next((one for one in self._chains[victim] if one.held_during(*span)), None)


def _page(
    ordered: Sequence[_Told], lang: str, words: Words, limit: int, after: UUID | None, before: UUID | None
) -> Page[AroundRow]:
    places = {case.incident: place for place, case in enumerate(ordered)} if after or before else {}
    start = 0
    if str(after) in places:
        start = places[str(after)] + 1
    elif str(before) in places:
        start = max(0, places[str(before)] - limit)
    shown = [(UUID(case.incident), case.chain) for case in ordered[start : start + limit]]
    more = start + limit < len(ordered)
    return Page(
        rows=_rows(shown, lang, words),
        after=shown[-1][0] if shown and more else None,
        before=shown[0][0] if shown and start else None,
    )


def _rows(chosen: Sequence[tuple[UUID, Chain | None]], lang: str, words: Words) -> tuple[AroundRow, ...]:
    shown = [(one, Path("tie", chain.strength, chain.hops) if chain else None) for one, chain in chosen]
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
