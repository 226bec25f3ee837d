"""What a circle asks of everybody in it, decided by its coordinators and signed as members' standings are.

There is no row of it that could be put back by itself: the rules are what the last line about them in the chain says
(``standings``), and whoever shortens that chain is found out as for a role.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from tejido.circles.models import Member
from tejido.circles.policies import Worker
from tejido.circles.second_factor import has_second_factor
from tejido.circles.standings import RULED, lines_of, members_of, note_rules, rules_signed, sign_what_stands
from tejido.domain.errors import BadInput, Conflict
from tejido.domain.words import N_
from tejido.vault.journal import writing
from tejido.vault.models import SecondFactor
from tejido.vault.permits import demand

#: Days after which a second factor is asked for, as the page offers it.
OFFERED_DAYS: Final = 14
_SECOND: Final = "second_factor"
_COPIES: Final = "copies_alone"
_NOT_YET: Final = N_(
    "Choose a day to come: nobody should find the door closed from one moment to the next. Nothing was changed."
)
_YOUR_OWN: Final = N_(
    "Set up a second factor of your own first, so that somebody who coordinates is inside when it is asked for. "
    "Nothing was changed."
)
_OTHERS: Final = N_("Somebody changed the rules of the circle meanwhile. Nothing was changed; look at them again.")


@dataclass(frozen=True)
class Rules:
    """What a circle asks: a second factor of everybody from ``second_from`` on (None: of nobody).

    ``copies_alone`` where one person may hand out a copy of evidence without a second one.
    """

    second_from: date | None = None
    copies_alone: bool = False

    @classmethod
    def from_kept(cls, kept: Mapping[str, str]) -> Rules:
        """Return the rules as a signed line holds them; codes of a later version are passed over."""
        day = kept.get(_SECOND, "")
        return cls(date.fromisoformat(day) if day else None, _COPIES in kept)

    def kept(self) -> dict[str, str]:
        """Return them as a signed line holds them: what is not asked is not there."""
        second = {_SECOND: self.second_from.isoformat()} if self.second_from else {}
        return second | ({_COPIES: "yes"} if self.copies_alone else {})

    @property
    def mark(self) -> str:
        """What stands for exactly these rules, so that a form can say which it was filled in for."""
        return f"{self.second_from or 'nobody'}/{'one' if self.copies_alone else 'two'}"


def rules_of(circle: UUID) -> Rules:
    """Return the rules of a circle; ``AlteredStanding`` where they are not what a coordinator signed."""
    return Rules.from_kept(rules_signed(circle))


def set_rules(*, by: Worker | Member, rules: Rules, today: date, seen: str | None = None) -> Rules:
    """Decide what the circle of ``by`` asks of everybody from now on; for coordinators. Nothing new writes nothing.

    ``seen`` is the mark of the rules that whoever decides was shown. Raises ``BadInput`` for a day that is not to
    come, and for a coordinator without a second factor of their own; ``Conflict`` where others changed them meanwhile.
    """
    demand(by, "manage members")
    if not lines_of(by.circle_id):
        sign_what_stands(by=by)
    if rules == rules_of(by.circle_id):
        return rules
    with writing(by=by, action=RULED) as entry:
        before = rules_of(by.circle_id)
        if seen is not None and seen != before.mark:
            raise Conflict(_OTHERS)
        _refuse_a_closed_door(by, before, rules, today)
        note_rules(entry, rules.kept())
        entry.about("circles.circle", by.circle_id)
        entry.notes.update(rules.kept())
    return rules


def _refuse_a_closed_door(by: Worker | Member, before: Rules, rules: Rules, today: date) -> None:
    if rules.second_from is None or rules.second_from == before.second_from:
        return
    if rules.second_from <= today:
        raise BadInput(_NOT_YET)
    if not has_second_factor(by.account):
        raise BadInput(_YOUR_OWN)


def offered_day(today: date) -> date:
    """Return the day that is offered for a second factor to be asked for from."""
    return today + timedelta(days=OFFERED_DAYS)


def still_without(circle: UUID) -> list[Member]:
    """Return who belongs to the circle and has no second factor yet."""
    here = [one for one in members_of(circle) if one.status == "active"]
    having = SecondFactor.objects.filter(account__in=[one.account for one in here if one.account is not None])
    known = set(having.values_list("account", flat=True))
    return [one for one in here if one.account not in known]


__all__ = ["Rules", "offered_day", "rules_of", "set_rules", "still_without"]
