"""What recurs, told in sentences, and the days of occasions as a circle types them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final
from uuid import UUID

from tejido.domain.dates import ImpreciseDate
from tejido.domain.errors import BadInput
from tejido.domain.words import N_, Words
from tejido.readings.patterns import Recurring
from tejido.vocabularies import vocabulary

#: The most occasions, and days of one, that are taken.
MOST_OCCASIONS: Final = 5
MOST_DAYS: Final = 200

_DAYS: Final = (
    N_("on Mondays"), N_("on Tuesdays"), N_("on Wednesdays"), N_("on Thursdays"), N_("on Fridays"),
    N_("on Saturdays"), N_("on Sundays"),
)  # fmt: skip
_MONTHS: Final = (
    N_("in January"), N_("in February"), N_("in March"), N_("in April"), N_("in May"), N_("in June"), N_("in July"),
    N_("in August"), N_("in September"), N_("in October"), N_("in November"), N_("in December"),
)  # fmt: skip

_NO_NAME: Final = N_(
    "Line {n} of the occasions does not say what they are. Write a word and a colon before the days, as in “hearings: "
    "2026-03-05, 2026-04-10”. What you typed was kept."
)
_NO_DAY: Final = N_(
    "Line {n} of the occasions has something that is not a day: “{text}”. Write each day like 2026-03-05, with commas "
    "between them. What you typed was kept."
)
_TOO_MANY: Final = N_(
    "There are too many occasions: at most {lines} lines with {days} days each. What you typed was kept; leave some "
    "out."
)


def occasions_typed(text: str, *, today: date, lang: str) -> dict[str, list[date]]:
    """Return the days of each occasion, a line each; ``BadInput`` says which line to look at again."""
    found: dict[str, list[date]] = {}
    for n, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        name, colon, days = line.partition(":")
        if not (name.strip() and colon):
            raise BadInput(_NO_NAME, n=n)
        found.setdefault(name.strip(), []).extend(_day(one.strip(), n, today, lang) for one in _parts(days))
        if not found[name.strip()]:
            raise BadInput(_NO_DAY, n=n, text="")
    if len(found) > MOST_OCCASIONS or any(len(days) > MOST_DAYS for days in found.values()):
        raise BadInput(_TOO_MANY, lines=MOST_OCCASIONS, days=MOST_DAYS)
    return found


def _parts(days: str) -> Iterable[str]:
    return [one for one in days.replace(";", ",").split(",") if one.strip()]


def _day(text: str, line: int, today: date, lang: str) -> date:
    """Return a day; one still to come is taken as it is, in figures."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    try:
        when = ImpreciseDate.parse(text, today=today, lang=lang)
    except BadInput:
        raise BadInput(_NO_DAY, n=line, text=text) from None
    if when.earliest != when.latest:
        raise BadInput(_NO_DAY, n=line, text=text)
    return when.earliest


def say_recurring(one: Recurring, names: Mapping[UUID, str], lang: str, words: Words) -> str:
    """Return what recurs in a sentence, with how often and how often by chance alone."""
    told = _what(one, names, lang, words)
    if one.subject is not None:
        told = words.gettext("Against {name} and its own: {what}").format(name=names.get(one.subject, ""), what=told)
    return told


def _what(one: Recurring, names: Mapping[UUID, str], lang: str, words: Words) -> str:
    figures = {"seen": one.seen, "expected": f"{one.expected:.1f}"}
    if one.kind in ("weekday", "month"):
        when = _DAYS[int(one.what[0])] if one.kind == "weekday" else _MONTHS[int(one.what[0]) - 1]
        return words.gettext("{seen} incidents {when}; by chance alone there would be about {expected}.").format(
            when=words.gettext(when), **figures
        )
    if one.kind == "sequence":
        acts = vocabulary("acts")
        return words.gettext(
            "“{first}” comes before “{second}” within a month {seen} times; if the order were chance, about "
            "{expected}."
        ).format(first=acts.label(one.what[0], lang), second=acts.label(one.what[1], lang), **figures)
    if one.by is not None:
        return words.gettext(
            "{name} is said to have gone on within ten days from one to the next {seen} times; by chance alone about "
            "{expected}."
        ).format(name=names.get(one.by, ""), **figures)
    if one.kind == "before":
        told = words.gettext("in the seven days before “{what}”, {seen} incidents; in other weeks about {expected}.")
    else:
        told = words.gettext("in the seven days from “{what}” on, {seen} incidents; in other weeks about {expected}.")
    return told.format(what=one.what[0], **figures)


def how_sure(q: float, words: Words) -> str:
    """Return how sure that is, after correcting for all that was compared."""
    if q <= 0.01:
        return words.gettext("very likely no chance: of a hundred such claims, about one would be false")
    if q <= 0.05:
        return words.gettext("likely no chance: of twenty such claims, about one would be false")
    return words.gettext("perhaps no chance: of ten such claims, about one would be false")
