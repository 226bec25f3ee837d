"""What the actions of alerts are given: plain frozen values, each code checked when it is made."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tejido.domain.dates import ImpreciseDate
from tejido.domain.errors import BadInput
from tejido.domain.words import N_
from tejido.protection.following.given import Given

_NOTHING_ASKED = N_("Say what you ask of those who are told. The rest of what you typed was kept.")


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertGiven(Given):
    """A call to others: what happened, what is asked, how urgent, for whose eyes, until when.

    ``chain`` are the calls of the group's network that are to be told.
    """

    NEEDED = "words"
    CODES = {"urgency": "alert_urgencies", "audience": "audiences"}
    WEEKS = {"until": "until_week"}
    LINKS = frozenset(["incident"])

    words: str
    asked: str
    urgency: str = "soon"
    audience: str = "internal"
    until: ImpreciseDate | None = None
    incident: UUID | None = None
    chain: tuple[UUID, ...] = ()

    def values(self) -> dict[str, object]:
        """Return the values of the record itself; ``BadInput`` when nothing is asked of anybody."""
        kept = Given.values(self)
        del kept["chain"]
        if not kept["asked"]:
            raise BadInput(_NOTHING_ASKED)
        return kept


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldGiven(Given):
    """Somebody was told: on which day, at what time in words, by whom of us, and what they answered."""

    NEEDED = "given_on"
    LINES = frozenset(["given_at", "given_by"])
    CODES = {"answered": "alert_answers"}
    WEEKS = {"given_on": "given_week"}

    given_on: ImpreciseDate
    given_at: str = ""
    given_by: str = ""
    answered: str = ""
    answer: str = ""
