"""What each relation carries in this circle: as it chose, and as its own records taught where the gate is open."""

from __future__ import annotations

from tejido.domain.affectation_weights import Weights, with_learned
from tejido.readings.settings import chosen_settings
from tejido.readings.warning_kept import last_verdict


def weights_now() -> Weights:
    """Return the weights of the circle at work; none is learned while the gate is shut or nothing was reckoned."""
    chosen, verdict = chosen_settings().weights(), last_verdict()
    return with_learned(chosen, verdict.shares) if verdict is not None and verdict.open else chosen
