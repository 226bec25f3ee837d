"""What would change for a collective if somebody could not be reached, a contact were shared, a profile were raised.

A comparison of two fabrics, the recorded one and another: nobody foresees how an aggressor answers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from tejido.analysis.fabric_view import NO_BOND
from tejido.analysis.frames import day_number
from tejido.analysis.what_if import Change, LostTie, NewTie, RaisedProfile, Unreachable, WhatIf, what_if
from tejido.domain.errors import BadInput
from tejido.domain.words import ENGLISH, N_, Words
from tejido.readings.fabric_names import Naming, naming_in
from tejido.readings.fabric_near import Near
from tejido.readings.fabric_strength import collective_named, fabric_around
from tejido.readings.what_if_words import Told, before_after, say_what_if

#: The most members and the most contacts that can be chosen, those with most ties first; the most ties.
MOST_CHOICES: Final = 30
MOST_TIES: Final = 60
#: The kinds of tie that can be supposed to be made.
KINDS: Final = ("contact_of", "works_with", "allied_with", "accompanies", "member_of")

_OURSELVES: Final = N_(
    "The collective itself was chosen as somebody who could not be reached. Nothing was reckoned; choose one of those "
    "it is tied to."
)
_NOT_TIED: Final = N_(
    "Somebody was chosen who is not among those this collective is tied to. Nothing was reckoned; choose from the "
    "list."
)
_NO_TIE: Final = N_(
    "A tie was chosen that is not recorded around this collective, or no longer holds. Nothing was reckoned; choose "
    "from the list."
)
_TO_ITSELF: Final = N_(
    "A tie needs two different ends and one of the kinds offered. Nothing was reckoned; choose who, with whom and how."
)
_NOBODY: Final = N_("Nobody was chosen. Nothing was reckoned; choose at least one.")


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody who can be chosen; ``inside`` when it is one of the collective's own."""

    actor: str
    name: str
    kind: str
    inside: bool


