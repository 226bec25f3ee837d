"""The fabric of all the circle's collectives: which hang together, and what hangs on one person, group or tie.

From the ties that hold today among collectives and people. A person is told by name only where every collective they
belong to lets its members be named. What was found is kept, as ids and counts, until something is written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

import numpy as np

from tejido.analysis.fabric_view import NO_BOND
from tejido.analysis.frame_checks import Whole as Rows
from tejido.analysis.frame_checks import Yes
from tejido.analysis.frames import day_number
from tejido.analysis.hanging import Hanging, Holder, what_hangs
from tejido.domain.ties import TieFact
from tejido.domain.words import ENGLISH, Words
from tejido.fabric.kinds import COLLECTIVES, PEOPLE
from tejido.fabric.models import Actor, Tie
from tejido.fabric.queries import BELONGING
from tejido.readings.frames import Frames, frames
from tejido.readings.naming import called
from tejido.readings.stands import Stand, stand_of
from tejido.vault.keyring import FILE_KEY, circle_at_work

#: How many parts, collectives of a part, holders and bridges are told, and how many actors are drawn.
MOST_PARTS: Final = 8
MOST_OF_A_PART: Final = 12
MOST_TOLD: Final = 12
MOST_DRAWN: Final = 24


@dataclass(frozen=True, slots=True)
class Part:
    """Collectives that hang together: how ``many``, and some of them by id, those with most ties first."""

    many: int
    some: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Holds:
    """Somebody, or a tie between two (``ends``), without whom ``apart`` collectives would be cut off from the rest.

    ``sides``: how many collectives would stand in each part, the largest first.
    """

    ends: tuple[str, ...]
    apart: int
    sides: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Whole:
    """What is seen of the whole. ``alone``: collectives without any tie to another, directly or over people.

    ``drawn``: actors for a drawing, and the ``ties`` among them that hold.
    """

    collectives: int
    parts: tuple[Part, ...]
    parts_total: int
    alone: int
    people: tuple[Holds, ...]
    groups: tuple[Holds, ...]
    bridges: tuple[Holds, ...]
    people_total: int
    groups_total: int
    bridges_total: int
    drawn: tuple[str, ...]
    ties: tuple[TieFact, ...]


_Mark = tuple[Stand, int, date]
_held: dict[UUID, tuple[_Mark, Whole]] = {}
FILE_KEY.when_dropped(_held.clear)


def whole_fabric_of_circle(*, today: date) -> Whole:
    """Return the fabric of the circle at work as of today; reckoned once until something is written."""
    circle = circle_at_work()
    mark = (stand_of(circle, Actor, Tie), FILE_KEY.generation, today)
    known = _held.get(circle)
    if known is None or known[0] != mark:
        known = _held[circle] = (mark, _reckoned(frames(), today))
    return known[1]


def _reckoned(held: Frames, today: date) -> Whole:
    kinds, table = dict(held.kinds), held.table
    ids = [one for one, kind in kinds.items() if kind in COLLECTIVES or kind in PEOPLE]
    rows = {one: row for row, one in enumerate(ids)}
    counted = np.array([kinds[one] in COLLECTIVES for one in ids], dtype=np.bool_)
    place = np.array([rows.get(one, -1) for one in table.actors], dtype=np.int64)
    chosen = np.flatnonzero(table.held_on(day_number(today)) & ~table.of_kinds(NO_BOND))
    source, target = place[table.frm[chosen]], place[table.to[chosen]]
    both = (source >= 0) & (target >= 0)
    chosen, source, target = chosen[both], source[both], target[both]
    found = what_hangs(source, target, counted)
    degree = np.bincount(np.append(source, target), minlength=len(ids))
    parts = _parts(found, ids, counted, degree)
    people = [_holds(one, ids) for one in found.holders if not counted[one.actor]]
    groups = [_holds(one, ids) for one in found.holders if counted[one.actor]]
    bridges = [_holds(one, ids) for one in found.bridges]
    drawn = _drawn([rows[one.ends[0]] for one in people[: MOST_DRAWN // 4]], source, target, counted * degree, ids)
    shown = np.zeros(len(ids), dtype=np.bool_)
    shown[drawn] = True
    return Whole(
        collectives=int(counted.sum()), parts=tuple(parts[:MOST_PARTS]), parts_total=len(parts),
        alone=int(counted.sum()) - sum(one.many for one in parts), people=tuple(people[:MOST_TOLD]),
        groups=tuple(groups[:MOST_TOLD]), bridges=tuple(bridges[:MOST_TOLD]), people_total=len(people),
        groups_total=len(groups), bridges_total=len(bridges), drawn=tuple(ids[row] for row in drawn),
        ties=tuple(held.tie(table.ties[row]) for row in chosen[shown[source] & shown[target]].tolist()),
    )  # fmt: skip


def _parts(found: Hanging, ids: Sequence[str], counted: Yes, degree: Rows) -> list[Part]:
    """Return the parts of at least two collectives, the largest first."""
    members: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    rows = np.flatnonzero(counted)
    for part, row, ties in zip(found.part[rows].tolist(), rows.tolist(), degree[rows].tolist(), strict=True):
        members[part].append((-ties, ids[row]))
    ranked = [[one for _, one in sorted(part)] for part in members.values() if len(part) > 1]
    ranked.sort(key=lambda part: (-len(part), part[0]))
    return [Part(len(part), tuple(part[:MOST_OF_A_PART])) for part in ranked]


def _holds(one: Holder, ids: Sequence[str]) -> Holds:
    ends = (ids[one.actor],) if one.other < 0 else (ids[one.actor], ids[one.other])
    return Holds(ends, one.apart, one.sides)


def _drawn(holding: Sequence[int], source: Rows, target: Rows, degree: Rows, ids: Sequence[str]) -> list[int]:
    """Return who is drawn: the people who hold most, whom they tie, then the collectives with most ties.

    ``degree``: the ties of each collective, 0 for anybody else.
    """
    holds = np.zeros(len(ids), dtype=np.bool_)
    holds[list(holding)] = True
    others = np.append(target[holds[source]], source[holds[target]])
    tied = np.bincount(others, minlength=len(ids)) * degree
    return list(dict.fromkeys([*holding, *_most(tied, ids)[: MOST_DRAWN // 2], *_most(degree, ids)]))[:MOST_DRAWN]


def _most(many: Rows, ids: Sequence[str]) -> list[int]:
    """Return the rows with the highest counts, none of them 0, at most as many as are drawn."""
    return sorted(np.flatnonzero(many).tolist(), key=lambda row: (-many[row], ids[row]))[:MOST_DRAWN]


@dataclass(frozen=True, slots=True)
class Spoken:
    """What those of the whole are called; ``unnamed`` are the people whose names are not told."""

    names: Mapping[str, str]
    unnamed: frozenset[str]


def called_in(whole: Whole, words: Words = ENGLISH) -> Spoken:
    """Return what everybody the whole speaks of is called; who may not be named is person 1, 2 …: two queries."""
    held = frames()
    spoken = dict.fromkeys(
        [end for one in (*whole.people, *whole.groups, *whole.bridges) for end in one.ends]
        + [one for part in whole.parts for one in part.some]
        + list(whole.drawn)
    )
    people = [one for one in spoken if held.kinds.get(one) in PEOPLE]
    hidden = _hidden(held, people)
    names = {one: who.name for one, who in called([UUID(one) for one in spoken if one not in hidden], words).items()}
    numbered = enumerate(sorted(hidden), start=1)
    names.update((one, words.gettext("person {n}").format(n=place)) for place, one in numbered)
    return Spoken(names, hidden)


def _hidden(held: Frames, people: Iterable[str]) -> frozenset[str]:
    """Return those of ``people`` who belong to a collective that names nobody."""
    of: dict[str, set[str]] = {}
    for person in people:
        ties = (held.ends(tie) for tie in held.ties_at.get(person, {}))
        of[person] = {to for _, frm, to, kind in ties if frm == person and kind in BELONGING}
    wanted = {UUID(one) for mine in of.values() for one in mine}
    silent = Actor.objects.filter(pk__in=wanted, naming="nobody").values_list("pk", flat=True)
    quiet = set(map(str, silent))
    return frozenset(person for person, mine in of.items() if mine & quiet)
