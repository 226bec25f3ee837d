"""The clear columns every reading needs, held in memory and brought up to date with each write.

Sealed pages are decrypted one by one, so walking from tie to tie through the file would cost a page more than it may
take. Ids, kinds, certainty and weeks of ties, presences and acts are therefore read once and then follow the journal,
as the catalogue does: no name, no text, no exact date and no place is among them. They are dropped with the file key.
"""

from __future__ import annotations

import threading
from bisect import insort
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final, cast
from uuid import UUID

from django.db.models import QuerySet

from tejido.domain.ties import CERTAINTY_SHARES, TIE_WEIGHTS, Strength, TieFact
from tejido.fabric.models import Actor, Presence, Tie
from tejido.fabric.queries import LIVING
from tejido.incidents.models import Act, Incident, Perpetrator, Victim
from tejido.readings.weeks import held_in
from tejido.vault.journal import last_line
from tejido.vault.keyring import FILE_KEY, current
from tejido.vault.models import Removal
from tejido.vocabularies import vocabulary

#: Ties of these kinds carry something; the others are not held.
CARRYING: Final = tuple(kind for kind, weight in TIE_WEIGHTS.items() if weight.forward or weight.backward)
_RANKS: Final[dict[str, Strength]] = {
    term.code: cast("Strength", int(term.number("rank") or 2)) for term in vocabulary("tie_strengths")
}
#: So many ids are asked for at once; beyond so many changed records everything is read anew.
_AT_ONCE: Final = 5000


@dataclass(frozen=True, slots=True)
class Case:
    """One incident: its weeks (0 unknown), its territory, who was struck, by whom it is said, the kinds of act."""

    incident: UUID
    week: int
    week_to: int
    territory: UUID | None
    victims: frozenset[UUID]
    perpetrators: frozenset[UUID]
    acts: tuple[tuple[str, frozenset[UUID], frozenset[UUID]], ...]


Dated = tuple[int, UUID]


class Frames:
    """What is held of one circle. ``against`` and ``by`` list (week, incident) in rising order."""

    def __init__(self) -> None:
        self.stamp, self.digest, self.generation = 0, b"", FILE_KEY.generation
        self.kinds: dict[UUID, str] = {}
        self.ties: dict[UUID, TieFact] = {}
        self.ties_at: defaultdict[UUID, dict[UUID, UUID]] = defaultdict(dict)
        self.presences: dict[UUID, tuple[UUID, UUID]] = {}
        self.present: defaultdict[UUID, dict[UUID, UUID]] = defaultdict(dict)
        self.cases: dict[UUID, Case] = {}
        self.dated: list[Dated] = []
        self.against: defaultdict[UUID, list[Dated]] = defaultdict(list)
        self.by: defaultdict[UUID, list[Dated]] = defaultdict(list)
        self.within: defaultdict[UUID, dict[UUID, None]] = defaultdict(dict)

    def catch_up(self, circle: UUID, stamp: int) -> None:
        """Take in what was written since ``self.stamp``."""
        fresh = self.stamp == 0
        since = {"circle_id": circle, "stamp__gt": self.stamp}
        if not fresh:
            self._forget_removed()
        actors = Actor.objects.filter(**since).values_list("id", "kind")
        self.kinds.update(actors)
        for row in Tie.objects.filter(**since, kind__in=CARRYING).values_list(*_TIE_COLUMNS):
            self._take_tie(row)
        if not fresh:
            others = Tie.objects.filter(**since).exclude(kind__in=CARRYING).values_list("id", flat=True)
            for tie in others:
                self._forget_tie(tie)
        for presence, actor, place in Presence.objects.filter(**since, kind__in=LIVING).values_list(
            "id", "actor_id", "territory_id"
        ):
            self._forget_presence(presence)
            self.presences[presence] = (place, actor)
            self.present[place][presence] = actor
        self._take_incidents(Incident.objects.filter(**since), fresh)
        self.stamp = stamp

    def _take_tie(self, row: _TieRow) -> None:
        tie, frm, to, kind, strength, certainty, since, until = row
        self._forget_tie(tie)
        known = certainty if certainty in CERTAINTY_SHARES else "unknown"
        held = held_in(since, until)
        self.ties[tie] = TieFact(str(tie), str(frm), str(to), kind, _RANKS.get(strength, 2), known, held)
        self.ties_at[frm][tie] = to
        self.ties_at[to][tie] = frm

    def _take_incidents(self, changed: QuerySet[Incident], fresh: bool) -> None:
        rows = list(changed.values_list("id", "week_from", "week_to", "territory_id"))
        ids = None if fresh else [row[0] for row in rows]
        acts = _acts_of(ids)
        for incident, first, last, place in rows:
            self._forget_incident(incident)
            mine = tuple(acts.get(incident, ()))
            case = Case(
                incident, first or 0, last or first or 0, place,
                frozenset(one for _, victims, _ in mine for one in victims),
                frozenset(one for _, _, authors in mine for one in authors), mine,
            )  # fmt: skip
            self.cases[incident] = case
            self._list(case, ordered=not fresh)
        if fresh:
            self.dated.sort()
            for listed in (*self.against.values(), *self.by.values()):
                listed.sort()

    def _list(self, case: Case, *, ordered: bool) -> None:
        key = (case.week, case.incident)
        if case.territory is not None:
            self.within[case.territory][case.incident] = None
        lists = [
            self.dated,
            *(self.against[one] for one in case.victims),
            *(self.by[one] for one in case.perpetrators),
        ]
        for listed in lists:
            if ordered:
                insort(listed, key)
            else:
                listed.append(key)

    def _forget_removed(self) -> None:
        gone = Removal.objects.filter(stamp__gt=self.stamp).values_list("noun", "record")
        for noun, record in gone:
            if noun == "fabric.tie":
                self._forget_tie(record)
            elif noun == "fabric.presence":
                self._forget_presence(record)
            elif noun == "incidents.incident":
                self._forget_incident(record)
            elif noun == "fabric.actor":
                self._forget_actor(record)

    def _forget_actor(self, actor: UUID) -> None:
        self.kinds.pop(actor, None)
        for tie in list(self.ties_at.get(actor, ())):
            self._forget_tie(tie)
        for presence in [one for one, (_, who) in self.presences.items() if who == actor]:
            self._forget_presence(presence)

    def _forget_tie(self, tie: UUID) -> None:
        fact = self.ties.pop(tie, None)
        if fact is not None:
            self.ties_at[UUID(fact.frm)].pop(tie, None)
            self.ties_at[UUID(fact.to)].pop(tie, None)

    def _forget_presence(self, presence: UUID) -> None:
        known = self.presences.pop(presence, None)
        if known is not None:
            self.present[known[0]].pop(presence, None)

    def _forget_incident(self, incident: UUID) -> None:
        case = self.cases.pop(incident, None)
        if case is None:
            return
        key = (case.week, incident)
        if case.territory is not None:
            self.within[case.territory].pop(incident, None)
        lists = [
            self.dated,
            *(self.against[one] for one in case.victims),
            *(self.by[one] for one in case.perpetrators),
        ]
        for listed in lists:
            listed.remove(key)


