"""Loops compiled by Numba: typed, cached on disk beside the source, and without threads of their own.

A compiled loop is translated for its types the first time it is called, which takes seconds. ``warm`` of
``tejido.analysis.warning`` calls each once, so that set-up can pay for it and no page waits.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """Return ``function`` compiled; the result is cached on disk. Divisions follow IEEE rules."""
    return cast(Function, njit(cache=True, nogil=True, error_model="numpy")(function))


def compiled_freely(function: Function) -> Function:
    """Return ``function`` compiled; sums may be taken in any order, so that several are taken at once."""
    free = {"reassoc", "contract", "arcp", "nsz"}
    return cast(Function, njit(cache=True, nogil=True, error_model="numpy", fastmath=free)(function))
