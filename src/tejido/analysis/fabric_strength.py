"""How strong the fabric of a collective is: exact for one collective, as an observation and never as a grade.

*Insiders* are those who are members of the collective or lead it, and the collective itself, which holds contacts that
hang on nobody. Ties of enmity and of mere duty do not count. Everything is undirected and asked of one day.

Sources: cohesion as the fewest whose loss parts the group, Moody and White (2003), by Menger's theorem; betweenness
and its centralisation, Freeman (1978); cores, Seidman (1983); who stands on every way to an ally, Lengauer and Tarjan
(1979). Reckoned by igraph. For the whole of a large fabric see ``fabric_sampled``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

import igraph as ig
import numpy as np
from numpy.typing import ArrayLike

from tejido.analysis import frame_checks as check
from tejido.analysis.frame_checks import Whole, Yes
from tejido.analysis.frames import Codes, Fabric, Texts

#: Kinds of ties that bind nobody together.
NO_BOND = frozenset({"threatens", "controls", "has_interest_in", "duty_towards"})
INSIDE = frozenset({"member_of", "leads"})
#: Assumed: how many of the best connected are thought away, and how many ties away an ally may be.
LOSSES = 3
WITHIN = 4


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
    """How much hangs on one person. ``centralisation``: 0 when all stand between others alike, 1 for a star.

    ``contacts``: actors outside tied to an insider · ``alone``: of them, those that one member alone reaches, by
    member, most first · ``shared``: contacts that two insiders reach, or the collective itself.
    """

    centralisation: float
    contacts: int
    alone: Mapping[int, tuple[int, ...]]
    shared: int

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


def bonds(fabric: Fabric, day: float) -> Yes:
    """Return which ties bind on a day: of a kind that does, and of some weight."""
    binding = np.array([kind not in NO_BOND for kind in fabric.ties.kinds], dtype=np.bool_)
    kinds = binding[fabric.ties.kind] if len(fabric.ties) else np.empty(0, dtype=np.bool_)
    held: Yes = kinds & fabric.ties.held_on(day) & (fabric.ties.weight > 0)
    apart: Yes = held & (fabric.ties.source != fabric.ties.target)
    return apart


def members_of(fabric: Fabric, collective: int, day: float) -> Whole:
    """Return the rows of those who are members of a collective or lead it on a day."""
    ties = fabric.ties
    inside = np.array([kind in INSIDE for kind in ties.kinds], dtype=np.bool_)
    chosen = bonds(fabric, day) & (ties.target == collective)
    chosen &= inside[ties.kind] if len(ties) else False
    return np.unique(ties.source[chosen])


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
    view = _View.of(fabric, collective, day)
    reach = _reaches(view, wanted, _tested(fabric, view, tried & bonds(fabric, day)))
    critical: dict[int, list[int]] = {}
    for one in reach:
        for actor in one.hangs_on:
            critical.setdefault(actor, []).append(one.ally)
    return FabricStrength(
        collective, bool(len(view.members)), _cohesion(view), _concentration(view), reach,
        _cut_from_all(view, [one.ally for one in reach if one.hops >= 0]), _remaining(view, reach),
        {actor: tuple(lost) for actor, lost in sorted(critical.items())},
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _View:
    """The fabric of one day around one collective, without parallel ties; ``members`` by row, sorted."""

    whole: ig.Graph
    collective: int
    members: tuple[int, ...]

    @classmethod
    def of(cls, fabric: Fabric, collective: int, day: float) -> Self:
        held = bonds(fabric, day)
        pairs = np.sort(np.stack([fabric.ties.source[held], fabric.ties.target[held]], axis=1), axis=1)
        graph = ig.Graph(n=len(fabric.actors), edges=np.unique(pairs, axis=0) if len(pairs) else [])
        members = members_of(fabric, collective, day)
        return cls(graph, collective, tuple(int(one) for one in members if one != collective))

    @cached_property
    def insiders(self) -> frozenset[int]:
        return frozenset(self.members) | {self.collective}

    def inside(self, members: tuple[int, ...]) -> ig.Graph:
        """Return the ties among some members, row i being ``members[i]``."""
        return self.whole.induced_subgraph(list(members))

    def contacts(self, without: frozenset[int] = frozenset()) -> dict[int, set[int]]:
        """Return the actors outside by which insiders reach them, none of ``without`` among either."""
        found: dict[int, set[int]] = {}
        for insider in self.insiders - without:
            for other in self.whole.neighbors(insider):
                if other not in self.insiders and other not in without:
                    found.setdefault(other, set()).add(insider)
        return found

    def from_group(self, without: frozenset[int] = frozenset()) -> tuple[ig.Graph, dict[int, int], list[int]]:
        """Return who is within reach, but nobody lost; the insiders hang on one new vertex, the last.

        With it come the vertex of each actor and the actor of each vertex.
        """
        near = {self.collective, *self.members} - without
        edge = set(near)
        for _ in range(WITHIN):
            edge = {other for actor in edge for other in self.whole.neighbors(actor)} - near - without
            near |= edge
        actors = sorted(near)
        place = {actor: vertex for vertex, actor in enumerate(actors)}
        graph = self.whole.induced_subgraph(actors)
        graph.add_vertex()
        insiders = {place[one] for one in self.insiders - without}
        # Ties among insiders are left out: whoever is inside is reached at once, whoever else is lost.
        graph.delete_edges([edge.index for edge in graph.es if edge.source in insiders and edge.target in insiders])
        graph.add_edges([(len(actors), one) for one in sorted(insiders)])
        return graph, place, actors


def _cohesion(view: _View) -> Cohesion:
    graph, many = view.inside(view.members), len(view.members)
    ties = int(graph.ecount())
    cores = graph.coreness() if many else []
    triangles = float(graph.transitivity_undirected(mode="zero")) if many else 0.0
    return Cohesion(
        members=many, ties=ties, density=2.0 * ties / (many * (many - 1)) if many > 1 else 0.0,
        connectivity=int(graph.vertex_connectivity()) if many > 1 else 0, parts=len(graph.connected_components()),
        triangles=triangles, core=max(cores, default=0), in_core=cores.count(max(cores, default=0)),
    )  # fmt: skip


def _concentration(view: _View) -> Concentration:
    many = len(view.members)
    between = np.array(view.inside(view.members).betweenness(), dtype=np.float64) if many > 2 else np.zeros(0)
    pairs = (many - 1) * (many - 2) / 2
    centralisation = float(np.sum(between.max() - between)) / (pairs * (many - 1)) if many > 2 else 0.0
    alone: dict[int, list[int]] = {}
    contacts = view.contacts()
    for contact, holders in sorted(contacts.items()):
        if len(holders) == 1 and view.collective not in holders:
            alone.setdefault(next(iter(holders)), []).append(contact)
    ranked = sorted(alone.items(), key=lambda one: (-len(one[1]), one[0]))
    shared = len(contacts) - sum(len(held) for held in alone.values())
    return Concentration(centralisation, len(contacts), {who: tuple(held) for who, held in ranked}, shared)


def _tested(fabric: Fabric, view: _View, tried: Yes) -> dict[int, int]:
    """Return for each actor outside how many channels from insiders were tried, each pair once."""
    pairs = np.stack([fabric.ties.source[tried], fabric.ties.target[tried]], axis=1)
    counts: dict[int, int] = {}
    for one, other in {tuple(sorted(pair)) for pair in pairs.tolist()}:
        outside = [end for end in (one, other) if end not in view.insiders]
        if len(outside) == 1:
            counts[outside[0]] = counts.get(outside[0], 0) + 1
    return counts


def _reaches(view: _View, allies: Allies, tested: Mapping[int, int]) -> tuple[Reach, ...]:
    graph, place, actors = view.from_group()
    group = len(actors)
    hops = graph.distances(source=[group])[0]
    above = graph.as_directed().dominator(group, mode="out")
    found = []
    for ally, level in zip(allies.actor.tolist(), allies.level.tolist(), strict=True):
        if ally in view.insiders:
            continue
        vertex = place.get(ally)
        if vertex is None or hops[vertex] == float("inf"):
            found.append(Reach(ally, level, -1, 0, 0, ()))
            continue
        ways = int(graph.vertex_connectivity(source=group, target=vertex, neighbors="ignore"))
        chain, step = [], above[vertex]
        while step >= 0 and step != group:
            chain.append(actors[step])
            step = above[step]
        hangs_on = tuple(one for one in chain if one != view.collective)
        found.append(Reach(ally, level, int(hops[vertex]) - 1, ways, tested.get(ally, 0), hangs_on))
    return tuple(found)


def _cut_from_all(view: _View, reached: list[int]) -> int:
    if not reached:
        return -1
    graph, place, actors = view.from_group()
    graph.add_vertex()
    graph.add_edges([(place[ally], len(actors) + 1) for ally in reached])
    return int(graph.vertex_connectivity(source=len(actors), target=len(actors) + 1, neighbors="ignore"))


def _remaining(view: _View, reach: tuple[Reach, ...]) -> tuple[Remaining, ...]:
    """Think the best connected away one after the other: each time the member with most ties to those left."""
    before, reached = len(view.contacts()), [one.ally for one in reach if one.hops >= 0]
    lost: list[int] = []
    found = []
    for _ in range(min(LOSSES, len(view.members))):
        left = [one for one in view.members if one not in lost]
        gone = frozenset(lost)
        lost.append(min(left, key=lambda one: (-len(set(view.whole.neighbors(one)) - gone - {view.collective}), one)))
        found.append(_after(view, tuple(lost), before, reached))
    return tuple(found)


def _after(view: _View, lost: tuple[int, ...], contacts: int, reached: list[int]) -> Remaining:
    gone = frozenset(lost)
    left = tuple(one for one in view.members if one not in gone)
    largest = max(view.inside(left).connected_components().sizes(), default=0) if left else 0
    graph, place, actors = view.from_group(gone)
    hops = graph.distances(source=[len(actors)])[0]
    still = sum(ally in place and hops[place[ally]] < float("inf") for ally in reached)
    return Remaining(
        lost,
        together=largest / len(left) if left else 0.0,
        contacts=len(view.contacts(gone)) / contacts if contacts else 0.0,
        allies=still / len(reached) if reached else 0.0,
    )
