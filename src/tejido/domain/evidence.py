"""What may be done with evidence: to whom it may be given, by the consent of whoever gave it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from tejido.domain.errors import RuleBroken
from tejido.domain.words import N_

#: The audience that needs no consent: the circle that keeps the item.
INTERNAL: Final = "internal"

_NOT_AGREED: Final = N_(
    "Whoever gave this has not agreed that it goes there, so it was not handed over. Ask them; once they agree, write "
    "it down with the item and come back."
)


def require_agreement(agreed: Collection[str], audience: str) -> None:
    """Refuse to give an item to an ``audience`` that is not among those ``agreed``; ``RuleBroken``.

    One audience never stands for another: who agreed to the media has not agreed to a named authority.
    """
    if audience != INTERNAL and audience not in agreed:
        raise RuleBroken(_NOT_AGREED)
