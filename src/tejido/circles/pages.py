"""What the pages of the circle show."""

from __future__ import annotations

from dataclasses import dataclass

from tejido.circles.forms import CircleForm, NewPassphraseForm, PassphraseForm, UnlockForm


@dataclass(frozen=True)
class UnlockPage:
    """The passphrase, asked for. ``came_too_late``: a form arrived after the lock and is kept.

    ``too_slow``: the passphrase was right, and the second factor came too long after it.
    """

    form: UnlockForm
    came_too_late: bool = False
    wait_seconds: int = 0
    too_slow: bool = False


@dataclass(frozen=True)
class LeftPage:
    """An empty page on the way to the neutral site."""

    address: str


@dataclass(frozen=True)
class SendAgainPage:
    """A form kept over the lock, offered to be sent now."""

    address: str
    fields: tuple[tuple[str, str], ...]
    lost_files: bool


@dataclass(frozen=True)
class PassphrasePage:
    """First step of the set-up: the words offered, and the choice between them and one's own."""

    form: PassphraseForm
    offered: str


@dataclass(frozen=True)
class CirclePage:
    """Second step of the set-up: what to begin with, and names."""

    form: CircleForm


@dataclass(frozen=True)
class NewPassphrasePage:
    """Changing the passphrase."""

    form: NewPassphraseForm
    offered: str
