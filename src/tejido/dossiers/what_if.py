"""*What if*: who could not be reached, whom we come to know, whose name becomes known; and what would change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tejido.domain.errors import BadInput
from tejido.dossiers.ways import actor_way, way
from tejido.readings.what_if import KINDS, Choice, Supposed, TieChoice, WhatIfReading, suppose
from tejido.readings.what_if_words import Told
from tejido.vocabularies import vocabulary
from tejido.web.wording import WORDS, page_language


@dataclass(frozen=True)
class Asked:
    """What came with the form, as it was typed or chosen; ``asked`` when it was sent at all."""

    gone: Sequence[str] = ()
    meets: Sequence[str] = ()
    raised: Sequence[str] = ()
    parted: Sequence[str] = ()
    tie_from: str = ""
    tie_kind: str = ""
    tie_to: str = ""
    asked: bool = False


@dataclass(frozen=True)
class Option:
    """Somebody to choose, and whether they are."""

    choice: Choice
    is_gone: bool
    is_met: bool
    is_raised: bool


@dataclass(frozen=True)
class TieOption:
    """A tie to choose, in words, and whether it is supposed to be gone."""

    tie: str
    words: str
    is_gone: bool


@dataclass(frozen=True)
class EndOption:
    """Somebody a tie may be made with, and whether they are chosen as the one end or the other."""

    actor: str
    name: str
    is_from: bool
    is_to: bool


@dataclass(frozen=True)
class WhatIfPage:
    """The form with what was chosen, the sentence of a mistake, and what would change."""

    name: str
    back: str
    our_fabric: str
    inside: tuple[Option, ...]
    outside: tuple[Option, ...]
    ties: tuple[TieOption, ...]
    ends: tuple[EndOption, ...]
    kinds: tuple[tuple[str, str, bool], ...]
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
    def chose_tie(self) -> bool:
        """Whether one tie was chosen, so that its part of the form stays open."""
        return any(one.is_gone for one in self.ties) or any(one.is_from or one.is_to for one in self.ends)

    @property
    def is_empty(self) -> bool:
        """Whether there is nobody to choose."""
        return not (self.inside or self.outside)


def what_if_page(collective: UUID, asked: Asked, *, today: date) -> WhatIfPage:
    """Compose the page; ``NotFound``. A bad choice becomes a sentence on the page and the form stays."""
    mistake = ""
    try:
        supposed = Supposed(_ids(asked.gone), _ids(asked.meets), _ids(asked.raised), _ids(asked.parted), _woven(asked))
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
        ties=tuple(TieOption(one.tie, _said(one), one.tie in asked.parted) for one in found.ties),
        ends=_ends(found, asked),
        kinds=tuple((kind, _label(kind), kind == asked.tie_kind) for kind in KINDS),
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


def _woven(asked: Asked) -> tuple[tuple[UUID, str, UUID], ...]:
    """Return the tie that is supposed to be made; none where neither end was chosen."""
    if not (asked.tie_from.strip() or asked.tie_to.strip()):
        return ()
    return ((_id(asked.tie_from), asked.tie_kind, _id(asked.tie_to)),)


def _ends(found: WhatIfReading, asked: Asked) -> tuple[EndOption, ...]:
    ourselves = (str(found.collective), found.name)
    everybody = [ourselves, *((one.actor, one.name) for one in found.choices)]
    return tuple(EndOption(one, name, one == asked.tie_from, one == asked.tie_to) for one, name in everybody)


def _said(one: TieChoice) -> str:
    return f"{one.frm} – {_label(one.kind)} – {one.to}"


def _label(kind: str) -> str:
    return vocabulary("tie_kinds").label(kind, page_language())


def _ids(given: Sequence[str]) -> tuple[UUID, ...]:
    """Return what was chosen; an empty choice is none, and what is no id is nobody known here."""
    return tuple(_id(one) for one in given if one.strip())


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