_TieRow = tuple[UUID, UUID, UUID, str, str, str, int | None, int | None]
_TIE_COLUMNS = ("id", "from_actor_id", "to_actor_id", "kind", "strength", "certainty", "since_week", "until_week")


def _acts_of(incidents: Collection[UUID] | None) -> dict[UUID, list[tuple[str, frozenset[UUID], frozenset[UUID]]]]:
    """Return the acts of some incidents, or of all: kind, victims, alleged perpetrators."""
    circle = current().circles[0]
    acts = Act.objects.filter(circle_id=circle)
    victims, authors = Victim.objects.filter(circle_id=circle), Perpetrator.objects.filter(circle_id=circle)
    if incidents is not None:
        ids = list(incidents)
        if len(ids) <= _AT_ONCE:
            acts, victims = acts.filter(incident_id__in=ids), victims.filter(act__incident_id__in=ids)
            authors = authors.filter(act__incident_id__in=ids)
    struck, said = (
        _gathered(victims.values_list("act_id", "actor_id")),
        _gathered(authors.values_list("act_id", "actor_id")),
    )
    found: defaultdict[UUID, list[tuple[str, frozenset[UUID], frozenset[UUID]]]] = defaultdict(list)
    for act, incident, kind in acts.values_list("id", "incident_id", "kind"):
        found[incident].append((kind, frozenset(struck.get(act, ())), frozenset(said.get(act, ()))))
    return found


def _gathered(pairs: Iterable[tuple[UUID, UUID]]) -> dict[UUID, list[UUID]]:
    found: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for one, other in pairs:
        found[one].append(other)
    return found


_held: dict[UUID, Frames] = {}
_lock = threading.RLock()


def frames() -> Frames:
    """Return what is held of the circle at work, up to date: one query when nothing was written since."""
    circle = current().circles[0]
    stamp, digest = last_line()
    with _lock:
        held = _held.get(circle)
        if held is None or _is_stale(held, stamp):
            _held.clear()
            held = _held[circle] = Frames()
        if (held.stamp, held.digest) != (stamp, digest):
            held.catch_up(circle, stamp)
            held.digest = digest
        return held


def _is_stale(held: Frames, stamp: int) -> bool:
    """Say whether the store is no longer the one that was read: another key, or put back to an earlier state."""
    if held.generation != FILE_KEY.generation or held.stamp > stamp:
        return True
    return held.stamp > 0 and last_line(at=held.stamp)[1] != held.digest


def forget_frames() -> None:
    """Drop all that is held, as when the workspace is locked."""
    with _lock:
        _held.clear()
