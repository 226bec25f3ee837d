"""How strong the fabric of a collective is: exact for one collective, as an observation and never as a grade.

Who counts as inside and which ties bind is said in ``fabric_view``.

Sources: cohesion as the fewest whose loss parts the group, Moody and White (2003), by Menger's theorem; betweenness
and its centralisation, Freeman (1978); cores, Seidman (1983). Betweenness, triangles and cores are reckoned by igraph,
ways and what hangs on one by ``separate_ways``. For the whole of a large fabric see ``fabric_sampled``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

import igraph as ig
import numpy as np
from numpy.typing import ArrayLike

from tejido.analysis import frame_checks as check
from tejido.analysis import separate_ways
from tejido.analysis.fabric_view import Layout, View, bonds
from tejido.analysis.frame_checks import Whole, Yes
from tejido.analysis.frames import Actors, Codes, Fabric, Texts, Ties

#: Assumed: how many of the best connected are thought away.
LOSSES = 3


@dataclass(frozen=True, slots=True, eq=False)
class Allies:
    """Whom the collective counts on. ``actor``: rows, each once · ``level``: ``local``, ``national``, … as given."""

    actor: Whole
    level: Texts

    @classmethod
    def of(cls, actor: ArrayLike, level: Codes | str, *, actors: int) -> Self:
        """Check and build; one ``level`` stands for all."""
        who = check.positions(actor, frame="allies", column="actor", many=actors)
        check.distinct(who.astype(np.str_), frame="allies", name="actor")
        named = np.full(len(who), level) if isinstance(level, str) else level
        return cls(who, check.codes(named, frame="allies", column="level", rows=len(who)))


@dataclass(frozen=True, slots=True)
class Cohesion:
    """How the members hold together by ties among themselves.

    ``density``: part of all pairs that are tied · ``connectivity``: the fewest members whose loss parts the others ·
    ``parts``: groups without a tie between them · ``triangles``: part of pairs with a shared neighbour that are tied ·
    ``core``, ``in_core``: everyone in the core is tied to at least so many in it, and how many they are.
    """

    members: int
    ties: int
    density: float
    connectivity: int
    parts: int
    triangles: float
    core: int
    in_core: int


@dataclass(frozen=True, slots=True)
class Concentration:
    """How much hangs on one person.

    ``contacts``: actors outside tied to an insider · ``alone``: of them, those that one member alone reaches, by
    member, most first · ``shared``: contacts that two insiders reach, or the collective itself · ``inside``: the ties
    among members.
    """

    contacts: int
    alone: Mapping[int, tuple[int, ...]]
    shared: int
    inside: Layout = field(compare=False, repr=False)

    @property
    def centralisation(self) -> float:
        """Return 0 when all stand between others alike, 1 for a star; reckoned when asked, as it takes longest."""
        many = len(self.inside.starts) - 1
        if many < 3:
            return 0.0
        between = np.array(_graph(self.inside).betweenness(), dtype=np.float64)
        return float(np.sum(between.max() - between)) / ((many - 1) * (many - 2) / 2 * (many - 1))

    @property
    def largest_share(self) -> float:
        """The part of the outside contacts that run through one person alone, 0 to 1."""
        return max((len(held) for held in self.alone.values()), default=0) / self.contacts if self.contacts else 0.0


@dataclass(frozen=True, slots=True)
class Reach:
    """The way to one ally: ties away (-1 when there is none), ways that share nobody, channels that were tried.

    ``hangs_on``: everyone who stands on every way there, from the ally's side; empty when the insiders reach them.
    """

    ally: int
    level: str
    hops: int
    ways: int
    tested: int
    hangs_on: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Remaining:
    """What is left once ``lost`` cannot be reached: parts of what there was before, 0 to 1.

    ``together``: the members still in the largest group that is tied, of those who are left · ``contacts``,
    ``allies``: of those that could be reached.
    """

    lost: tuple[int, ...]
    together: float
    contacts: float
    allies: float


@dataclass(frozen=True, slots=True)
class FabricStrength:
    """All that is seen of one collective. ``named`` is false when no member is: then nothing inside can be told."""

    collective: int
    named: bool
    cohesion: Cohesion
    concentration: Concentration
    reach: tuple[Reach, ...]
    #: The fewest actors whose loss cuts the collective from all its allies; -1 where it reaches none.
    cut_from_all: int
    remaining: tuple[Remaining, ...]
    #: By actor, the allies that are lost with it.
    critical: Mapping[int, tuple[int, ...]] = field(default_factory=dict)


def strength_of(
    fabric: Fabric, collective: int, *, day: float, allies: Allies | None = None, tested: ArrayLike = False
) -> FabricStrength:
    """Return how strong the fabric of one collective is on a day.

    ``tested``: by row of the ties, whether that channel was tried and answered. Raises ``FrameError`` for a row that
    is not there.
    """
    check.positions([collective], frame="actors", column="collective", many=len(fabric.actors))
    tried = check.yes_or_no(
        np.broadcast_to(np.asarray(tested), len(fabric.ties)), frame="ties", column="tested", rows=len(fabric.ties)
    )
    wanted = Allies.of([], [], actors=len(fabric.actors)) if allies is None else allies
    view = View.of(fabric, collective, day)
    reach = _reaches(view, wanted, _tested(fabric, view, tried & bonds(fabric, day)))
    critical: dict[int, list[int]] = {}
    for one in reach:
        for actor in one.hangs_on:
            critical.setdefault(actor, []).append(one.ally)
    reached = np.array([one.ally for one in reach if one.hops >= 0], dtype=np.int64)
    inside = view.ties.among(view.members)
    return FabricStrength(
        collective, bool(len(view.members)), _cohesion(inside), _concentration(view, inside), reach,
        _cut_from_all(view, reached), _remaining(view, reached),
        {actor: tuple(lost) for actor, lost in sorted(critical.items())},
    )  # fmt: skip


def _graph(ties: Layout) -> ig.Graph:
    return ig.Graph(n=len(ties.starts) - 1, edges=ties.pairs)


def _cohesion(inside: Layout) -> Cohesion:
    graph = _graph(inside)
    many, ties = int(graph.vcount()), int(graph.ecount())
    cores = graph.coreness() if many else []
    triangles = float(graph.transitivity_undirected(mode="zero")) if many else 0.0
    return Cohesion(
        members=many, ties=ties, density=2.0 * ties / (many * (many - 1)) if many > 1 else 0.0,
        connectivity=int(separate_ways.connectivity(inside.starts, inside.ends)),
        parts=len(inside.part_sizes(np.ones(many, dtype=np.bool_))),
        triangles=triangles, core=max(cores, default=0), in_core=cores.count(max(cores, default=0)),
    )  # fmt: skip


def _concentration(view: View, inside: Layout) -> Concentration:
    insiders, others = view.outward
    held = np.bincount(others, minlength=len(view.is_inside))
    single = (held[others] == 1) & (insiders != view.collective)
    members, contacts = insiders[single], others[single]  # by member, then by contact, as the ties are laid out
    begins, listed = np.flatnonzero(np.diff(members, prepend=-1)).tolist(), contacts.tolist()
    alone = [
        (int(members[begin]), tuple(listed[begin:end]))
        for begin, end in zip(begins, [*begins[1:], len(listed)], strict=False)
    ]
    ranked = sorted(alone, key=lambda one: (-len(one[1]), one[0]))
    many = int(np.count_nonzero(held))
    return Concentration(many, dict(ranked), many - len(contacts), inside)


def _tested(fabric: Fabric, view: View, tried: Yes) -> dict[int, int]:
    """Return for each actor outside how many channels from insiders were tried, each pair once."""
    pairs = np.stack([fabric.ties.source[tried], fabric.ties.target[tried]], axis=1)
    counts: dict[int, int] = {}
    for pair in {tuple(sorted(pair)) for pair in pairs.tolist()}:
        outside = [end for end in pair if not view.is_inside[end]]
        if len(outside) == 1:
            counts[outside[0]] = counts.get(outside[0], 0) + 1
    return counts


def _reaches(view: View, allies: Allies, tested: Mapping[int, int]) -> tuple[Reach, ...]:
    outside = ~view.is_inside[allies.actor]
    wanted, levels = allies.actor[outside], allies.level[outside].tolist()
    ways, held, begin = separate_ways.ways_to(view.ties.starts, view.ties.ends, wanted, view.is_inside, view.hops < 0)
    found = []
    for place, (ally, level) in enumerate(zip(wanted.tolist(), levels, strict=True)):
        hops = int(view.hops[ally])
        if hops < 0:
            found.append(Reach(ally, level, -1, 0, 0, ()))
            continue
        on_all = held[begin[place] : begin[place + 1]].tolist()
        hangs_on = tuple(one for one in on_all if one != view.collective)
        found.append(Reach(ally, level, hops, int(ways[place]), tested.get(ally, 0), hangs_on))
    return tuple(found)


def _cut_from_all(view: View, reached: Whole) -> int:
    if not len(reached):
        return -1
    ties = view.ties
    return int(separate_ways.ways_from_all(ties.starts, ties.ends, reached, view.is_inside, view.hops < 0))


def _remaining(view: View, reached: Whole) -> tuple[Remaining, ...]:
    """Think the best connected away one after the other: each time the member with most ties to those left."""
    contacts, gone = view.contacts(view.nobody), view.nobody.copy()
    lost: list[int] = []
    found = []
    for _ in range(min(LOSSES, len(view.members))):
        lost.append(view.best_connected(gone))
        gone[lost[-1]] = True
        found.append(_after(view, tuple(lost), gone, contacts, reached))
    return tuple(found)


def _after(view: View, lost: tuple[int, ...], gone: Yes, contacts: int, reached: Whole) -> Remaining:
    left = len(view.members) - len(lost)
    members = view.rows(view.members) & ~gone
    still = int(np.count_nonzero(view.hops_without(gone)[reached] >= 0))
    return Remaining(
        lost,
        together=int(view.ties.part_sizes(members).max()) / left if left else 0.0,
        contacts=view.contacts(gone) / contacts if contacts else 0.0,
        allies=still / len(reached) if len(reached) else 0.0,
    )


def warm() -> None:
    """Call every compiled loop once on a fabric of four, so that no page waits for it to be translated."""
    ties = Ties.of([1, 2, 1, 2], [0, 0, 2, 3], actors=4, kind=["member_of", "member_of", "works_with", "contact_of"])
    fabric = Fabric.of(Actors.of(["a", "b", "c", "d"]), ties)
    strength_of(fabric, 0, day=0.0, allies=Allies.of([3], "local", actors=4))
