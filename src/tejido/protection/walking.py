"""Walking through what a page holds already, a few at a time and by key, as lists are walked everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from tejido.web.paging import Page

T = TypeVar("T")


def a_few(
    rows: Sequence[T], ids: Sequence[UUID], *, size: int, after: UUID | None = None, before: UUID | None = None
) -> Page[T]:
    """Return the ``size`` rows behind ``after``, or those that end before ``before``; ``ids`` name the rows in order.

    An id that is not among them (taken out meanwhile) begins at the beginning.
    """
    if before is not None and before in ids:
        end = ids.index(before)
        start = max(end - size, 0)
    else:
        start = ids.index(after) + 1 if after is not None and after in ids else 0
        end = start + size
    shown = tuple(rows[start:end])
    last = ids[start + len(shown) - 1] if shown and start + len(shown) < len(rows) else None
    return Page(shown, after=last, before=ids[start] if shown and start > 0 else None)
