"""What is seen of a collective's fabric, told in sentences: words first, and the numbers they rest on in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from tejido.analysis.fabric_strength import FabricStrength
from tejido.domain.words import N_, Words
from tejido.readings.fabric_names import Naming
from tejido.readings.fabric_near import Near

Topic = Literal["together", "on_one", "reach", "decisions", "without"]
#: From what part of the outside contacts on it is said that much hangs on one person. Assumed, as in the rule.
MUCH = 0.5
FEWEST_CONTACTS = 2
#: With more parts than this share of the members, ties are not written down rather than not there. Assumed.
TOO_FEW = 0.5


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence of the reading: what it is about, and whether it asks to be looked at together."""

    topic: Topic
    sentence: str
    asks: bool = False


def say_fabric(strength: FabricStrength, near: Near, naming: Naming, words: Words) -> list[Said]:
    """Return what can be said of a collective, in the order in which a group would ask."""
    if not strength.named:
        contacts = strength.concentration.contacts
        told = words.gettext(
            "No member is recorded, and none has to be: how people hold together inside cannot be told. "
            "What follows is about the ties of the collective itself."
        )
        outside = words.ngettext(
            "It is tied to one actor outside.", "It is tied to {n} actors outside.", contacts
        ).format(n=contacts)
        return [
            Said("together", told),
            Said("reach", outside if contacts else _no_contact(words)),
            *_cut(strength, words),
        ]
    return [
        Said("together", _together(strength, words), _is_parted(strength)),
        *_concentrated(strength, near, naming, words),
        *_cut(strength, words),
        *_without(strength, near, naming, words),
    ]


def say_decisions(counts: Sequence[tuple[str, int]], words: Words) -> list[Said]:
    """Say how decisions were taken: ``counts`` by way of deciding, the most frequent first."""
    many = sum(count for _, count in counts)
    if not many:
        return [Said("decisions", words.gettext("No decision is recorded, so nothing can be said of who decides."))]
    told = words.ngettext(
        "Of the one decision on record: {how}.", "Of the latest {n} decisions on record: {how}.", many
    ).format(n=many, how=", ".join(f"{label} {count}" for label, count in counts))
    return [Said("decisions", told)]


def _is_parted(strength: FabricStrength) -> bool:
    return 1 < strength.cohesion.parts <= strength.cohesion.members * TOO_FEW


def _together(strength: FabricStrength, words: Words) -> str:
    seen = strength.cohesion
    if seen.members == 1:
        return words.gettext("Only one member is recorded: what holds the group together cannot be told from that.")
    if not seen.ties:
        return words.gettext(
            "No ties among the {n} recorded members are written down: they are tied through the collective alone."
        ).format(n=seen.members)
    if seen.parts > seen.members * TOO_FEW:
        return words.ngettext(
            "Only one tie among the {n} recorded members is written down: too few to tell how they hold together.",
            "Only {ties} ties among the {n} recorded members are written down: too few to tell how they hold "
            "together.",
            seen.ties,
        ).format(n=seen.members, ties=seen.ties)
    if seen.parts > 1:
        return words.gettext(
            "By the ties among members that are written down, the {n} members stand in {parts} parts without a tie "
            "between them."
        ).format(n=seen.members, parts=seen.parts)
    if seen.connectivity < 2:
        return words.gettext(
            "All {n} members hang together, but in one place by one person alone: without that person they would part."
        ).format(n=seen.members)
    return words.gettext(
        "All {n} members hang together, and would still if {fewer} of them could not be reached, whoever it was."
    ).format(n=seen.members, fewer=seen.connectivity - 1)


def _concentrated(strength: FabricStrength, near: Near, naming: Naming, words: Words) -> Iterator[Said]:
    seen = strength.concentration
    if not seen.contacts:
        yield Said("reach", _no_contact(words), asks=True)
        return
    person, held = next(iter(seen.alone.items()), (-1, ()))
    if len(held) and seen.contacts >= FEWEST_CONTACTS and seen.largest_share >= MUCH:
        yield Said("on_one", words.ngettext(
            "Of {contacts} contacts outside, {n} runs through {name} alone. A second person could get to know it now.",
            "Of {contacts} contacts outside, {n} run through {name} alone. A second person could get to know them "
            "now.",
            len(held),
        ).format(contacts=seen.contacts, n=len(held), name=naming[near.ids[person]]), asks=True)  # fmt: skip
    elif seen.alone:
        yield Said("on_one", words.gettext(
            "Contacts outside are spread: of {contacts}, {shared} are known to several or to the collective as such, "
            "and no one person holds half of them."
        ).format(contacts=seen.contacts, shared=seen.shared))  # fmt: skip
    else:
        yield Said("on_one", words.ngettext(
            "The one contact outside is known to several or to the collective as such: it hangs on nobody alone.",
            "All {contacts} contacts outside are known to several or to the collective as such: none hangs on one "
            "person alone.",
            seen.contacts,
        ).format(contacts=seen.contacts))  # fmt: skip
    leads = len(near.leads)
    if leads == 1:
        yield Said("on_one", words.gettext("One person is recorded as leading."), asks=True)
    elif leads:
        yield Said("on_one", words.gettext("{n} are recorded as leading.").format(n=leads))


def _cut(strength: FabricStrength, words: Words) -> Iterator[Said]:
    fewest = strength.cut_from_all
    if fewest > 0:
        yield Said("reach", words.ngettext(
            "If one alone could not be reached any more, we could lose the way to all our allies.",
            "It would take the loss of at least {n} at once to cut us off from all our allies.",
            fewest,
        ).format(n=fewest), asks=fewest == 1)  # fmt: skip


def _without(strength: FabricStrength, near: Near, naming: Naming, words: Words) -> Iterator[Said]:
    """Say what would remain after losing the best connected, one after the other, where it tells something new."""
    before: tuple[str, str] | None = None
    for left in strength.remaining:
        now = part(left.contacts, words), part(left.allies, words)
        if len(left.lost) >= strength.cohesion.members or not strength.concentration.contacts:
            return
        if now == before:
            continue
        before = now
        told = words.ngettext(
            "Without {names}, who is tied to most: contacts outside that could still be reached, {contacts}; allies, "
            "{allies}.",
            "Without {names}, who are tied to most: contacts outside that could still be reached, {contacts}; allies, "
            "{allies}.",
            len(left.lost),
        )
        names = naming.listed(near.ids[row] for row in left.lost)
        yield Said("without", told.format(
            names=names, contacts=now[0], allies=now[1]
        ))  # fmt: skip


def part(share: float, words: Words) -> str:
    """Return a part of a whole as a word that somebody would say aloud."""
    if share <= 0.0:
        return words.gettext("none of them")
    if share >= 1.0:
        return words.gettext("all of them")
    for most, word in (
        (0.2, N_("a few of them")),
        (0.45, N_("less than half of them")),
        (0.55, N_("about half of them")),
        (0.85, N_("most of them")),
    ):
        if share < most:
            return words.gettext(word)
    return words.gettext("almost all of them")


def _no_contact(words: Words) -> str:
    return words.gettext("No contact outside is recorded: whom would we call?")
