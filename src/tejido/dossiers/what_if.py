"""*What if*: who could not be reached, whom we come to know, whose name becomes known; and what would change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tejido.domain.errors import BadInput
from tejido.dossiers.ways import actor_way, way
from tejido.readings.what_if import Choice, Supposed, WhatIfReading, suppose
from tejido.readings.what_if_words import Told
from tejido.web.wording import WORDS


@dataclass(frozen=True)
class Asked:
    """What came with the form, as it was typed or chosen; ``asked`` when it was sent at all."""

    gone: Sequence[str] = ()
    meets: Sequence[str] = ()
    raised: Sequence[str] = ()
    asked: bool = False


@dataclass(frozen=True)
class Option:
    """Somebody to choose, and whether they are."""

    choice: Choice
    is_gone: bool
    is_met: bool
    is_raised: bool


@dataclass(frozen=True)
class WhatIfPage:
    """The form with what was chosen, the sentence of a mistake, and what would change."""

    name: str
    back: str
    our_fabric: str
    inside: tuple[Option, ...]
    outside: tuple[Option, ...]
    mistake: str
    asked: bool
    lost: tuple[Told, ...]
    good: tuple[Told, ...]
    felt: tuple[Told, ...]
    could_do: tuple[Told, ...]
    figures: tuple[tuple[str, int, int], ...]
    hides_names: bool
    cut: bool

    @property
    def is_empty(self) -> bool:
        """Whether there is nobody to choose."""
        return not (self.inside or self.outside)


def what_if_page(collective: UUID, asked: Asked, *, today: date) -> WhatIfPage:
    """Compose the page; ``NotFound``. A bad choice becomes a sentence on the page and the form stays."""
    mistake = ""
    try:
        supposed = Supposed(_ids(asked.gone), _ids(asked.meets), _ids(asked.raised))
        found = suppose(collective, supposed, today=today, words=WORDS, reckon=asked.asked or not supposed.is_nothing)
    except BadInput as slip:
        mistake, found = slip.sentence(WORDS), suppose(collective, Supposed(), today=today, words=WORDS, reckon=False)
    return _page(found, asked, mistake)


def _page(found: WhatIfReading, asked: Asked, mistake: str) -> WhatIfPage:
    options = [
        Option(one, one.actor in asked.gone, one.actor in asked.meets, one.actor in asked.raised)
        for one in found.choices
    ]

    def told(*sorts: str) -> tuple[Told, ...]:
        return tuple(one for one in found.told if one.sort in sorts)

    return WhatIfPage(
        name=found.name,
        back=actor_way(found.collective),
        our_fabric=way("dossiers:our_fabric", found.collective),
        inside=tuple(one for one in options if one.choice.inside),
        outside=tuple(one for one in options if not one.choice.inside),
        mistake=mistake,
        asked=found.found is not None,
        lost=told("lost"),
        good=told("holds", "gained"),
        felt=told("felt"),
        could_do=told("could_do"),
        figures=found.figures,
        hides_names=found.hides_names,
        cut=found.cut,
    )


def _ids(given: Sequence[str]) -> tuple[UUID, ...]:
    """Return what was chosen; an empty choice is none, and what is no id is nobody known here."""
    return tuple(_id(one) for one in given if one.strip())


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
