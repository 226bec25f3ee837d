"""What would change, told in sentences: what is lost, what holds, what the group could do before it happens."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

from tejido.analysis.fabric_strength import FabricStrength, Reach
from tejido.analysis.what_if import WhatIf
from tejido.domain.words import Words
from tejido.readings.fabric_names import Naming
from tejido.readings.fabric_near import Near
from tejido.readings.fabric_words import FEWEST_CONTACTS, MUCH

Sort = Literal["lost", "holds", "gained", "felt", "could_do"]
#: How many are named in one sentence; a smaller change than this in what comes to somebody is not told.
MOST_NAMED = 6
SMALLEST = 0.005


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence of the comparison and what sort it is."""

    sort: Sort
    sentence: str


def before_after(found: WhatIf, words: Words) -> tuple[tuple[str, int, int], ...]:
    """Return figures before and after: what, how many, how many."""
    before, after = found.before, found.after
    return (
        (words.gettext("Members who can be reached"), before.cohesion.members, after.cohesion.members),
        (words.gettext("Contacts outside"), before.concentration.contacts, after.concentration.contacts),
        (words.gettext("Allies to whom there is a way"), len(_reached(before)), len(_reached(after))),
        (words.gettext("How many would have to be lost to cut us off"), _to_cut(before), _to_cut(after)),
    )


def say_what_if(
    found: WhatIf, near: Near, naming: Naming, gone: Collection[str], words: Words, *, parted: bool = False
) -> Iterator[Told]:
    """Yield what would change, what is lost first; ``gone`` are those supposed to be out of reach, by id.

    ``parted``: a tie is supposed to be gone.
    """
    ids = near.ids
    was, now = _reached(found.before), _reached(found.after)
    lost = [row for row in was if row not in now and ids[row] not in gone]
    if lost:
        names = naming.listed(ids[row] for row in lost[:MOST_NAMED])
        yield Told("lost", words.ngettext(
            "There would be no recorded way left to {names}.",
            "There would be no recorded way left to {n} allies, among them {names}.", len(lost),
        ).format(n=len(lost), names=names))  # fmt: skip
    elif (gone or parted) and now:
        yield Told("holds", words.gettext("There would still be a way to every other ally."))
    farther = [row for row in now if row in was and now[row].hops > was[row].hops and ids[row] not in gone]
    if farther:
        names = naming.listed(ids[row] for row in farther[:MOST_NAMED])
        yield Told("lost", words.gettext("The way would be longer, over others, to {names}.").format(names=names))
    gained = [row for row in now if row not in was or now[row].ways > was[row].ways]
    if gained:
        names = naming.listed(ids[row] for row in gained[:MOST_NAMED])
        yield Told("gained", words.gettext("There would be one more way to {names}.").format(names=names))
    yield from _inside(found, words)
    yield from _on_one(found, near, naming, words)
    yield from _felt(found, near, naming, gone, words)
    yield from _could_do(found, near, naming, gone, lost, words)


def _inside(found: WhatIf, words: Words) -> Iterator[Told]:
    was, now = found.before.cohesion, found.after.cohesion
    if was.ties and now.parts > was.parts:
        yield Told("lost", words.gettext(
            "By the ties among members that are written down, those who stay would stand in {now} parts, and not in "
            "{was} as today."
        ).format(was=was.parts, now=now.parts))  # fmt: skip
    if 0 < _to_cut(found.after) < _to_cut(found.before):
        yield Told("lost", words.gettext(
            "It would be easier to cut us off from everybody: the loss of {now} would be enough, today of {was}."
        ).format(was=_to_cut(found.before), now=_to_cut(found.after)))  # fmt: skip


def _on_one(found: WhatIf, near: Near, naming: Naming, words: Words) -> Iterator[Told]:
    spread = found.after.concentration
    person, held = next(iter(spread.alone.items()), (-1, ()))
    much = spread.contacts >= FEWEST_CONTACTS and spread.largest_share >= MUCH
    if held and much and person != next(iter(found.before.concentration.alone), -1):
        yield Told("lost", words.ngettext(
            "Then, of {contacts} contacts outside, one would run through {name} alone.",
            "Then, of {contacts} contacts outside, {n} would run through {name} alone.", len(held),
        ).format(contacts=spread.contacts, n=len(held), name=naming[near.ids[person]]))  # fmt: skip


def _felt(found: WhatIf, near: Near, naming: Naming, gone: Collection[str], words: Words) -> Iterator[Told]:
    told = [one for one in found.shifts if near.ids[one.actor] not in gone and one.actor != near.collective]
    told = [one for one in told if near.ids[one.actor] in naming.names and abs(one.after - one.before) >= SMALLEST]
    more = [near.ids[one.actor] for one in told if one.after > one.before][:MOST_NAMED]
    less = [near.ids[one.actor] for one in told if one.after < one.before][:MOST_NAMED]
    if more:
        said = words.gettext("What strikes us would weigh more on {names}.")
        yield Told("felt", said.format(names=naming.listed(more)))
    if less:
        said = words.gettext("What strikes us would reach less, help as well as harm, to {names}.")
        yield Told("felt", said.format(names=naming.listed(less)))


def _could_do(
    found: WhatIf, near: Near, naming: Naming, gone: Collection[str], lost: Collection[int], words: Words
) -> Iterator[Told]:
    for row in list(lost)[:MOST_NAMED]:
        name = naming[near.ids[row]]
        yield Told("could_do", words.gettext(
            "Another of us could get to know {name} now, while somebody can still introduce us."
        ).format(name=name))  # fmt: skip
    if found.before.cohesion.ties and found.after.cohesion.parts > found.before.cohesion.parts:
        yield Told(
            "could_do", words.gettext("Those who would be parted could meet without going through anybody else.")
        )
    if any(one in near.leads for one in gone):
        yield Told("could_do", words.gettext(
            "We could agree now who speaks and decides with whom if whoever leads cannot be reached."
        ))  # fmt: skip
    if any(one in near.insiders for one in gone):
        yield Told("could_do", words.gettext(
            "If somebody has to leave for a time: how they stay part of decisions, who looks after their family and "
            "their tasks, and when they come back can be agreed beforehand."
        ))  # fmt: skip


def _reached(strength: FabricStrength) -> dict[int, Reach]:
    return {one.ally: one for one in strength.reach if one.hops >= 0}


def _to_cut(strength: FabricStrength) -> int:
    return max(0, strength.cut_from_all)
