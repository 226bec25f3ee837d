"""What a circle may choose about its readings, each with its default and its bounds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tejido.analysis.warning_model import Settings


@dataclass(frozen=True, slots=True)
class Chosen:
    """``days``: how far ahead is looked · ``forget``: after how many days what happened weighs only a third ·
    ``prior_weight``: how many incidents the assumed weights count for · ``notice``: a notice stands on the first page
    where the chance of an incident is at least so many in a hundred · ``as_of``: a past day to look from, if any.
    """

    days: int = 30
    forget: int = 120
    prior_weight: int = 10
    notice: int = 50
    as_of: date | None = None

    def settings(self) -> Settings:
        """Return them as the model takes them."""
        return Settings(forget=float(self.forget), prior_weight=float(self.prior_weight))


DEFAULTS = Chosen()
