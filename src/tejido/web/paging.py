"""One page of a list that is walked by key, never by offset."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """The rows of one page and where its neighbours begin.

    ``after`` is the id of the last row when there are more rows after it; ``before`` the id of the first row when
    there are more before it. Both are opaque ids, so that no name ever stands in an address.
    """

    rows: tuple[T, ...]
    after: UUID | None = None
    before: UUID | None = None
