"""The clear columns every reading needs, held in memory and brought up to date with each write.

Sealed pages are decrypted one by one, so walking from tie to tie through the file would cost a page more than it may
take. Ids, kinds, certainty and weeks of ties, presences and acts are therefore read once and then follow the journal,
as the catalogue does: no name, no text, no exact date and no place is among them. They are dropped with the file key.

Ids are held as the rules take them, as text (``str(uuid)``): each once, however often it is met.
"""

from __future__ import annotations

import gc
import threading
from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple
from uuid import UUID

from tejido.domain.errors import WorkspaceLocked
from tejido.domain.ties import CERTAINTY_SHARES, Strength, TieFact
from tejido.readings.clear_rows import CARRYING, RANKS, ClearRows, TieRow
from tejido.readings.sufferers import ActDone, Sufferers
from tejido.readings.tie_table import TieTable
from tejido.readings.weeks import held_in
from tejido.vault.journal import last_line
from tejido.vault.keyring import FILE_KEY, circle_at_work

#: Beyond so many changed or removed incidents, ties or presences everything is read anew.
MOST_CHANGES: Final = 5000

#: Before and after every incident of a week, for looking up (week, incident) in lists of them.
FIRST, LAST = "", "~"


class Case(NamedTuple):
    """One incident: its weeks (0 unknown), its territory, who was struck, by whom it is said, the kinds of act."""

    incident: str
    week: int
    week_to: int
    territory: str | None
    victims: frozenset[str]
    perpetrators: frozenset[str]
    acts: tuple[ActDone, ...]


Dated = tuple[int, str]
_NOBODY: Final[frozenset[str]] = frozenset()


