"""What members do to follow up: record a promise, a call, a place, care, a request, a review, a sign, a practice.

Every action is one transaction with its line in the journal. ``revision`` is the one a form showed: ``Conflict``
when somebody wrote since, and nothing is lost. A part of a group's dossier also stamps the group.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, TypeVar
from uuid import UUID

from django.db.models import Q

from tejido.circles.models import CircleRecord
from tejido.domain.dates import ImpreciseDate
from tejido.domain.doubles import refuse_double
from tejido.domain.errors import BadInput, NotFound, RuleBroken
from tejido.domain.plan_requests import RequestFacts, refuse_standing_alone
from tejido.domain.reviews import next_review
from tejido.domain.words import N_
from tejido.fabric.models import Actor
from tejido.fabric.queries import consent_covering
from tejido.fabric.touching import may, touch
from tejido.incidents.models import Incident
from tejido.protection.actions import require_collective
from tejido.protection.deciding import require_decision
from tejido.protection.following.facts import months_of
from tejido.protection.following.given import (
    CallGiven,
    CareGiven,
    CommitmentGiven,
    DrillGiven,
    Given,
    PlaceGiven,
    PracticeGiven,
    RequestGiven,
    ReviewGiven,
    SignGiven,
)
from tejido.protection.following.models import (
    Care,
    Commitment,
    DeskRequest,
    Drill,
    GoodPractice,
    ReachStep,
    Review,
    SafePlace,
    SignSeen,
)
from tejido.protection.following.queries import MOST
from tejido.protection.models import Measure, Plan
from tejido.protection.records import GONE, last_week, plan_to_change, sought, under
from tejido.vault.journal import By, Entry, writing
from tejido.vault.records import change, create, remove

R = TypeVar("R", bound=CircleRecord)

#: What a link of a record leads to, by its column.
_LEADS_TO: Final[Mapping[str, type[CircleRecord]]] = {
    "promised_by_id": Actor, "actor_id": Actor, "person_id": Actor, "collective_id": Actor, "measure_id": Measure,
    "plan_id": Plan, "incident_id": Incident,
}  # fmt: skip
_UNTOLD = N_("Say what the group saw, so that it can be shown why. What you typed was kept.")
_NOT_YET = N_("This day is still to come. What you typed was kept; write what has happened once it has.")


class NotShareable(RuleBroken):
    """A practice would be told beyond the group without its decision or its consent."""

    message = N_(
        "The group's consent to share this with that audience is not recorded, or no longer stands. What you typed "
        "was kept inside; record the consent on the group's page, then come back."
    )


def record_commitment(*, by: By, collective: UUID, given: CommitmentGiven, today: date) -> Commitment:
    """Record what somebody promised a group. Raises ``BadInput`` for a promise that was kept on a day to come."""
    return _make(by, "commitment.record", Commitment, collective, _commitment(given, today))


def change_commitment(
    *, by: By, commitment: UUID, given: CommitmentGiven, today: date, revision: int | None = None
) -> Commitment:
    """Write what became of a promise; a broken one needs the words of what the group saw."""
    return _alter(by, "commitment.change", Commitment, commitment, _commitment(given, today), revision)


def _commitment(given: CommitmentGiven, today: date) -> dict[str, object]:
    values = given.values()
    for day in (given.kept_on, given.promised_on):
        if day is not None and day.earliest > today:
            raise BadInput(_NOT_YET)
    if given.status == "broken" and not values["outcome"]:
        raise BadInput(_UNTOLD)
    if given.status == "kept" and given.kept_on is None:
        values["kept_on"] = ImpreciseDate.day(today)
    return values


def record_call(*, by: By, collective: UUID, given: CallGiven, today: date) -> ReachStep:
    """Add a call to the group's network."""
    return _make(by, "reach.record", ReachStep, collective, _call(given, today))


def change_call(*, by: By, call: UUID, given: CallGiven, today: date, revision: int | None = None) -> ReachStep:
    """Change a call, or write what its test showed."""
    return _alter(by, "reach.change", ReachStep, call, _call(given, today), revision)


def _call(given: CallGiven, today: date) -> dict[str, object]:
    values = given.values()
    if given.tested_on is not None and given.tested_on.earliest > today:
        raise BadInput(_NOT_YET)
    if given.answered and given.tested_on is None:
        values |= {"tested_on": ImpreciseDate.day(today), "tested_week": last_week(ImpreciseDate.day(today))}
    return values


