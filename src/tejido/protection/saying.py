"""What a plan says of itself at its head, in a few sentences, on the page and on paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

_STRONG = re.compile(r"\[([^\[\]]*)\]")


@dataclass(frozen=True)
class Piece:
    """A part of a sentence; ``strong`` when it is what matters."""

    text: str
    strong: bool


@dataclass(frozen=True)
class Standing:
    """How a plan stands, in numbers: measures not given up, those in place, threats and measures that lack."""

    status: str
    total: int
    in_place: int
    unanswered: int
    ownerless: int
    late: int


def voice_of(plan: Standing) -> tuple[Piece, ...]:
    """Return the sentences at the head of a plan: what is in place, what lacks. Square brackets mark what matters."""
    pieces = []
    for sentence in _sentences(plan):
        parts = _STRONG.split(sentence)
        pieces += [Piece(text, at % 2 == 1) for at, text in enumerate(parts) if text]
        pieces.append(Piece(" ", False))
    return tuple(pieces[:-1])


def _sentences(plan: Standing) -> Iterator[str]:
    if plan.status == "draft":
        yield _("The group has [not adopted] this plan yet.")
    elif plan.status == "closed":
        yield _("This plan is [closed]; it stays here to learn from.")
    if not plan.total:
        yield _("There are no measures yet: begin with what you already do to look after yourselves.")
        return
    placed = ngettext(
        "Of %(total)s measure, %(placed)s is [in place].",
        "Of %(total)s measures, %(placed)s are [in place].",
        plan.total,
    )
    yield placed % {"total": plan.total, "placed": plan.in_place}
    if plan.unanswered:
        told = ngettext("%(many)s threat has [no measure].", "%(many)s threats have [no measure].", plan.unanswered)
        yield told % {"many": plan.unanswered}
    if plan.ownerless:
        told = ngettext("%(many)s measure has [nobody] yet.", "%(many)s measures have [nobody] yet.", plan.ownerless)
        yield told % {"many": plan.ownerless}
    if plan.late:
        told = ngettext("%(many)s measure is [late].", "%(many)s measures are [late].", plan.late)
        yield told % {"many": plan.late}
