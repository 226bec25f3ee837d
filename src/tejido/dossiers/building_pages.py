"""What the page *What is building up* shows."""

from __future__ import annotations

from dataclasses import dataclass, field

from tejido.domain.dates import ImpreciseDate
from tejido.dossiers.pages import Named
from tejido.dossiers.wrong_pages import Wrong
from tejido.drawing.svg import Drawing


@dataclass(frozen=True)
class Why:
    """One reason: in words, how many in a hundred of what is expected, and whether it is ``learned`` or assumed."""

    words: str
    hundredths: int
    learned: bool


@dataclass(frozen=True)
class ComingLine:
    """What may come to one collective or territory. ``who`` has no address for those of no known group."""

    who: Named
    sentence: str
    lately: str
    reasons: tuple[Why, ...]
    notice: bool
    wrong: Wrong = field(default_factory=Wrong)


@dataclass(frozen=True)
class BuildingPage:
    """What may come to whom; ``ready`` is false while nothing was reckoned yet, ``empty`` where there is nothing to.

    ``under_way``: how many in a hundred of a reckoning are done, None when none is; ``fresh``: nothing was written
    since this was reckoned. ``looks_back``: an earlier day was asked for, as ``typed``.
    """

    ready: bool
    empty: bool
    fresh: bool
    under_way: int | None
    as_of: ImpreciseDate | None
    is_past: bool
    days: int
    lead: str
    above: tuple[Named, ...]
    collectives: tuple[ComingLine, ...]
    territories: tuple[ComingLine, ...]
    by_collective: Drawing
    by_territory: Drawing
    gate_open: bool
    gate: str
    learned: tuple[str, ...]
    kept: tuple[str, ...]
    left_out: tuple[str, ...]
    incidents: int
    meet: str
    how: str
    again: str
    own_settings: bool = False
    typed: str = ""
    mistake: str = ""
    looks_back: bool = False
