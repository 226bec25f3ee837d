"""Addresses of pages by the names of their views, worked out once: a long list asks for the same one on every row."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from django.urls import get_script_prefix, get_urlconf, reverse

_ANY = UUID(int=0)


def address(view: str, *ids: UUID | str) -> str:
    """Return the address of ``view`` for records of these ids, or codes; ``NoReverseMatch`` without such a page."""
    shape = _shape(view, len(ids), get_urlconf(), get_script_prefix())
    if not ids:
        return shape[0]
    return "".join(part for pair in zip(shape, [*map(str, ids), ""], strict=True) for part in pair)


@lru_cache(maxsize=512)
def _shape(view: str, ids: int, urlconf: str | None, prefix: str) -> tuple[str, ...]:
    """Return what stands before, between and after the ids in the address of ``view``."""
    return tuple(reverse(view, urlconf=urlconf, args=[_ANY] * ids).split(str(_ANY)))
