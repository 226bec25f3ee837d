"""One page of a list that is walked by key, never by offset."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypedDict, TypeVar
from uuid import UUID

from django.http import HttpRequest

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


class Place(TypedDict):
    """Where a page begins: after one row, before one row, or at the beginning."""

    after: UUID | None
    before: UUID | None


def place_asked(request: HttpRequest) -> Place:
    """Return where the address asks a list to begin (``?after=`` or ``?before=``); what is no id is passed over."""
    return Place(after=_id(request.GET.get("after")), before=_id(request.GET.get("before")))


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