def record_drill(*, by: By, collective: UUID, given: DrillGiven, today: date) -> Drill:
    """Record what the group tried out."""
    return _make(by, "drill.record", Drill, collective, _drill(given))


def change_drill(*, by: By, drill: UUID, given: DrillGiven, today: date, revision: int | None = None) -> Drill:
    """Correct what was written of a drill."""
    return _alter(by, "drill.change", Drill, drill, _drill(given), revision)


def _drill(given: DrillGiven) -> dict[str, object]:
    """Return the values of a drill; the next one is on the day agreed on, else in its rhythm."""
    values = given.values()
    if given.next_on is None and given.rhythm and given.held_on is not None:
        following = ImpreciseDate.day(next_review(given.held_on.latest, months_of(given.rhythm)))
        values |= {"next_on": following, "next_week": last_week(following)}
    return values


def record_place(*, by: By, collective: UUID, given: PlaceGiven, today: date) -> SafePlace:
    """Record a place or a good of all that the group looks after."""
    return _make(by, "place.record", SafePlace, collective, given.values())


def change_place(*, by: By, place: UUID, given: PlaceGiven, today: date, revision: int | None = None) -> SafePlace:
    """Change what is known of a place: who cares, whether it is ready."""
    return _alter(by, "place.change", SafePlace, place, given.values(), revision)


def record_care(*, by: By, collective: UUID, given: CareGiven, today: date) -> Care:
    """Record how people care for each other."""
    return _make(by, "care.record", Care, collective, given.values())


def change_care(*, by: By, care: UUID, given: CareGiven, today: date, revision: int | None = None) -> Care:
    """Change how people care for each other."""
    return _alter(by, "care.change", Care, care, given.values(), revision)


def record_request(*, by: By, given: RequestGiven) -> DeskRequest:
    """Record a request for one person; ``RequestStandsAlone`` without a collective and without the reason."""
    values = given.values()
    _refuse_alone(given, values)
    with writing(by=by, action="request.record") as entry:
        _check_links(by, values)
        if given.collective is not None:
            require_collective(sought(Actor, given.collective, by))
        made = create(DeskRequest(circle_id=by.circle_id, **values), entry)
        _about(made, entry)
    return made


def change_request(*, by: By, request: UUID, given: RequestGiven, revision: int | None = None) -> DeskRequest:
    """Change a request, or write its answer; its kind stays."""
    values = given.values()
    _refuse_alone(given, values)
    return _alter(by, "request.change", DeskRequest, request, values, revision)


def _refuse_alone(given: RequestGiven, values: Mapping[str, object]) -> None:
    facts = RequestFacts(
        "", given.kind, in_collective=given.collective is not None, has_reason_outside=bool(values["outside_because"])
    )
    refuse_standing_alone(facts)


def record_practice(*, by: By, collective: UUID, given: PracticeGiven, today: date) -> GoodPractice:
    """Write up what was learned.

    Beyond the group's own circle: raises ``NotDecided`` without the group's decision about sharing,
    ``NotShareable`` without its consent for that audience.
    """
    return _make(by, "practice.record", GoodPractice, collective, _practice(by, collective, given, today))


def change_practice(
    *, by: By, practice: UUID, given: PracticeGiven, today: date, revision: int | None = None
) -> GoodPractice:
    """Change what was learned, or how far it may be told; see ``record_practice``."""
    known = sought_record(GoodPractice, practice, by)
    values = _practice(by, known.collective_id, given, today)
    return _alter(by, "practice.change", GoodPractice, practice, values, revision)


def _practice(by: By, collective: UUID, given: PracticeGiven, today: date) -> dict[str, object]:
    values = given.values()
    if given.audience == "internal":
        return values | {"decision": None, "consent": None}
    group = sought(Actor, collective, by)
    decision = require_decision(collective, "sharing", today)
    consent = consent_covering(group, "share", given.audience, today)
    if consent is None:
        raise NotShareable
    return values | {"decision": decision, "consent": consent}


