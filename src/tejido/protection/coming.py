"""Dates that are agreed on: most lie ahead, as people say them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from django.forms import CharField, ValidationError
from django.utils import timezone

from tejido.domain.date_reading import IN_THE_FUTURE
from tejido.domain.dates import ImpreciseDate
from tejido.domain.errors import BadInput
from tejido.domain.words import N_
from tejido.web.forms import WhenField
from tejido.web.wording import page_language, sentence_of

_YEAR_AHEAD: Final = timedelta(days=364)
_FAR_AHEAD: Final = date(9000, 12, 31)
_MOST_YEARS: Final = 100
_NO_YEAR: Final = N_("Please write the year as well, such as November 2027.")


class ComingField(WhenField):
    """A date that may be still to come: “March” is the next March, “March 2025” stays what it says."""

    def clean(self, value: Any) -> Any:
        text = CharField.clean(self, value)
        if not text:
            return None
        try:
            return read_coming(text, today=timezone.localdate(), lang=page_language())
        except BadInput as error:
            raise ValidationError(sentence_of(error), code="invalid") from None


def read_coming(text: str, *, today: date, lang: str) -> ImpreciseDate:
    """Read a date that may lie ahead; one without a year is the next that is not over by ``today``.

    Raises ``BadInput`` as ``ImpreciseDate.parse`` does, but for a date to come.
    """
    try:
        behind = ImpreciseDate.parse(text, today=today, lang=lang)
    except BadInput as error:
        if error.message != IN_THE_FUTURE:
            raise
        ahead = ImpreciseDate.parse(text, today=_FAR_AHEAD, lang=lang)
        if ahead.start.year > today.year + _MOST_YEARS:
            raise BadInput(_NO_YEAR) from None
        return ahead
    if behind.end >= today:
        return behind
    ahead = ImpreciseDate.parse(text, today=today + _YEAR_AHEAD, lang=lang)
    # What was said with its year does not move; “yesterday” moves with the day it is said on, and was meant.
    return behind if ahead.start - behind.start in (timedelta(0), _YEAR_AHEAD) else ahead
