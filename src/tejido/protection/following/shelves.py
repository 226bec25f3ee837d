"""Making the shelves of a group's page out of its records: what is kept, how it stands, what was found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Final, TypeVar

from django.urls import reverse
from django.utils.translation import gettext as _

from tejido.circles.models import CircleRecord
from tejido.domain import commitments, network_reach, plan_requests
from tejido.domain.dates import ImpreciseDate
from tejido.domain.plan_findings import Finding
from tejido.domain.words import N_
from tejido.fabric.models import Actor
from tejido.fabric.queries import stands
from tejido.protection.facts import decision_facts
from tejido.protection.following import queries
from tejido.protection.following.facts import call_facts, commitment_facts, request_facts
from tejido.protection.following.models import Care, Commitment, DeskRequest, GoodPractice, ReachStep, SafePlace
from tejido.protection.following.pages import Item, Said, Shelf, Way
from tejido.protection.pages import Level
from tejido.vocabularies import vocabulary
from tejido.web.wording import WORDS, page_language

R = TypeVar("R", bound=CircleRecord)

#: On the page of all shelves so many of each are shown; on a shelf's own page all that are read.
FEW: Final = 6
#: By shelf: its title, what it is for, and what to say when it is empty.
WORDS_OF: Final[Mapping[str, tuple[str, str, str]]] = {
    "commitments": (
        N_("What others promised us"),
        N_("Protection is a duty of those who hold power. Write down what they say, for when, and what came of it."),
        N_("Nothing is written down. What has the mayor, the police, a mechanism, a company or an ally promised?"),
    ),
    "reach": (
        N_("Whom we call"),
        N_("In which order, by which way, and whom if nobody answers. A number that was never tried is a hope."),
        N_("Nobody is written down. Begin with three: near, with a duty, far away."),
    ),
    "drills": (
        N_("What we tried out"),
        N_("Try it once while it is calm. Agree beforehand, stop when somebody asks, talk it over after."),
        N_("Nothing was tried out yet."),
    ),
    "places": (
        N_("Places and goods of all"),
        N_("Where we meet, where we can go, what feeds us, what is sacred to us: who cares for it, is it ready."),
        N_("Nothing is written down. What would hurt all of us if it were destroyed?"),
    ),
    "care": (
        N_("How we care for each other"),
        N_("Fear and tiredness are part of what is done to us. Caring is part of the answer, and the work of all."),
        N_("Nothing is written down. Who looks after those who look after everybody?"),
    ),
    "requests": (
        N_("Requests for one person"),
        N_("A grant, a departure, an appeal, company: asked from within the group, with the family and the return."),
        N_("None. What protects one person is asked for here, together with what the others need."),
    ),
    "practices": (
        N_("What we have learned"),
        N_("What helped and what did not, in our words. It stays inside until the group decides otherwise."),
        N_("Nothing is written up yet. What would you tell a community that faces the same?"),
    ),
}


def said_of(finding: Finding) -> Said:
    """Return a finding of a rule in the language of the page."""
    return Said(finding.level, finding.sentence(WORDS, page_language()), finding.why(WORDS), finding.help(WORDS))


def shelf(code: str, group: Actor, today: date, *, most: int | None = None) -> Shelf:
    """Return one shelf of a group; ``most`` cuts it and says how much more there is."""
    items, found = _SHELVES[code](group, today)
    title, voice, empty = WORDS_OF[code]
    return Shelf(
        code=code,
        title=_(title),
        voice=_(voice),
        empty=_(empty),
        items=tuple(items[:most]),
        ways=_ways(code, group),
        found=tuple(found),
        more=max(0, len(items) - most) if most is not None else 0,
    )


def _ways(code: str, group: Actor) -> tuple[Way, ...]:
    new = reverse("protection:keep_new", args=[group.pk, code])
    if code != "requests":
        return (Way(_("Add"), new),)
    kinds = vocabulary("request_kinds")
    return tuple(Way(kinds.label(one, page_language()), f"{new}?kind={one}") for one in kinds.codes)


def _commitments(group: Actor, today: date) -> tuple[list[Item], list[Said]]:
    rows = queries.commitments_of(group.pk)
    facts = [commitment_facts(one) for one in rows]
    found = _by_subject(commitments.findings(facts, today))
    return [_commitment(group, one, found) for one in rows], []


def _commitment(group: Actor, one: Commitment, found: Mapping[str, Sequence[Said]]) -> Item:
    who = one.promised_by_words or (one.promised_by.usual_name if one.promised_by is not None else "")
    told = found.get(str(one.pk), ())
    level: Level = told[0].level if told else "good" if one.status == "kept" else ""
    return Item(
        title=one.words,
        address=_there(group, "commitments", one),
        kind=_label("commitment_kinds", one.kind),
        level=level,
        state=_label("commitment_statuses", one.status),
        facts=_facts(
            (N_("Who"), who),
            (N_("Promised"), one.promised_on),
            (N_("For"), one.due_on),
            (N_("Who of us asks"), one.reminded_by),
            (N_("We saw"), one.outcome),
        ),
        found=tuple(told),
    )


def _reach(group: Actor, today: date) -> tuple[list[Item], list[Said]]:
    rows, drills = queries.calls_of(group.pk), queries.drills_of(group.pk)
    facts = [call_facts(one) for one in rows]
    last = next((one.held_on.latest for one in drills if one.held_on is not None), None)
    all_found = network_reach.findings(facts, last, today)
    found = _by_subject(all_found)
    return [_call(group, one, facts, found) for one in rows], [said_of(one) for one in all_found if not one.subject]


def _call(
    group: Actor, one: ReachStep, facts: Sequence[network_reach.CallFacts], found: Mapping[str, Sequence[Said]]
) -> Item:
    told = found.get(str(one.pk), ())
    following = network_reach.next_after(str(one.pk), facts)
    place = "" if following is None else str(following.position)
    return Item(
        title=f"{one.position}. {one.name}",
        address=_there(group, "reach", one),
        kind=_label("reach_channels", one.channel),
        level=told[0].level if told else "good" if one.answered == "answered" else "",
        state=_label("reach_answers", one.answered) if one.answered else "",
        facts=_facts(
            (N_("How"), one.how),
            (N_("For what"), one.for_what),
            (N_("If nobody answers"), one.stand_in),
            (N_("Then call number"), place),
            (N_("Last tried"), one.tested_on),
            (N_("How often"), _label("review_rhythms", one.rhythm)),
        ),
        found=tuple(told),
    )


def _drills(group: Actor, today: date) -> tuple[list[Item], list[Said]]:
    items = [
        Item(
            title=one.tried,
            address=_there(group, "drills", one),
            state=_when(one.held_on),
            level="late" if one.next_on is not None and one.next_on.end < today else "",
            facts=_facts(
                (N_("Held"), one.held),
                (N_("Did not hold"), one.failed),
                (N_("Again"), one.next_on),
                (N_("How often"), _label("review_rhythms", one.rhythm)),
            ),
        )
        for one in queries.drills_of(group.pk)
    ]
    return items, []


def _places(group: Actor, today: date) -> tuple[list[Item], list[Said]]:
    return [_place(group, one) for one in queries.places_of(group.pk)], []


def _place(group: Actor, one: SafePlace) -> Item:
    levels: dict[str, Level] = {"ready": "good", "nearly": "soon", "not_ready": "late"}
    return Item(
        title=one.name,
        address=_there(group, "places", one),
        kind=_label("safe_place_kinds", one.kind),
        level=levels.get(one.readiness, ""),
        state=_label("readiness", one.readiness),
        facts=_facts(
            (N_("Where, roughly"), one.place),
            (N_("Who cares"), one.carer or _("nobody yet")),
            (N_("Stands in"), one.stand_in),
            (N_("Missing"), one.missing),
            (N_("When attacked"), one.when_attacked),
        ),
    )


def _cares(group: Actor, today: date) -> tuple[list[Item], list[Said]]:
    return [_care(group, one, today) for one in queries.cares_of(group.pk)], []


def _care(group: Actor, one: Care, today: date) -> Item:
    late = one.next_on is not None and one.next_on.end < today
    return Item(
        title=one.words,
        address=_there(group, "care", one),
        kind=_label("care_kinds", one.kind),
        level="late" if late else "",
        facts=_facts(
            (N_("Who"), one.who or _("nobody yet")),
            (N_("Stands in"), one.stand_in),
            (N_("How often"), one.rhythm),
            (N_("Next"), one.next_on),
        ),
    )


def _requests(group: Actor, today: date) -> tuple[list[Item], list[Said]]:
    return [request_item(group, one, today) for one in queries.requests_of(group.pk)], []


def request_item(group: Actor, one: DeskRequest, today: date) -> Item:
    """Return a request as it stands on its group's shelf."""
    facts = request_facts(one)
    found = tuple(said_of(each) for each in plan_requests.findings(facts, today))
    left = len(plan_requests.unanswered(facts))
    return Item(
        title=one.whom or (one.person.usual_name if one.person is not None else _("somebody of the group")),
        address=_there(group, "requests", one),
        kind=_label("request_kinds", one.kind),
        level=found[0].level if found else "",
        state=_label("request_statuses", one.status),
        facts=_facts(
            (N_("Asked of"), one.to_whom),
            (N_("Asked on"), one.asked_on),
            (N_("Answer by"), one.answer_by),
            (N_("Answer"), one.answered),
            (N_("Return"), one.return_on),
            (N_("Questions still open"), str(left) if left else ""),
        ),
        found=found,
    )


