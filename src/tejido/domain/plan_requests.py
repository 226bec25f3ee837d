"""Requests for one person: what funders and hosts ask, and what the group and the family ask first.

A request never stands alone: it is made from within the collective's dossier, or says why not. The questions are
prompts; what is not answered is said, and the request can still be sent. Source: lines of support and the questions
on relocation of ProtectDefenders.eu (REFERENCE); the harms, Protection International.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from tejido.domain.errors import RuleBroken
from tejido.domain.plan_findings import Finding, Told, finding_of
from tejido.domain.words import N_

GRANT, RELOCATION, APPEAL, ACCOMPANIMENT = "grant", "relocation", "appeal", "accompaniment"
EVERY: Final = (GRANT, RELOCATION, APPEAL, ACCOMPANIMENT)


class RequestStandsAlone(RuleBroken):
    """A request names neither the collective it is made from nor the reason why there is none."""

    message = N_(
        "A request for one person is made from within their group, because what happens to one lands on all. What you "
        "typed was kept. Choose the group, or write why the request has to stand outside it."
    )


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a request; ``of`` are the kinds (``request_kinds``) it is asked for."""

    code: str
    words: str
    of: tuple[str, ...] = EVERY
    long: bool = True


QUESTIONS: Final[tuple[Question, ...]] = (
    Question("why", N_("What happened, and why is it urgent?")),
    Question("group_says", N_("What does the group say to this request?")),
    Question("effect_on_group", N_("What happens to the group and its work meanwhile, and who takes up the tasks?")),
    Question("family", N_("Who is family here, what do they need, and do they come along?")),
    Question("effect_on_person", N_("What does it cost the person: work, land, company, peace of mind?")),
    Question("other_ways", N_("What else was tried or thought of, nearer to home?"), (RELOCATION, GRANT)),
    Question("amount", N_("How much is needed, and for what?"), (GRANT,), long=False),
    Question("travel", N_("Where to, by which way, and who knows of it?"), (RELOCATION,)),
    Question("duration", N_("For how long?"), (RELOCATION, ACCOMPANIMENT), long=False),
    Question("return_plan", N_("What has to be there for a safe return, and who prepares it?"), (RELOCATION,)),
    Question("while_away", N_("How does the person stay part of the group while away?"), (RELOCATION,)),
    Question("ask", N_("What exactly is asked, and of whom?"), (APPEAL,)),
    Question("named", N_("Who may be named, and who said so?"), (APPEAL,)),
    Question("cause", N_("How does the appeal speak of the common cause and not of one person?"), (APPEAL,)),
    Question("who_comes", N_("Who goes along, since when does the group trust them?"), (ACCOMPANIMENT,)),
    Question("rules", N_("Which rules of the group do they keep, and how does it end?"), (ACCOMPANIMENT,)),
)


def questions_of(kind: str) -> tuple[Question, ...]:
    """Return the questions of a kind of request, in the order they are asked."""
    return tuple(question for question in QUESTIONS if kind in question.of)


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """A request: its kind, how it stands, which questions are answered, and the days that were agreed on."""

    request: str
    kind: str
    status: str = "preparing"
    answered: frozenset[str] = frozenset()
    answer_by: date | None = None
    back_on: date | None = None
    in_collective: bool = True
    has_reason_outside: bool = False


def refuse_standing_alone(request: RequestFacts) -> None:
    """Raise ``RequestStandsAlone`` unless it is made from within a collective or says why not."""
    if not request.in_collective and not request.has_reason_outside:
        raise RequestStandsAlone


def unanswered(request: RequestFacts) -> tuple[Question, ...]:
    """Return the questions nobody has answered yet."""
    return tuple(one for one in questions_of(request.kind) if one.code not in request.answered)


def findings(request: RequestFacts, today: date) -> list[Finding]:
    """Return what is late with a request, and what it has not yet looked at; nothing once it is over."""
    return list(_found(request, today))


def _found(request: RequestFacts, today: date) -> Iterator[Finding]:
    if request.status in ("refused", "ended", "withdrawn"):
        return
    if request.status == "sent" and request.answer_by is not None and request.answer_by < today:
        yield finding_of(MESSAGES, "answer_late", "late", request.request, when=request.answer_by)
    if request.back_on is not None and request.back_on < today:
        yield finding_of(MESSAGES, "return_late", "late", request.request, when=request.back_on)
    open_ones = {one.code for one in unanswered(request)}
    if "group_says" in open_ones:
        yield finding_of(MESSAGES, "group_unheard", "note", request.request)
    if "effect_on_group" in open_ones:
        yield finding_of(MESSAGES, "effect_on_group_unsaid", "note", request.request)
    if "family" in open_ones:
        yield finding_of(MESSAGES, "family_unheard", "note", request.request)
    if "return_plan" in open_ones:
        yield finding_of(MESSAGES, "return_unplanned", "note", request.request)
    if not request.in_collective:
        yield finding_of(MESSAGES, "outside_the_group", "note", request.request)


MESSAGES: Final[Mapping[str, Told]] = {
    "answer_late": Told(
        N_("An answer was to come by {when}."),
        N_("Whoever waits in danger waits alone."),
        N_("Ask again, in writing, and look at what else can be done meanwhile."),
    ),
    "return_late": Told(
        N_("The return was planned for {when}."),
        N_("Coming back gets harder with every month, for the person and for the group."),
        N_("Talk with the person, the family and the group: come back, stay longer, or another way."),
    ),
    "group_unheard": Told(
        N_("What the group says to it is not written down."),
        N_("What happens to one lands on all; who was not asked may not carry it along."),
        N_("Ask the group, and write it in a sentence."),
    ),
    "effect_on_group_unsaid": Told(
        N_("What it does to the group and its work is not written down."),
        N_("A measure that protects one person can weaken, divide or expose the others."),
        N_("Ask who takes up the tasks meanwhile, and what the others need for it."),
    ),
    "family_unheard": Told(
        N_("Nothing is written down about the family."),
        N_("Families are threatened in place of those who left, and carry what they left behind."),
        N_("Ask them themselves, also the older children."),
    ),
    "return_unplanned": Told(
        N_("The way back is not planned."),
        N_("A departure without a return is a displacement, and whoever threatened has won."),
        N_("Agree before leaving what has to be there for a safe return."),
    ),
    "outside_the_group": Told(
        N_("This request stands outside any group, for the reason written down."),
        N_("Sometimes the group is where the danger is; mostly it is where protection is."),
        N_("Look again from time to time whether the reason still holds."),
    ),
}
