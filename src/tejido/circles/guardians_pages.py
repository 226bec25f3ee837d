"""What the pages of guardians show."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tejido.circles.guardians_forms import BeginForm, ChooseForm, ReturnForm
from tejido.circles.proving import ProofSheet


@dataclass(frozen=True)
class OnTheWay:
    """Somebody on their way back: ``hours`` until guardians may agree, ``may_agree`` whether the reader may now."""

    id: UUID
    name: str
    hours: int
    given: int
    is_me: bool
    guards: bool
    agreed: bool
    too_old: bool

    @property
    def may_agree(self) -> bool:
        """Whether the reader may hand their share on now."""
        return self.guards and not self.agreed and not self.too_old and self.hours <= 0


@dataclass(frozen=True)
class GuardiansPage:
    """One's own guardians, whom one guards, and who is on their way back."""

    mine: tuple[str, ...]
    needed: int
    hours: int
    lost: bool
    guarded: tuple[str, ...]
    form: BeginForm | None
    under_way: tuple[OnTheWay, ...]


@dataclass(frozen=True)
class ChoosePage:
    """Choosing guardians; ``enough`` people are there to choose from."""

    form: ChooseForm
    enough: bool


@dataclass(frozen=True)
class AgreePage:
    """Handing one's share on."""

    one: OnTheWay
    form: ProofSheet


@dataclass(frozen=True)
class AskPage:
    """Asking one's guardians; ``words`` and ``number`` on the one answer that shows them."""

    is_open: bool
    words: str = ""
    number: str = ""
    wait_seconds: int = 0


@dataclass(frozen=True)
class ReturnPage:
    """Coming back in, once guardians agreed."""

    form: ReturnForm
    offered: str
    is_open: bool
    wait_seconds: int = 0