def _practices(group: Actor, today: date) -> tuple[list[Item], list[Said]]:
    return [_practice(group, one, today) for one in queries.practices_of(group.pk)], []


def _may_be_told(one: GoodPractice, today: date) -> bool:
    """Say whether the decision and the consent under which it may be told beyond the group still stand."""
    if one.audience == "internal":
        return True
    decided = one.decision is not None and decision_facts(one.decision).covers("sharing", today)
    return decided and one.consent is not None and stands(one.consent, today)


def _practice(group: Actor, one: GoodPractice, today: date) -> Item:
    levels: dict[str, Level] = {"worked": "good", "harmed": "late"}
    return Item(
        title=one.title,
        address=_there(group, "practices", one),
        kind=_label("practice_outcomes", one.outcome),
        level=levels.get(one.outcome, ""),
        state=_label("audiences", one.audience),
        facts=_facts(
            (N_("We did"), one.did),
            (N_("What made it so"), one.helped),
            (N_("Be careful"), one.careful),
        ),
        found=() if _may_be_told(one, today) else (_not_told(),),
    )


def _not_told() -> Said:
    return Said(
        "late",
        _("It is not to be told beyond the group now: the decision or the consent for it no longer stands."),
        way_out=_("Tell it inside only, and ask the group again."),
    )


_SHELVES: Final[Mapping[str, Callable[[Actor, date], tuple[list[Item], list[Said]]]]] = {
    "commitments": _commitments,
    "reach": _reach,
    "drills": _drills,
    "places": _places,
    "care": _cares,
    "requests": _requests,
    "practices": _practices,
}


def _by_subject(found: Iterable[Finding]) -> dict[str, list[Said]]:
    told: dict[str, list[Said]] = {}
    for one in found:
        if one.subject:
            told.setdefault(one.subject, []).append(said_of(one))
    return told


def _facts(*pairs: tuple[str, str | ImpreciseDate | None]) -> tuple[tuple[str, str], ...]:
    """Return what is said of a thing, each with its words before it; what is empty is left out."""
    return tuple(
        (_(words), _when(value) if isinstance(value, ImpreciseDate) else value) for words, value in pairs if value
    )


def _when(when: ImpreciseDate | None) -> str:
    return when.words(page_language()) if when is not None else ""


def _label(name: str, code: str) -> str:
    return vocabulary(name).label(code, page_language()) if code else ""


def _there(group: Actor, code: str, record: CircleRecord) -> str:
    return reverse("protection:keep", args=[group.pk, code, record.pk])
