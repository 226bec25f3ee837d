"""Posters to work on together: each a sheet with few words and much room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tejido.domain.assessment import ASPECT_WORDS, ASPECTS
from tejido.protection.printing import shortened
from tejido.protection.sessions.bodies import body_at, text, wheel_of
from tejido.protection.sessions.forms import title_of
from tejido.protection.sessions.kit_cards import step_name
from tejido.protection.sessions.kit_parts import PaperPage, Piece, lines, say, table
from tejido.protection.sessions.models import Assessment
from tejido.protection.sessions.queries import ModuleKnown
from tejido.protection.sessions.saying import name_of
from tejido.vocabularies import vocabulary
from tejido.web.wording import page_language

#: A poster has room for so many threats at least, and so many at most.
FEWEST_ROWS: Final = 4
MOST_ROWS: Final = 12
#: What is longer than this is cut on a wall, a name or a label of a spoke sooner; and so many names of a side, so many
#: lines of an agenda.
_LONGEST: Final = 60
_LONGEST_LABEL: Final = 40
_NAMES: Final = 8
_AGENDA: Final = 8


def posters_for(session: Assessment, modules: Sequence[ModuleKnown]) -> list[PaperPage]:
    """Return the posters of a session, in the order of its steps."""
    whose = shortened(session.collective.usual_name, _LONGEST)
    pieces: list[tuple[str, tuple[Piece, ...]]] = [
        (shortened(title_of(session), _LONGEST), _agenda(session)),
        (step_name("work"), (say(_question("work"), quiet=True), lines(5))),
        (step_name("interests"), (_forces(session),)),
        (step_name("components"), (_components(),)),
        (step_name("pictures"), (_pictures(session),)),
        (step_name("priorities"), (_priorities(session),)),
        (step_name("wheel"), ({"kind": "wheel", "labels": wheel_labels(session)},)),
        (step_name("fabric"), (_threads(),)),
    ]
    return [PaperPage(whose, title, parts) for title, parts in pieces]


def wheel_labels(session: Assessment) -> list[str]:
    """Return the labels of the eight spokes, the group's own where it has some."""
    spokes = wheel_of(body_at(session.parts.all(), "wheel"), page_language())
    return [shortened(spoke.label, _LONGEST_LABEL) for spoke in spokes]


def threats_named(session: Assessment) -> list[str]:
    """Return the threats that have room on paper, in the group's words."""
    return [threat.words for threat in session.threats.all()][:MOST_ROWS]


def threat_rows(session: Assessment) -> tuple[tuple[str, str], ...]:
    """Return the threats of a session as rows, and empty ones after them."""
    named = [(shortened(words, _LONGEST), "") for words in threats_named(session)]
    return (*named, *[("", "")] * max(FEWEST_ROWS - len(named), 0))


def _question(step: str) -> str:
    return vocabulary("assessment_steps").term(step).text("question", page_language())


def _agenda(session: Assessment) -> tuple[Piece, ...]:
    when = session.held_on.words(page_language()) if session.held_on is not None else ""
    said = " · ".join(part for part in (when, shortened(session.place, _LONGEST)) if part)
    agenda = [line for line in session.agenda.splitlines() if line.strip()][:_AGENDA]
    told = [say(shortened(line, _LONGEST)) for line in agenda]
    return (*([say(said, quiet=True)] if said else []), *(told or [lines(5, _("What we want to do"))]))


def _forces(session: Assessment) -> Piece:
    sides: dict[float, list[str]] = {-1: [], 0: [], 1: []}
    stances = vocabulary("assessment_stances")
    for part in session.parts.all():
        if part.step == "interests" and not part.about:
            stance = text(part.body, "stance")
            pull = stances.term(stance).number("pull") if stance in stances else 0
            sides[pull or 0].append(shortened(name_of(part), _LONGEST_LABEL))
    for side, names in sides.items():
        if (rest := len(names) - _NAMES) > 0:
            sides[side] = [*names[:_NAMES], ngettext("and %(n)s more", "and %(n)s more", rest) % {"n": rest}]
    says = {"against": _("against"), "open": _("undecided"), "favour": _("in favour")}
    return {"kind": "forces", "against": sides[-1], "open": sides[0], "favour": sides[1], "says": says}


def _components() -> Piece:
    rows = tuple((_large(one.label(page_language())), "") for one in vocabulary("assessment_components"))
    heads = ("", _("exposes us"), _("protects us"), _("we can change"))
    return table(heads, rows, shares=(4, 5, 5, 5), tall=2, circles=False)


def _pictures(session: Assessment) -> Piece:
    heads = ("", *(_(ASPECT_WORDS[aspect]) for aspect in ASPECTS))
    return table(heads, threat_rows(session), shares=(3, 4, 4, 4), tall=10, circles=True)


def _priorities(session: Assessment) -> Piece:
    return table(("", _("our beans, stickers or marks")), threat_rows(session), shares=(4, 6), tall=14, circles=False)


def _threads() -> Piece:
    rows = tuple(
        (_large(one.label(page_language())), one.definition(page_language()))
        for one in vocabulary("assessment_threads")
    )
    return table(("", ""), rows, shares=(7, 4), tall=0, circles=True)


def _large(label: str) -> str:
    return label[:1].upper() + label[1:]
