"""How imprecise dates are printed, in English, Spanish, French and Portuguese.

Dates are not put together from message ids: the order of the parts, the articles and the ordinals differ too
much. So each language has its small table here; ``tejido.domain.date_reading`` reads back everything printed.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

Precision = Literal["day", "month", "year", "range"]


class Span(NamedTuple):
    """A stretch of days, both ends included, with how precisely it was given."""

    start: date
    end: date
    precision: Precision
    about: bool


@dataclass(frozen=True, slots=True)
class DateLanguage:
    """The words one language needs for its dates."""

    months: tuple[str, ...]
    short_months: tuple[str, ...]
    of: str
    first: str
    article: str
    around: str
    around_day: str
    roughly: str
    between: str


def listed(words: str) -> tuple[str, ...]:
    """Return the words of a line."""
    return tuple(words.split())


LANGUAGES: dict[str, DateLanguage] = {
    "en": DateLanguage(
        months=listed("January February March April May June July August September October November December"),
        short_months=listed("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"),
        of=" ",
        first="1",
        article="",
        around="around {when}",
        around_day="around {when}",
        roughly="roughly {when}",
        between="between {first} and {last}",
    ),
    "es": DateLanguage(
        months=listed("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"),
        short_months=listed("ene feb mar abr may jun jul ago sep oct nov dic"),
        of=" de ",
        first="1",
        article="el ",
        around="hacia {when}",
        around_day="hacia el {when}",
        roughly="más o menos {when}",
        between="entre {first} y {last}",
    ),
    "fr": DateLanguage(
        months=listed("janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
        short_months=listed("janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc."),
        of=" ",
        first="1er",
        article="le ",
        around="vers {when}",
        around_day="vers le {when}",
        roughly="à peu près {when}",
        between="entre {first} et {last}",
    ),
    "pt": DateLanguage(
        months=listed("janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro"),
        short_months=listed("jan. fev. mar. abr. mai. jun. jul. ago. set. out. nov. dez."),
        of=" de ",
        first="1º",
        article="",
        around="por volta de {when}",
        around_day="por volta de {when}",
        roughly="mais ou menos {when}",
        between="entre {first} e {last}",
    ),
}


def base_language(lang: str) -> str:
    """Return the language of a tag such as ``es-CL``; English when it is none of ours."""
    base = lang.replace("_", "-").split("-")[0].lower()
    return base if base in LANGUAGES else "en"


def last_day(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def print_in_full(span: Span, lang: str) -> str:
    """Return the span in whole words, such as ``entre el 3 y el 9 de mayo de 2024``."""
    words = LANGUAGES[base_language(lang)]
    if span.precision == "range":
        first, last = _ends(span, words, words.months, words.of)
        when = words.between.format(first=first, last=last)
        return words.roughly.format(when=when) if span.about else when
    when = _one(span.start, span.precision, words, words.months, words.of)
    if not span.about:
        return when
    return (words.around_day if span.precision == "day" else words.around).format(when=when)


def print_short(span: Span, lang: str) -> str:
    """Return the span for a narrow column, such as ``3–9 may 2024`` or ``c. 1975``."""
    words = LANGUAGES[base_language(lang)]
    if span.precision == "range":
        bare = DateLanguage(**{name: getattr(words, name) for name in words.__slots__} | {"article": ""})
        first, last = _ends(span, bare, words.short_months, " ")
        dash = "–" if " " not in first else " – "
        when = f"{first}{dash}{last}"
    else:
        when = _one(span.start, span.precision, words, words.short_months, " ")
    return f"c. {when}" if span.about else when


def _one(day: date, precision: Precision, words: DateLanguage, months: tuple[str, ...], of: str) -> str:
    year = f"{day.year:04d}"
    if precision == "year":
        return year
    month = f"{months[day.month - 1]}{of}{year}"
    return month if precision == "month" else f"{_day_number(day, words)}{of}{month}"


def _day_number(day: date, words: DateLanguage) -> str:
    return words.first if day.day == 1 else str(day.day)


def _ends(span: Span, words: DateLanguage, months: tuple[str, ...], of: str) -> tuple[str, str]:
    """Return both ends of a range; the first leaves out what the second already says."""
    start, end = span.start, span.end
    same_year = start.year == end.year
    same_month = same_year and start.month == end.month
    whole_months = start.day == 1 and end == last_day(end.year, end.month) and not same_month
    if whole_months and not same_year and start.month == 1 and end.month == 12:
        return f"{start.year:04d}", f"{end.year:04d}"
    if whole_months:
        first = months[start.month - 1] if same_year else _one(start, "month", words, months, of)
        return first, _one(end, "month", words, months, of)
    first = words.article + _day_number(start, words)
    if not same_month:
        first += of + months[start.month - 1]
    if not same_year:
        first += f"{of}{start.year:04d}"
    return first, words.article + _one(end, "day", words, months, of)
