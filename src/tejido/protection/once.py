"""What is sent twice is made once: a form says beforehand under which id it makes what it makes.

A finger that presses twice, a page that is sent again after the light went: the second time the record is there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID, uuid4

from django import forms
from django.db import IntegrityError

from tejido.circles.models import CircleRecord
from tejido.domain.errors import Conflict
from tejido.vault.journal import By
from tejido.web.forms import Sheet

R = TypeVar("R", bound=CircleRecord)


class NewSheet(Sheet):
    """A sheet that makes something new; ``once`` is the id that it will have."""

    once = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)

    def taken_once(self) -> UUID | None:
        """Take the id out of what was told, and return it."""
        once: UUID | None = self.cleaned_data.pop("once", None)
        return once


def made_once(model: type[R], once: UUID | None, by: By, make: Callable[[], R]) -> R:
    """Return what is there already under this id, else what ``make`` makes under it.

    Raises ``Conflict`` for an id that something else has.
    """
    if once is None:
        return make()
    there = model._default_manager.filter(pk=once, circle_id=by.circle_id)
    known = there.first()
    if known is not None:
        return known
    try:
        return make()
    except IntegrityError:  # the same form, sent again a moment ago
        known = there.first()
        if known is None:
            raise Conflict from None
        return known
