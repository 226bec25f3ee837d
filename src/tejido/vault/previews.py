"""Previews of pictures: drawn only where a sandbox holds what draws them, otherwise not at all.

The picture goes in through a pipe, a small PNG comes out through a pipe; the process sees no network, no home, no
workspace, and is bounded in memory and time.
"""

from __future__ import annotations

from typing import BinaryIO, Final

from tejido.domain.errors import BadInput
from tejido.domain.words import N_
from tejido.vault.confining import BROKEN, bubblewrap, take_apart
from tejido.vault.stripping import accepted

#: Kinds of files of which a preview can be drawn.
SHOWN: Final = frozenset({"jpeg", "png", "webp", "tiff", "gif", "bmp"})
NO_SANDBOX: Final = N_(
    "There are no previews on this machine: they are drawn only inside a sandbox, and bubblewrap is not here or may "
    "not work. Whoever keeps the machine can install it (apt-get install bubblewrap)."
)
_PNG: Final = b"\x89PNG\r\n\x1a\n"


def can_preview() -> bool:
    """Say whether this machine has a sandbox in which previews may be drawn."""
    return bool(bubblewrap())


def preview(content: BinaryIO, media: str, size: int) -> bytes:
    """Return a small PNG of a picture; ``BadInput`` where there is no sandbox, or the picture is refused."""
    sandbox = bubblewrap()
    if not sandbox:
        raise BadInput(NO_SANDBOX)
    made = accepted(take_apart("preview", media, content, size, within=sandbox)).content
    if not made.startswith(_PNG):
        raise BadInput(BROKEN)
    return made