def hold_review(
    *,
    by: By,
    plan: UUID,
    given: ReviewGiven,
    today: date,
    next_on: ImpreciseDate | None = None,
    once: UUID | None = None,
) -> Review:
    """Record that the group looked at its plan, and set the next day: the one agreed on, else by the rhythm."""
    if given.held_on.earliest > today:
        raise BadInput(_NOT_YET)
    with writing(by=by, action="review.hold") as entry:
        record = plan_to_change(plan, by, entry)
        values = given.values()
        _check_links(by, values)
        made = create(Review(**under(once), circle_id=by.circle_id, plan=record, **values), entry)
        if next_on is None and record.rhythm:
            next_on = ImpreciseDate.day(next_review(given.held_on.latest, months_of(record.rhythm)))
        change(record, entry, review_on=next_on, review_week=last_week(next_on))
        entry.notes["kind"] = made.kind
    return made


def note_sign(*, by: By, measure: UUID, given: SignGiven, today: date, once: UUID | None = None) -> SignSeen:
    """Write what was seen of the sign that a measure works, or harms."""
    if given.seen_on is not None and given.seen_on.earliest > today:
        raise BadInput(_NOT_YET)
    with writing(by=by, action="sign.note") as entry:
        record = sought(Measure, measure, by)
        plan_to_change(record.plan_id, by, entry)
        values = given.values()
        if given.seen_on is None:
            values |= {"seen_on": ImpreciseDate.day(today), "seen_week": last_week(ImpreciseDate.day(today))}
        made = create(SignSeen(**under(once), circle_id=by.circle_id, measure=record, **values), entry)
        entry.notes["direction"] = made.direction
    return made


def refuse_known(model: type[CircleRecord], collective: UUID, given: Given) -> None:
    """Raise ``LikelyDouble`` when a group keeps something already that probably says the same.

    What is tried out again, and what is asked for one person, is written down anew each time.
    """
    if model in (Drill, DeskRequest):
        return
    there = model._default_manager.filter(Q(collective=collective))[:MOST]
    refuse_double(str(getattr(given, given.NEEDED)), (str(getattr(one, given.NEEDED)) for one in there))


def remove_record(*, by: By, model: type[CircleRecord], record: UUID, revision: int | None = None) -> None:
    """Take out something written down by mistake."""
    with writing(by=by, action=f"{model._meta.model_name}.remove") as entry:
        found = sought_record(model, record, by, revision)
        _about(found, entry)
        remove(found, entry)


def sought_record(model: type[R], pk: UUID, by: By, revision: int | None = None) -> R:
    """Return a record of the circle of ``by``; ``NotFound``, ``Conflict``."""
    found = model._default_manager.filter(pk=pk, circle_id=by.circle_id).first()
    if found is None:
        raise NotFound
    may(by, found, revision)
    return found


def _make(by: By, action: str, model: type[R], collective: UUID, values: dict[str, Any]) -> R:
    with writing(by=by, action=action) as entry:
        group = sought(Actor, collective, by)
        require_collective(group)
        _check_links(by, values)
        made = create(model(circle_id=by.circle_id, collective=group, **_named(values)), entry)
        _about(made, entry)
    return made


def _alter(by: By, action: str, model: type[R], pk: UUID, values: dict[str, Any], revision: int | None) -> R:
    with writing(by=by, action=action) as entry:
        found = sought_record(model, pk, by, revision)
        _check_links(by, values)
        change(found, entry, **_named(values))
        _about(found, entry)
    return found


def _check_links(by: By, values: Mapping[str, Any]) -> None:
    """Raise ``BadInput`` when a link leads to something that is not there any more."""
    for column, model in _LEADS_TO.items():
        linked = values.get(column)
        if linked is not None and not model._default_manager.filter(pk=linked, circle_id=by.circle_id).exists():
            raise BadInput(GONE)


def _named(values: dict[str, Any]) -> dict[str, Any]:
    """Keep the name of whoever promised in words too, so that it stays when the actor is taken out."""
    promised_by = values.get("promised_by_id")
    if promised_by is None or values.get("promised_by_words"):
        return values
    return values | {"promised_by_words": Actor.objects.get(pk=promised_by).usual_name}


def _about(record: CircleRecord, entry: Entry) -> None:
    entry.about(record._meta.label_lower, record.pk)
    collective = getattr(record, "collective_id", None)
    if collective is not None:
        touch(Actor, [collective], entry)
