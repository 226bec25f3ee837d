"""What the actions of following up are given: plain frozen values, each code checked when it is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import ClassVar
from uuid import UUID

from tejido.domain.dates import ImpreciseDate
from tejido.domain.errors import BadInput
from tejido.domain.plan_requests import questions_of
from tejido.domain.words import N_
from tejido.fabric.making import one_line, paragraphs
from tejido.protection.records import last_week
from tejido.vocabularies import vocabulary

_EMPTY = N_("Say in a few words what it is. The rest of what you typed was kept.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Something somebody tells, as a record keeps it.

    ``NEEDED`` is the field that has to hold words, ``LINES`` those of one line, ``CODES`` the list of each code,
    ``WEEKS`` the week kept in clear beside a date, ``LINKS`` the fields that hold an id.
    """

    NEEDED: ClassVar[str]
    LINES: ClassVar[frozenset[str]] = frozenset()
    CODES: ClassVar[Mapping[str, str]] = {}
    WEEKS: ClassVar[Mapping[str, str]] = {}
    LINKS: ClassVar[frozenset[str]] = frozenset()

    def values(self) -> dict[str, object]:
        """Return the values of the record, cleaned; ``BadInput`` for an empty one or a code in no list."""
        told: dict[str, object] = {}
        for one in fields(self):
            value = getattr(self, one.name)
            if one.name in self.CODES and value:
                value = vocabulary(self.CODES[one.name]).term(value).code
            elif isinstance(value, str):
                value = one_line(value) if one.name in self.LINES else paragraphs(value)
            told[f"{one.name}_id" if one.name in self.LINKS else one.name] = value
            if one.name in self.WEEKS:
                told[self.WEEKS[one.name]] = last_week(value)
        if not told[self.NEEDED]:
            raise BadInput(_EMPTY)
        return told


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentGiven(Given):
    """A promise: what, by whom, for when, and what became of it (``commitment_kinds``, ``commitment_statuses``)."""

    NEEDED = "words"
    LINES = frozenset(["promised_by_words", "reminded_by"])
    CODES = {"kind": "commitment_kinds", "status": "commitment_statuses"}
    WEEKS = {"due_on": "due_week"}
    LINKS = frozenset(["promised_by", "measure", "plan"])

    words: str
    kind: str = "promise"
    promised_by: UUID | None = None
    promised_by_words: str = ""
    promised_on: ImpreciseDate | None = None
    due_on: ImpreciseDate | None = None
    measure: UUID | None = None
    plan: UUID | None = None
    reminded_by: str = ""
    status: str = "promised"
    kept_on: ImpreciseDate | None = None
    evidence: str = ""
    outcome: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallGiven(Given):
    """A call of the network: whom, how (``reach_channels``), for what, who instead, and what a test showed."""

    NEEDED = "name"
    LINES = frozenset(["name", "how", "stand_in"])
    CODES = {"channel": "reach_channels", "answered": "reach_answers", "rhythm": "review_rhythms"}
    WEEKS = {"tested_on": "tested_week"}
    LINKS = frozenset(["actor"])

    name: str
    position: int = 1
    actor: UUID | None = None
    channel: str = "phone"
    how: str = ""
    for_what: str = ""
    stand_in: str = ""
    tested_on: ImpreciseDate | None = None
    answered: str = ""
    rhythm: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillGiven(Given):
    """Something tried out: what held, what did not, when again and how often (``review_rhythms``)."""

    NEEDED = "tried"
    CODES = {"rhythm": "review_rhythms"}
    WEEKS = {"held_on": "held_week", "next_on": "next_week"}

    tried: str
    held_on: ImpreciseDate | None = None
    held: str = ""
    failed: str = ""
    next_on: ImpreciseDate | None = None
    rhythm: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceGiven(Given):
    """A place or good of all (``safe_place_kinds``), roughly where, who cares for it, whether it is ready."""

    NEEDED = "name"
    LINES = frozenset(["name", "place", "carer", "stand_in"])
    CODES = {"kind": "safe_place_kinds", "readiness": "readiness"}

    name: str
    kind: str = "meeting"
    place: str = ""
    carer: str = ""
    stand_in: str = ""
    readiness: str = "not_ready"
    missing: str = ""
    when_attacked: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CareGiven(Given):
    """A way of caring for each other (``care_kinds``): what, who, in which rhythm, when next."""

    NEEDED = "words"
    LINES = frozenset(["who", "stand_in", "rhythm"])
    CODES = {"kind": "care_kinds"}
    WEEKS = {"next_on": "next_week"}

    words: str
    kind: str = "talking"
    who: str = ""
    stand_in: str = ""
    rhythm: str = ""
    next_on: ImpreciseDate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestGiven(Given):
    """A request for one person (``request_kinds``): ``answers`` by the codes of the questions of its kind.

    ``collective`` is the group it is made from within; without one, ``outside_because`` says why.
    """

    NEEDED = "kind"
    LINES = frozenset(["whom", "to_whom"])
    CODES = {"kind": "request_kinds", "status": "request_statuses"}
    WEEKS = {"answer_by": "answer_week", "return_on": "return_week"}
    LINKS = frozenset(["person", "measure", "collective"])

    kind: str
    collective: UUID | None = None
    outside_because: str = ""
    person: UUID | None = None
    measure: UUID | None = None
    whom: str = ""
    to_whom: str = ""
    status: str = "preparing"
    asked_on: ImpreciseDate | None = None
    answer_by: ImpreciseDate | None = None
    answered: str = ""
    return_on: ImpreciseDate | None = None
    answers: Mapping[str, str] = field(default_factory=dict)

    def values(self) -> dict[str, object]:
        """Return the values of the record, the answers to questions of its kind alone."""
        told = Given.values(self)
        cleaned = {one.code: paragraphs(self.answers.get(one.code, "")) for one in questions_of(self.kind)}
        return told | {"answers": {code: words for code, words in cleaned.items() if words}}


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeGiven(Given):
    """What was learned of something tried (``practice_outcomes``), and how far it may be told (``audiences``)."""

    NEEDED = "title"
    LINES = frozenset(["title"])
    CODES = {"outcome": "practice_outcomes", "audience": "audiences"}
    LINKS = frozenset(["measure"])

    title: str
    outcome: str = "worked"
    did: str = ""
    helped: str = ""
    careful: str = ""
    measure: UUID | None = None
    audience: str = "internal"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewGiven(Given):
    """A review of a plan (``review_kinds``): what held, what did not, what harmed, what changes."""

    NEEDED = "held_on"
    LINES = frozenset(["present"])
    CODES = {"kind": "review_kinds"}
    WEEKS = {"held_on": "held_week"}
    LINKS = frozenset(["incident"])

    held_on: ImpreciseDate
    kind: str = "periodic"
    incident: UUID | None = None
    present: str = ""
    held: str = ""
    failed: str = ""
    harmed: str = ""
    to_change: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignGiven(Given):
    """What was seen of a measure's sign (``sign_directions``), when, in words: a direction needs its words."""

    NEEDED = "words"
    CODES = {"direction": "sign_directions"}
    WEEKS = {"seen_on": "seen_week"}

    words: str
    direction: str
    seen_on: ImpreciseDate | None = None
