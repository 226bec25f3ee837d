"""What is a change of a plan that its group has to decide on, and measures that wait for each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tejido.domain.errors import RuleBroken
from tejido.domain.words import N_

#: Of a measure, what the group decided on when it adopted it. Who does it, by when and how it stands is follow-up.
SUBSTANCE: Final = frozenset(["title", "code", "family", "threat_id", "person_id"])


class MeasuresInCircle(RuleBroken):
    """A measure would wait for one that waits for it: none of them could ever begin."""

    message = N_(
        "These measures would wait for each other in a circle, so none could begin. What you typed was kept. "
        "Choose which of them comes first."
    )


def is_substance(before: Mapping[str, object], after: Mapping[str, object]) -> bool:
    """Say whether a change is one that the group has to decide on: what is done, for whom, against what."""
    return any((before.get(name) or "") != (after.get(name) or "") for name in SUBSTANCE)


def circle_of(first: str, waits_for: Mapping[str, str]) -> tuple[str, ...]:
    """Return the measures that wait for each other, beginning with ``first``; nothing when they come to an end.

    ``waits_for`` says for each measure the one that has to be there before it.
    """
    way, seen = [first], {first}
    while (follows := waits_for.get(way[-1])) is not None:
        if follows == first:
            return tuple(way)
        if follows in seen:
            return ()
        seen.add(follows)
        way.append(follows)
    return ()


def refuse_circle(first: str, waits_for: Mapping[str, str]) -> None:
    """Raise ``MeasuresInCircle`` when ``first`` would wait for itself."""
    if circle_of(first, waits_for):
        raise MeasuresInCircle