class Frames:
    """What is held of one circle. ``against`` and ``by`` list (week, incident) in rising order.

    ``table`` has the ties as columns. ``stands`` and ``struck`` keep what readings found of in which collectives
    somebody stands, and which an incident struck, until a tie, an actor or that incident is written.
    """

    def __init__(self) -> None:
        self.stamp, self.digest, self.generation = 0, b"", FILE_KEY.generation
        self.kinds: dict[str, str] = {}
        self.ties_at: defaultdict[str, dict[str, str]] = defaultdict(dict)
        self.presences: dict[str, tuple[str, str]] = {}
        self.present: defaultdict[str, dict[str, str]] = defaultdict(dict)
        self.cases: dict[str, Case] = {}
        self.dated: list[Dated] = []
        self.against: defaultdict[str, list[Dated]] = defaultdict(list)
        self.by: defaultdict[str, list[Dated]] = defaultdict(list)
        self.within: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self.table = TieTable.empty()
        self._ties: dict[str, TieRow] = {}
        self._facts: dict[str, TieFact] = {}
        self._gone: list[str] = []
        self.stands: dict[str, tuple[str, ...]] = {}
        self.struck: dict[str, frozenset[str]] = {}
        self._kinds_counted: Counter[str] | None = None
        self._suffered: Sufferers | None = None

    def tie(self, tie: str) -> TieFact:
        """Return a tie that is held, as the rules take it."""
        fact = self._facts.get(tie)
        if fact is None:
            _, frm, to, kind, strength, certainty, since, until = self._ties[tie]
            known = certainty if certainty in CERTAINTY_SHARES else "unknown"
            rank: Strength = RANKS.get(strength, 2)
            fact = self._facts[tie] = TieFact(tie, frm, to, kind, rank, known, held_in(since, until))
        return fact

    def tie_rows(self) -> list[TieRow]:
        """Return all ties that are held, as they lie in clear."""
        return list(self._ties.values())

    def ends(self, tie: str) -> tuple[str, str, str, str]:
        """Return id, both ends and kind of a tie that is held."""
        return self._ties[tie][:4]

    @property
    def suffered(self) -> Sufferers:
        """Who suffered what: gathered when first asked for, and followed from then on."""
        if self._suffered is None:
            found = Sufferers()
            for case in list(self.cases.values()):
                found.add(case.acts)
            self._suffered = found
        return self._suffered

    def number_of(self, kinds: Collection[str]) -> int:
        """Return how many actors are of one of ``kinds``."""
        counted = self._kinds_counted
        if counted is None:
            counted = self._kinds_counted = Counter(self.kinds.values())
        return sum(counted[kind] for kind in kinds)

    def take_all(self, rows: ClearRows) -> None:
        """Take in everything, into frames that hold nothing yet."""
        self.kinds.update(rows.actors())
        at = self.ties_at
        for tie in rows.ties():
            name, frm, to, kind = tie[:4]
            if kind in CARRYING:
                self._ties[name] = tie
                at[frm][name] = to
                at[to][name] = frm
        self.table = TieTable.empty().changed(gone=(), rows=list(self._ties.values()))
        for presence, actor, place in rows.presences(living=True):
            self.presences[presence] = (place, actor)
            self.present[place][presence] = actor
        for case in sorted(_cases(rows), key=_when):
            self.cases[case.incident] = case
            key = (case.week, case.incident)
            if case.territory is not None:
                self.within[case.territory][case.incident] = None
            for listed in self._lists(case):
                listed.append(key)

    def take_changes(self, rows: ClearRows) -> None:
        """Take in what was written since ``rows.since``."""
        self._forget_removed(rows)
        actors, written = dict(rows.actors()), rows.ties()
        # Whoever is new stands nowhere yet; of the others most were written without becoming something else.
        if written or self._gone or any(self.kinds.get(one, kind) != kind for one, kind in actors.items()):
            self._forget_counts()
        self._kinds_counted = None
        self.kinds.update(actors)
        for tie in written:
            name, frm, to, kind = tie[:4]
            self._forget_tie(name)
            if kind in CARRYING:
                self._ties[name] = tie
                self.ties_at[frm][name] = to
                self.ties_at[to][name] = frm
        self._renew_table([tie for tie in written if tie[3] in CARRYING])
        living = {presence: (place, actor) for presence, actor, place in rows.presences(living=True)}
        for presence, _actor, _place in rows.presences(living=False):
            self._forget_presence(presence)
        for presence, (place, actor) in living.items():
            self.presences[presence] = (place, actor)
            self.present[place][presence] = actor
        for case in _cases(rows):
            self._forget_incident(case.incident)
            self.cases[case.incident] = case
            if self._suffered is not None:
                self._suffered.add(case.acts)
            if case.territory is not None:
                self.within[case.territory][case.incident] = None
            for listed in self._lists(case):
                insort(listed, (case.week, case.incident))

    def _renew_table(self, written: list[TieRow]) -> None:
        """Bring the columns up to date; they are laid out anew once most of their rows are of what is gone."""
        gone, self._gone = self._gone, []
        if len(self.table) > 2 * len(self._ties) + MOST_CHANGES:
            self.table = TieTable.empty().changed(gone=(), rows=list(self._ties.values()))
        elif gone or written:
            self.table = self.table.changed(gone=gone, rows=written)

    def _lists(self, case: Case) -> Iterator[list[Dated]]:
        yield self.dated
        for victim in case.victims:
            yield self.against[victim]
        for author in case.perpetrators:
            yield self.by[author]

    def _forget_removed(self, rows: ClearRows) -> None:
        forget = {
            "fabric.tie": self._forget_tie,
            "fabric.presence": self._forget_presence,
            "incidents.incident": self._forget_incident,
            "fabric.actor": self._forget_actor,
        }
        for noun, record in rows.removed():
            forget[noun](record)

    def _forget_counts(self) -> None:
        """Let go of what was found of who is what and stands where."""
        self._kinds_counted = None
        self.stands.clear()
        self.struck.clear()
        if self._suffered is not None:
            self._suffered.tallies.clear()

    def _forget_actor(self, actor: str) -> None:
        self._forget_counts()
        self.kinds.pop(actor, None)
        for tie in list(self.ties_at.get(actor, ())):
            self._forget_tie(tie)
        for presence in [one for one, (_, who) in self.presences.items() if who == actor]:
            self._forget_presence(presence)

    def _forget_tie(self, tie: str) -> None:
        row = self._ties.pop(tie, None)
        self._facts.pop(tie, None)
        if row is not None:
            self._gone.append(tie)
            self.ties_at[row[1]].pop(tie, None)
            self.ties_at[row[2]].pop(tie, None)

    def _forget_presence(self, presence: str) -> None:
        known = self.presences.pop(presence, None)
        if known is not None:
            self.present[known[0]].pop(presence, None)

    def _forget_incident(self, incident: str) -> None:
        case = self.cases.pop(incident, None)
        if case is None:
            return
        self.struck.pop(incident, None)
        if self._suffered is not None:
            self._suffered.take_out(case.acts)
        key = (case.week, incident)
        if case.territory is not None:
            self.within[case.territory].pop(incident, None)
        for listed in self._lists(case):
            place = bisect_left(listed, key)
            if place < len(listed) and listed[place] == key:
                del listed[place]


