"""``python -m tejido.analysis``: translate every loop now, so that no page waits for it later. Set-up does it once."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from importlib import import_module

#: Whatever has a ``warm``, the longest first.
_ROOMS = ("warning", "diffusion", "fabric_strength", "patterns_aggressor", "felt", "in_turn")


def _warm(room: str) -> None:
    import_module(f"tejido.analysis.{room}").warm()


if __name__ == "__main__":
    with ProcessPoolExecutor(2) as two:
        list(two.map(_warm, _ROOMS))
