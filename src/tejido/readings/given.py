"""What is given to the actions of this slice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

AFFECTED, WARNING, PATTERN = "affected", "warning", "pattern"


@dataclass(frozen=True, slots=True)
class Doubted:
    """Which reading is held to be wrong: that ``incident`` touches ``actor``; what may come to ``actor`` or in

    ``territory``; or the pattern ``key`` of ``actor`` (None: of all). ``figures``: what the reading says, in numbers.
    """

    reading: str
    incident: UUID | None = None
    actor: UUID | None = None
    territory: UUID | None = None
    key: str = ""
    figures: Mapping[str, object] = field(default_factory=dict)

    @property
    def about(self) -> UUID | None:
        """The dossier that what is said against it belongs to; None: the circle's."""
        return self.incident or self.actor