def _when(case: Case) -> Dated:
    return case.week, case.incident


def _cases(rows: ClearRows) -> Iterator[Case]:
    """Yield the incidents of ``rows`` with their acts, victims and alleged perpetrators."""
    incidents = rows.incidents()
    struck, said = rows.victims(), rows.perpetrators()
    acts: defaultdict[str, list[ActDone]] = defaultdict(list)
    for act, incident, kind in rows.acts():
        acts[incident].append((kind, frozenset(struck.get(act, ())), frozenset(said.get(act, ()))))
    for incident, first, last, place in incidents:
        mine = acts.get(incident, ())
        if len(mine) == 1:
            _, victims, authors = mine[0]
        else:
            victims = _NOBODY.union(*(act[1] for act in mine))
            authors = _NOBODY.union(*(act[2] for act in mine))
        yield Case(incident, first or 0, last or first or 0, place, victims, authors, tuple(mine))


#: Of so many circles what is held stays in memory; of more, the first goes.
_MOST_CIRCLES: Final = 3
_held: dict[UUID, Frames] = {}
_lock = threading.RLock()


def frames() -> Frames:
    """Return what is held of the circle at work, up to date: one query when nothing was written since."""
    circle = circle_at_work()
    stamp, digest = last_line(anew=True)
    with _lock:
        held = _held.get(circle)
        if held is None or _is_stale(held, stamp):
            held = None
        elif (held.stamp, held.digest) != (stamp, digest):
            rows = ClearRows(circle, since=held.stamp)
            if rows.many_changes() > MOST_CHANGES:
                held = None
            else:
                held.take_changes(rows)
        if held is None:
            _make_room(circle)
            held = Frames()
            with _without_collecting():
                held.take_all(ClearRows(circle))
            _held[circle] = held
        held.stamp, held.digest = stamp, digest
        if held.generation != FILE_KEY.generation:
            _held.clear()  # the workspace was locked meanwhile
            raise WorkspaceLocked
        return held


def _make_room(circle: UUID) -> None:
    """Let what was held of ``circle`` go, and of the circle held for longest where there are many."""
    _held.pop(circle, None)
    while len(_held) >= _MOST_CIRCLES:
        _held.pop(next(iter(_held)), None)


def _is_stale(held: Frames, stamp: int) -> bool:
    """Say whether the store is no longer the one that was read: another key, or put back to an earlier state."""
    if held.generation != FILE_KEY.generation or held.stamp > stamp:
        return True
    return held.stamp > 0 and last_line(at=held.stamp)[1] != held.digest


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Make many objects that all stay, without looking through them for garbage: neither now nor in later pages.

    None of them refers back to another, so that they go when they are let go of.
    """
    was = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was:
            gc.enable()


def forget_frames() -> None:
    """Drop all that is held, as when the workspace is locked: at once, also while another thread is reading."""
    _held.clear()


FILE_KEY.when_dropped(forget_frames)
