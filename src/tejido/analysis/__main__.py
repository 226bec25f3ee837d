"""``python -m tejido.analysis``: translate every loop now, so that no page waits for it later. Set-up does it once."""

from __future__ import annotations

from tejido.analysis import diffusion, fabric_strength, felt, in_turn, patterns_aggressor, warning

if __name__ == "__main__":
    for room in (warning, diffusion, fabric_strength, felt, in_turn, patterns_aggressor):
        room.warm()
