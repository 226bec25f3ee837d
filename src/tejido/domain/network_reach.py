"""Whom a group calls, in which order, and whether that would work tonight.

A list of numbers is not a network: somebody has to answer, know what to do, and be replaceable. The days are
assumed. Source: Protection International, families A2 and A7; REFERENCE, social and organisational components.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from tejido.domain.plan_findings import Finding, Told, finding_of
from tejido.domain.reviews import next_review
from tejido.domain.words import ENGLISH, N_, Words

#: A test tells how it is for so many days; a drill for twice as many. Assumed.
TEST_HOLDS_DAYS: Final = 90
DRILL_HOLDS_DAYS: Final = 180


@dataclass(frozen=True, slots=True)
class CallFacts:
    """One call: ``channel`` of ``reach_channels``, ``answered`` of ``reach_answers`` (empty: never tested).

    ``position`` is its place in the order; ``has_stand_in`` whether it is said who else is called; ``months`` how
    often it is tested, 0 where no rhythm was agreed on.
    """

    call: str
    position: int
    channel: str
    answered: str = ""
    tested: date | None = None
    has_stand_in: bool = False
    months: int = 0

    @property
    def next_test(self) -> date | None:
        """The next test: in the rhythm agreed on, else when the last one counts no more; none before the first."""
        if self.tested is None:
            return None
        return next_review(self.tested, self.months) if self.months else self.tested + timedelta(days=TEST_HOLDS_DAYS)

    def reached(self, today: date) -> bool:
        """Say whether a test that still counts ``today`` was answered in time."""
        return self.next_test is not None and self.next_test >= today and self.answered == "answered"


def order_of_calls(calls: Sequence[CallFacts]) -> tuple[CallFacts, ...]:
    """Return the calls in their order; of two in the same place, the one that has answered comes first."""
    return tuple(sorted(calls, key=lambda one: (one.position, one.answered != "answered", one.call)))


def next_after(unreachable: str, calls: Sequence[CallFacts]) -> CallFacts | None:
    """Return whom to call when one of them cannot be reached: the next in order that is not known to be silent.

    When all the others are silent, the next in order all the same: silence is of the day it was tested.
    """
    order = [one for one in order_of_calls(calls) if one.call != unreachable]
    place = next((one.position for one in calls if one.call == unreachable), 0)
    later = [one for one in order if one.position >= place] + [one for one in order if one.position < place]
    return next((one for one in later if one.answered != "silent"), later[0] if later else None)


def findings(calls: Sequence[CallFacts], last_drill: date | None, today: date) -> list[Finding]:
    """Return what would fail if help were needed tonight; without any call, only that."""
    if not calls:
        return [finding_of(MESSAGES, "nobody_to_call", "late")]
    found = [*_on_calls(calls, today), *_on_whole(calls, last_drill, today)]
    order = {"late": 0, "soon": 1, "note": 2}
    return sorted(found, key=lambda one: order[one.level])


def on_call(call: CallFacts, today: date) -> Iterator[Finding]:
    """Give what its last test says of one call: nobody answered, never tested, tested long ago."""
    if call.answered == "silent":
        yield finding_of(MESSAGES, "call_silent", "late", call.call)
    elif call.next_test is None:
        yield finding_of(MESSAGES, "call_untested", "soon", call.call)
    elif call.next_test < today:
        yield finding_of(MESSAGES, "call_tested_long_ago", "soon", call.call, when=call.tested)


def _on_calls(calls: Sequence[CallFacts], today: date) -> Iterator[Finding]:
    for call in order_of_calls(calls):
        yield from on_call(call, today)
    first = order_of_calls(calls)[0]
    if not first.has_stand_in and len(calls) == 1:
        yield finding_of(MESSAGES, "one_call_only", "late", first.call)
    elif not first.has_stand_in:
        yield finding_of(MESSAGES, "first_without_stand_in", "note", first.call)


def _on_whole(calls: Sequence[CallFacts], last_drill: date | None, today: date) -> Iterator[Finding]:
    if len(calls) > 1 and len({call.channel for call in calls}) == 1:
        yield finding_of(MESSAGES, "one_channel", "note")
    if last_drill is None:
        yield finding_of(MESSAGES, "no_drill", "note")
    elif last_drill + timedelta(days=DRILL_HOLDS_DAYS) < today:
        yield finding_of(MESSAGES, "drill_long_ago", "note", when=last_drill)


def sentence(calls: Sequence[CallFacts], today: date, words: Words = ENGLISH) -> str:
    """Return in a sentence how far the group reaches tonight, as far as tests tell."""
    if not calls:
        return words.gettext("It is not written down whom we would call tonight.")
    reached = sum(call.reached(today) for call in calls)
    told = words.ngettext(
        "We would call {many}; {reached} answered when we last tried.",
        "We would call {many}, one after the other; {reached} answered when we last tried.",
        len(calls),
    )
    return told.format(many=len(calls), reached=reached)


_WHY: Final = N_("In the hour when it counts, nobody looks for a number or wonders who comes next.")

MESSAGES: Final[Mapping[str, Told]] = {
    "nobody_to_call": Told(
        N_("It is not written down whom the group would call."),
        _WHY,
        N_("Agree on three: somebody near, somebody with a duty, somebody far away who will make it known."),
    ),
    "call_silent": Told(
        N_("Nobody answered when this call was tested."),
        _WHY,
        N_("Ask what happened, agree on another way, and test again; until then call the next."),
    ),
    "call_untested": Told(
        N_("This call was never tested."),
        _WHY,
        N_("Try it together once, and write down who answered and how soon."),
    ),
    "call_tested_long_ago": Told(
        N_("This call was last tested on {when}."),
        N_("People move, change their telephone or leave their task."),
        N_("Try it again at the next meeting."),
    ),
    "drill_due": Told(
        N_("It was to be tried out again by {when}."),
        N_("What was tried once is forgotten, and those who came since never tried it."),
        N_("Agree on a calm day, or write down that you no longer need it."),
    ),
    "care_due": Told(
        N_("The next time was to be {when}."),
        N_("Care is the first thing left undone when there is much to do, and the first that is missed."),
        N_("Do it now, in a small way if need be, or agree on another day and another who calls for it."),
    ),
    "one_call_only": Told(
        N_("There is only one to call, and nobody else if there is no answer."),
        _WHY,
        N_("Add a second, reached in another way."),
    ),
    "first_without_stand_in": Told(
        N_("It is not said who is called if the first does not answer."),
        _WHY,
        N_("Name a stand-in for the first call."),
    ),
    "one_channel": Told(
        N_("All calls go the same way."),
        N_("Networks are cut and telephones are seized, often just when something happens."),
        N_("Add one that works without it: on foot, by radio, by a sign of your own."),
    ),
    "no_drill": Told(
        N_("The group has not tried out what it would do."),
        N_("What was never tried fails at its weakest place, which nobody knows yet."),
        N_("Try it once, without scaring anybody: agree beforehand, stop when somebody asks, talk it over after."),
    ),
    "drill_long_ago": Told(
        N_("The group last tried out what it would do on {when}."),
        N_("New people have come, and what was known by heart has faded."),
        N_("Try it again, also with those who were not there."),
    ),
}
