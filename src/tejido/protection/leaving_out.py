"""Leaving the names of persons out of what is printed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from django.utils.translation import gettext as _

from tejido.domain.names import usual_form
from tejido.fabric.models import Actor
from tejido.protection.models import Plan
from tejido.protection.queries import people_around

#: Parts of a name shorter than this are words of their own too often.
_SHORTEST = 3
_WORD = re.compile(r"\w+")


def names_left_out(plan: Plan) -> Callable[[str], str]:
    """Return what takes persons' names out of a text, whole names in any case and parts of names as written.

    The persons are those tied to the plan's group and those the plan names. What nobody recorded as a name cannot
    be known: whoever prints is told to read the sheet through.
    """
    persons = {one.pk: one for one in people_around(plan.collective) if one.kind == "person"}
    for measure in plan.measures.all():
        for named in (measure.owner, measure.person):
            if named is not None and named.kind == "person":
                persons[named.pk] = named
    return _leaver(persons.values())


def names_left_out_around(group: Actor) -> Callable[[str], str]:
    """Return what takes a group's own name and those of persons tied to it out of a text."""
    persons = [one for one in people_around(group) if one.kind == "person"]
    leave = _leaver(persons)
    own = [re.escape(usual_form(str(name["text"]))) for name in group.names if name["text"]]
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(own)})(?!\w)", re.IGNORECASE) if own else None
    us = _("our group")
    return lambda text: leave(pattern.sub(lambda _match: us, text) if pattern is not None else text)


def _leaver(persons: Iterable[Actor]) -> Callable[[str], str]:
    whole = {usual_form(str(name["text"])) for person in persons for name in person.names}
    somebody = _("somebody of the group")
    patterns = list(_patterns(whole - {""}))
    named = frozenset().union(*map(_words_in, whole))
    every = all(map(_words_in, whole - {""}))

    def without_names(text: str) -> str:
        told = "\n".join(usual_form(line) for line in text.splitlines())
        if every and named.isdisjoint(_words_in(told)):  # most texts name nobody, and the patterns are slow
            return told
        for pattern in patterns:
            told = pattern.sub(lambda _match: somebody, told)
        return told

    return without_names


def _words_in(text: str) -> frozenset[str]:
    """Return the words of a text without regard to case, as the patterns have none: a dotless i is an i."""
    return frozenset(_WORD.findall(text.casefold().replace("i\u0307", "i").replace("ı", "i")))


def _patterns(whole: set[str]) -> Iterator[re.Pattern[str]]:
    if whole:
        yield re.compile(rf"(?<!\w)(?:{_any_of(whole)})(?!\w)", re.IGNORECASE)
    parts = {part for name in whole for part in name.split() if len(part) >= _SHORTEST and part[:1].isupper()}
    if parts:  # neighbouring parts are one person
        yield re.compile(rf"(?<!\w)(?:{_any_of(parts)})(?:\s+(?:{_any_of(parts)}))*(?!\w)")


def _any_of(names: set[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name)))
