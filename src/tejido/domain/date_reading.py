"""How dates are read from what people type, in Spanish, English, French and Portuguese.

Numbers alone are read day first, in every language: ``03/04/2024`` is the third of April. The words of all
four languages are understood whatever the page's language, because people mix them; no word of one means
another thing in the other. What cannot be read in exactly one way is refused with a sentence.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tejido.domain.date_words import LANGUAGES, Precision, Span, last_day, listed
from tejido.domain.errors import BadInput
from tejido.domain.words import N_

NOT_A_DATE = N_(
    "This date could not be understood. What you typed was kept. Write it like 17/11/2026 (day first), "
    "17 November 2026, November 2026, 2026, or “between 3 and 9 May 2024”."
)
NO_SUCH_DAY = N_(
    "There is no such day in the calendar. What you typed was kept. Numbers are read day first: 17/11/2026 "
    "is the 17th of November."
)
SHORT_YEAR = N_("Please write the year with four digits, such as 1973. What you typed was kept.")
WRONG_WEEKDAY = N_(
    "The day of the week and the date do not agree. What you typed was kept; please correct one of the two."
)
IN_THE_FUTURE = N_(
    "This date is still to come. What you typed was kept. Write when it happened; if you are not sure, a "
    "month or a year is enough."
)
REVERSED = N_("The end comes before the beginning. What you typed was kept; please exchange the two dates.")

_LONGEST = 200


def fold(text: str) -> str:
    """Return ``text`` in small letters without accents, with one kind of dash and of blank."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = re.sub(r"[‐‑‒–—―−]", "-", plain)
    plain = re.sub(r"['’`´]", " ", plain)
    return " ".join(plain.split())


def _month_words() -> dict[str, int]:
    found: dict[str, int] = {}
    for language in LANGUAGES.values():
        for names in (language.months, language.short_months):
            for number, name in enumerate(names, start=1):
                found[fold(name).rstrip(".")] = number
    extra = {"setiembre": 9, "set": 9, "sept": 9, "mars": 3, "agost": 8, "fevr": 2, "janv": 1, "juil": 7}
    return found | extra


MONTHS = _month_words()
_FILLERS = frozenset(
    listed(
        "el la los las le les l du de del da do d the of on en in em no na dia dias day jour mes month "
        "mois ano year annee o os"
    )
)
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "lunes monday lundi segunda",
            "martes tuesday mardi terca",
            "miercoles wednesday mercredi quarta",
            "jueves thursday jeudi quinta",
            "viernes friday vendredi sexta",
            "sabado saturday samedi",
            "domingo sunday dimanche",
        )
    )
    for name in listed(names)
}
_JOINERS = frozenset(listed("y e and et to a al ao au hasta ate until till through jusqu - /"))
_ABOUT = (
    r"(?:hacia|alrededor|aproximadamente|aprox|mas o menos|a eso|como|sobre|cerca|about|around|approximately|"
    r"approx|circa|ca|c|roughly|vers|environ|autour|a peu pres|por volta|mais ou menos|~)"
)
_TOKEN = re.compile(
    r"(?P<ymd>\d{4}([-/.])\d{1,2}\2\d{1,2}(?!\d))|(?P<dmy>\d{1,2}([-/.])\d{1,2}\4\d{4}(?!\d))"
    r"|(?P<short>\d{1,2}([-/.])\d{1,2}\6\d{2}(?!\d))|(?P<ym>\d{4}-\d{2}(?![\d]))|(?P<my>\d{1,2}[-/]\d{4}(?!\d))"
    r"|(?P<dm>\d{1,2}/\d{1,2}(?![\d/]))|(?P<year>\d{4}(?!\d))"
    r"|(?P<day>\d{1,2})(?:st|nd|rd|th|er|re|ero|ro|o|a)?(?![\da-z])|(?P<word>[a-z]+)|(?P<mark>[-/])"
    r"|(?P<blank>[\s.,]+)|(?P<other>.)"
)