@dataclass(frozen=True, slots=True)
class Supposed:
    """What is supposed: who is ``gone``, whom the collective comes to know (``meets``), who is ``raised``.

    ``parted``: ties that are gone, by id · ``woven``: ties that are made, as who, kind and with whom.
    """

    gone: tuple[UUID, ...] = ()
    meets: tuple[UUID, ...] = ()
    raised: tuple[UUID, ...] = ()
    parted: tuple[UUID, ...] = ()
    woven: tuple[tuple[UUID, str, UUID], ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is supposed."""
        return not (self.gone or self.meets or self.raised or self.parted or self.woven)


@dataclass(frozen=True, slots=True)
class TieChoice:
    """A tie that holds today and can be chosen: its ends, as they are called, and its kind."""

    tie: str
    frm: str
    kind: str
    to: str


@dataclass(frozen=True, slots=True)
class WhatIfReading:
    """Whom one can choose and, where something was supposed, what would change in words and ``figures``.

    ``figures``: what, before, after.
    """

    collective: UUID
    name: str
    choices: tuple[Choice, ...]
    ties: tuple[TieChoice, ...]
    told: tuple[Told, ...]
    figures: tuple[tuple[str, int, int], ...]
    found: WhatIf | None
    hides_names: bool
    cut: bool


def suppose(
    collective_id: UUID, supposed: Supposed, *, today: date, words: Words = ENGLISH, reckon: bool = True
) -> WhatIfReading:
    """Return what would change; without ``reckon`` only whom one can choose.

    Raises ``NotFound``; ``BadInput`` for somebody who is not tied to the collective, or where nothing is supposed.
    """
    collective = collective_named(collective_id)
    around = fabric_around(collective, today=today)
    chosen = _choosable(around)
    found = _compared(around, _changes(around, supposed), today) if reckon else None
    spoken = {*chosen, str(collective.pk), *map(str, supposed.raised)}
    spoken |= _told_of(around, found) if found is not None else set()
    naming = naming_in(around, spoken, members_named=collective.naming != "nobody", words=words)
    return WhatIfReading(
        collective=collective.pk,
        name=naming[str(collective.pk)],
        choices=_choices(around, chosen, naming),
        ties=_ties(around, {*chosen, str(collective.pk)}, naming, today),
        told=()
        if found is None
        else tuple(say_what_if(found, around, naming, _gone(supposed), words, parted=bool(supposed.parted))),
        figures=() if found is None else before_after(found, words),
        found=found,
        hides_names=bool(naming.unnamed),
        cut=around.cut,
    )


def _told_of(around: Near, found: WhatIf) -> set[str]:
    """Return whom the comparison may speak of: allies, on whom most would hang, and for whom most changes."""
    rows = {*around.allies.actor.tolist(), *(one.actor for one in found.shifts)}
    return {around.ids[row] for row in (*rows, *list(found.after.concentration.alone)[:1])}


def _gone(supposed: Supposed) -> frozenset[str]:
    return frozenset(map(str, supposed.gone))


def _compared(around: Near, changes: Sequence[Change], today: date) -> WhatIf:
    return what_if(
        around.fabric, around.collective, changes, day=day_number(today), allies=around.allies,
        tested=around.tested,
    )  # fmt: skip


def _changes(around: Near, supposed: Supposed) -> list[Change]:
    if supposed.is_nothing:
        raise BadInput(_NOBODY)
    rows, us = around.rows, around.collective
    ends = [end for frm, _, to in supposed.woven for end in (frm, to)]
    chosen = {*map(str, (*supposed.gone, *supposed.meets, *supposed.raised, *ends))}
    if not chosen <= rows.keys():
        raise BadInput(_NOT_TIED)
    if around.ids[us] in _gone(supposed) | {str(one) for one in supposed.meets}:
        raise BadInput(_OURSELVES)
    changes = [*_parted(around, supposed.parted), *_woven(rows, supposed.woven)]
    # Whoever is gone is taken away last: no tie to them can be woven.
    changes += [NewTie(us, rows[str(one)], "contact_of") for one in dict.fromkeys(supposed.meets)]
    changes += [RaisedProfile(rows[str(one)]) for one in dict.fromkeys(supposed.raised)]
    changes += [Unreachable(rows[str(one)]) for one in dict.fromkeys(supposed.gone)]
    return changes


def _parted(around: Near, ties: Sequence[UUID]) -> list[Change]:
    known = {tie: row for row, tie in enumerate(around.chosen)} if ties else {}
    if not set(map(str, ties)) <= known.keys():
        raise BadInput(_NO_TIE)
    return [LostTie(known[str(one)]) for one in dict.fromkeys(ties)]


def _woven(rows: Mapping[str, int], ties: Sequence[tuple[UUID, str, UUID]]) -> list[Change]:
    if any(frm == to or kind not in KINDS for frm, kind, to in ties):
        raise BadInput(_TO_ITSELF)
    return [NewTie(rows[str(frm)], rows[str(to)], kind) for frm, kind, to in dict.fromkeys(ties)]


def ties_between(collective_id: UUID, one: UUID, other: UUID, *, today: date) -> tuple[UUID, ...]:
    """Return the ties between two around a collective; ``BadInput`` where none is recorded that holds."""
    around = fabric_around(collective_named(collective_id), today=today)
    facts = (fact for _, fact in around.facts_among((str(one), str(other))))
    found = tuple(UUID(fact.tie) for fact in facts if fact.held_during(today, today))
    if not found:
        raise BadInput(_NO_TIE)
    return found


def _ties(around: Near, shown: Collection[str], naming: Naming, today: date) -> tuple[TieChoice, ...]:
    """Return the ties that can be chosen: those that bind and hold today, between any who can be chosen."""
    held = [
        fact for _, fact in around.facts_among(shown) if fact.kind not in NO_BOND and fact.held_during(today, today)
    ]
    return tuple(TieChoice(fact.tie, naming[fact.frm], fact.kind, naming[fact.to]) for fact in held[:MOST_TIES])


def _choosable(around: Near) -> tuple[str, ...]:
    """Return members and allies, of each those with most ties."""
    allies = [around.ids[row] for row in around.allies.actor.tolist()]
    return (*around.most_tied(around.insiders)[:MOST_CHOICES], *around.most_tied(allies)[:MOST_CHOICES])


def _choices(around: Near, chosen: Sequence[str], naming: Naming) -> tuple[Choice, ...]:
    inside = frozenset(around.insiders)
    return tuple(Choice(one, naming[one], around.kinds.get(one, "unknown"), one in inside) for one in chosen)