@dataclass(frozen=True, slots=True)
class _Parts:
    """What was said of one date: some of year, month and day."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    @property
    def precision(self) -> Precision:
        return "day" if self.day is not None else "month" if self.month is not None else "year"

    def span(self) -> tuple[date, date]:
        """Return first and last day; ``ValueError`` when the calendar has no such day."""
        if self.year is None:
            raise ValueError("no year")
        if self.month is None:
            return date(self.year, 1, 1), date(self.year, 12, 31)
        if self.day is None:
            return date(self.year, self.month, 1), last_day(self.year, self.month)
        one = date(self.year, self.month, self.day)
        return one, one


def read(text: str, *, today: date) -> Span:
    """Read one date or range as people type it.

    A day or month without a year is the most recent one that has begun by ``today``. Raises ``BadInput`` when
    nothing or more than one thing can be understood, and when the date lies wholly after ``today``.
    """
    plain = fold(text[: _LONGEST + 1])
    if not plain or len(text) > _LONGEST:
        raise BadInput(NOT_A_DATE)
    plain, about = _without_about(plain)
    relative = _relative(plain, today)
    if relative is not None:
        return relative._replace(about=relative.about or about)
    tokens, weekdays = _without_weekdays(list(_tokens(plain)))
    start, end, precision = _single(tokens, today) or _range(tokens, today) or _refuse(NOT_A_DATE)
    if start > today:
        raise BadInput(IN_THE_FUTURE)
    if weekdays and (precision != "day" or weekdays != {start.weekday()}):
        raise BadInput(WRONG_WEEKDAY)
    return Span(start, end, precision, about)


def _refuse(message: str) -> tuple[date, date, Precision]:
    raise BadInput(message)


def _without_about(plain: str) -> tuple[str, bool]:
    bare = plain.replace("~", " ")
    bare = re.sub(rf"^(?:{_ABOUT}(?![a-z])[. ]*)+", "", bare.strip())
    bare = re.sub(rf"[ (]+{_ABOUT}[.) ]*$", "", bare)
    return " ".join(bare.split()), " ".join(bare.split()) != " ".join(plain.split())


def _tokens(plain: str) -> Iterator[tuple[str, str]]:
    for match in _TOKEN.finditer(plain):
        kind = match.lastgroup or "other"
        if kind == "short":
            raise BadInput(SHORT_YEAR)
        if kind != "blank":
            yield kind, match.group(kind)


def _without_weekdays(tokens: list[tuple[str, str]]) -> tuple[list[tuple[str, str]], set[int]]:
    """Take out the days of the week, which only confirm a date."""
    named = {_WEEKDAYS[text] for _, text in tokens if text in _WEEKDAYS}
    return [token for token in tokens if token[1] not in _WEEKDAYS and token[1] != "feira"], named


def _parts(tokens: list[tuple[str, str]]) -> _Parts | None:
    """Return the one date the tokens speak of, or nothing when they do not speak of exactly one."""
    found: list[tuple[str, int]] = []
    for kind, text in tokens:
        if kind in {"ymd", "dmy", "ym", "my", "dm"}:
            names = {"y": "year", "m": "month", "d": "day"}
            numbers = [int(number) for number in re.split(r"[-/.]", text)]
            found += [(names[letter], number) for letter, number in zip(kind, numbers, strict=True)]
        elif kind in {"year", "day"}:
            found.append((kind, int(text)))
        elif kind == "word" and text in MONTHS:
            found.append(("month", MONTHS[text]))
        elif kind == "mark" or (kind == "word" and text in _FILLERS):
            continue
        else:
            return None
    said = dict(found)
    if not found or len(said) != len(found) or ("day" in said and "year" in said and "month" not in said):
        return None
    return _Parts(**said)


def _single(tokens: list[tuple[str, str]], today: date) -> tuple[date, date, Precision] | None:
    parts = _parts(tokens)
    if parts is None or (parts.year is None and parts.month is None):
        return None
    start, end = _placed(parts, today)
    return start, end, parts.precision


def _placed(parts: _Parts, today: date) -> tuple[date, date]:
    """Return the span of the parts; without a year, the most recent one begun by today."""
    years = [parts.year] if parts.year is not None else range(today.year, max(today.year - 9, 0), -1)
    for year in years:
        try:
            start, end = replace(parts, year=year).span()
        except ValueError:
            continue
        if parts.year is not None or start <= today:
            return start, end
    raise BadInput(NO_SUCH_DAY)


def _range(tokens: list[tuple[str, str]], today: date) -> tuple[date, date, Precision] | None:
    openers = ("entre", "between", "from", "desde", "depuis")
    if tokens and tokens[0][1] in openers:
        tokens = tokens[1:]
    for place, (kind, text) in enumerate(tokens):
        if kind not in {"word", "mark"} or text not in _JOINERS:
            continue
        first, last = _parts(tokens[:place]), _parts(tokens[place + 1 :])
        if first is not None and last is not None and _belong_together(first, last):
            return _joined(first, last, today)
    return None


def _belong_together(first: _Parts, last: _Parts) -> bool:
    if last.year is None and last.month is None:
        return False
    return first.year is not None or first.precision == last.precision


def _joined(first: _Parts, last: _Parts, today: date) -> tuple[date, date, Precision]:
    """Lend the first date what only the second says: ``3-9 May 2024``, ``30 April to 3 May``."""
    month = first.month if first.month is not None or first.day is None else last.month
    first = replace(first, month=month)
    crosses_new_year = month is not None and last.month is not None and month > last.month
    if first.year is None and last.year is None:
        began = _placed(first, today)[0]
        ended = _end_of(replace(last, year=began.year + crosses_new_year))
    else:
        ended = _end_of(last) if last.year is not None else _end_of(replace(last, year=first.year))
        year = first.year if first.year is not None else ended.year - crosses_new_year
        began = _placed(replace(first, year=year), today)[0]
    if began > ended:
        raise BadInput(REVERSED)
    return began, ended, "day" if began == ended else "range"


def _end_of(parts: _Parts) -> date:
    try:
        return parts.span()[1]
    except ValueError as no_day:
        raise BadInput(NO_SUCH_DAY) from no_day


_NUMBERS = {
    word: number
    for number, words in enumerate(
        (
            "un una uno one a an une um uma",
            "dos two deux dois duas",
            "tres three trois",
            "cuatro four quatre quatro",
            "cinco five cinq",
            "seis six",
            "siete seven sept sete",
            "ocho eight huit oito",
            "nueve nine neuf nove",
            "diez ten dix dez",
        ),
        start=1,
    )
    for word in words.split()
}
_UNITS = {
    word: unit
    for unit, words in {
        "day": "dia dias day days jour jours",
        "week": "semana semanas week weeks semaine semaines",
        "month": "mes meses month months mois",
        "year": "ano anos year years an ans annee annees",
    }.items()
    for word in words.split()
}
_DAYS_BACK = {
    "hoy": 0, "today": 0, "aujourd hui": 0, "hoje": 0,
    "ayer": 1, "yesterday": 1, "hier": 1, "ontem": 1, "anoche": 1, "last night": 1,
    "anteayer": 2, "antier": 2, "antes de ayer": 2, "the day before yesterday": 2, "day before yesterday": 2,
    "avant-hier": 2, "avant hier": 2, "anteontem": 2,
}  # fmt: skip
_COUNT = r"(?P<vague>unos |unas |como |about |around |environ |uns |umas |cerca de )?(?P<count>\d{1,4}|[a-z]+)"
_AGO = re.compile(
    rf"(?:hace|il y a|ha|faz) {_COUNT} (?P<unit>[a-z]+)(?: atras)?"
    rf"|{_COUNT.replace('vague', 'vague2').replace('count', 'count2')} (?P<unit2>[a-z]+) (?:ago|atras)"
)
_LAST = re.compile(
    r"(?:la |el |le |l |a |o |no |na )?(?P<unit>semana|mes|ano|semaine|mois|annee) "
    r"(?:pasad[oa]|passad[oa]|derniere?)"
    r"|last (?P<unit2>week|month|year)"
)
_THIS = re.compile(r"(?:esta|este|this|cette|ce|cet|nesta|neste) (?P<unit>[a-z]+)(?:[- ]ci)?")


def _relative(plain: str, today: date) -> Span | None:
    """Read ``ayer``, ``3 days ago``, ``le mois dernier``, ``esta semana``; else nothing."""
    if plain in _DAYS_BACK:
        day = _back(today, _DAYS_BACK[plain])
        return Span(day, day, "day", False)
    for pattern, count in ((_LAST, 1), (_THIS, 0)):
        match = pattern.fullmatch(plain)
        if match:
            groups = match.groupdict()
            return _whole_unit(groups.get("unit2") or groups["unit"], count, today)
    match = _AGO.fullmatch(plain)
    if match is None:
        return None
    word = match["count"] or match["count2"]
    number = int(word) if word.isdigit() else _NUMBERS.get(word)
    unit = _UNITS.get(match["unit"] or match["unit2"])
    if number is None or unit is None:
        return None
    vague = bool(match["vague"] or match["vague2"])
    if unit in {"day", "week"}:
        day = _back(today, number * (7 if unit == "week" else 1))
        return Span(day, day, "day", vague or unit == "week")
    return _whole_unit(unit, number, today)._replace(about=vague)


def _back(today: date, days: int) -> date:
    try:
        return today - timedelta(days=days)
    except OverflowError as before_the_calendar:
        raise BadInput(NO_SUCH_DAY) from before_the_calendar


def _whole_unit(word: str, count: int, today: date) -> Span:
    """Return the whole week, month or year that lies ``count`` back."""
    unit = _UNITS.get(word, word)
    if unit == "week":
        monday = _back(today, today.weekday() + 7 * count)
        end = min(monday + timedelta(days=6), today)
        return Span(monday, end, "day" if monday == end else "range", False)
    if unit == "month":
        months = today.year * 12 + today.month - 1 - count
        parts = _Parts(months // 12, months % 12 + 1)
    elif unit == "year":
        parts = _Parts(today.year - count)
    else:
        raise BadInput(NOT_A_DATE)
    try:
        start, end = parts.span()
    except ValueError as before_the_calendar:
        raise BadInput(NO_SUCH_DAY) from before_the_calendar
    return Span(start, end, parts.precision, False)
