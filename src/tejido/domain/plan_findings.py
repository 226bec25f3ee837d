"""What the checks of a plan say: a sentence, its reason, and a way out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from tejido.domain.dates import ImpreciseDate
from tejido.domain.words import ENGLISH, N_, Words

Level = Literal["late", "soon", "note"]


class Told(NamedTuple):
    """What a check says: what was found, why it matters, what can be done (message ids)."""

    message: str
    reason: str
    way_out: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is late, soon due, or to be thought of.

    ``subject`` is the id of the measure or threat, empty for the plan itself. ``message``, ``reason`` and
    ``way_out`` are message ids; ``parameters`` hold what the message names (``when`` is a date).
    """

    code: str
    level: Level
    subject: str
    message: str
    reason: str
    way_out: str
    parameters: Mapping[str, object] = field(default_factory=dict)

    def sentence(self, words: Words = ENGLISH, lang: str = "en") -> str:
        """Return what was found."""
        told = {name: _told(value, lang) for name, value in self.parameters.items()}
        return words.gettext(self.message).format(**told)

    def why(self, words: Words = ENGLISH) -> str:
        """Return the reason of the check."""
        return words.gettext(self.reason)

    def help(self, words: Words = ENGLISH) -> str:
        """Return a way out."""
        return words.gettext(self.way_out)


def finding_of(
    messages: Mapping[str, Told], code: str, level: Level, subject: str = "", **parameters: object
) -> Finding:
    """Return what was found, with the words that ``messages`` has for its code."""
    told = messages[code]
    return Finding(code, level, subject, told.message, told.reason, told.way_out, parameters)


def _told(value: object, lang: str) -> str:
    return ImpreciseDate.day(value).words(lang) if isinstance(value, date) else str(value)


_LATE_PROMISE = N_("A measure that nobody carries out protects nobody, and a group that waits for it is exposed.")
_REVIEW = N_("Risk changes; a plan that is not looked at again answers last year's threats.")
_DECISION = N_("A group is protected by what it decides itself; a plan made for it can harm it.")

#: By code: what was found, why it matters, what can be done.
MESSAGES: Mapping[str, Told] = {
    "no_decision": Told(
        N_("The group has not recorded a decision on this plan."),
        _DECISION,
        N_("Take the plan to the group and record what it decided, how, and who dissented."),
    ),
    "decision_withdrawn": Told(
        N_("The group withdrew its decision on {when}."),
        _DECISION,
        N_("Ask the group what changed, stop what it no longer wants, and record a new decision."),
    ),
    "decision_expired": Told(
        N_("The group's decision held until {when}."),
        _DECISION,
        N_("Take the plan back to the group: go on, change it or end it."),
    ),
    "decision_expires": Told(
        N_("The group's decision holds until {when}."),
        _DECISION,
        N_("Put the plan on the agenda of the next meeting."),
    ),
    "only_individual_measures": Told(
        N_("All measures of this plan are for individuals."),
        N_("An attack on one person is meant for the group; protecting that person alone leaves the group as it was."),
        N_("Add what strengthens the group (family A) or makes its surroundings safer (family B)."),
    ),
    "threat_without_measure": Told(
        N_("No measure answers this threat."),
        N_("A threat that was named and left unanswered goes on."),
        N_("Choose a measure for it, or write down why the group leaves it for now."),
    ),
    "measure_without_owner": Told(
        N_("Nobody has taken on this measure."),
        _LATE_PROMISE,
        N_("Agree who sees to it; a group or a committee can take it on too."),
    ),
    "measure_without_date": Told(
        N_("This measure has no date."),
        _LATE_PROMISE,
        N_("Agree on a day, even a rough one."),
    ),
    "measure_overdue": Told(
        N_("This measure was to be done by {when}."),
        _LATE_PROMISE,
        N_("Mark it done, agree on a new date, or stop it and say why."),
    ),
    "measure_due_soon": Told(
        N_("This measure is to be done by {when}."),
        _LATE_PROMISE,
        N_("Ask whoever took it on whether help is needed."),
    ),
    "review_missing": Told(
        N_("No date is set to look at this plan again."),
        _REVIEW,
        N_("Agree on a day for the review; three months is usual, sooner after an attack."),
    ),
    "review_overdue": Told(
        N_("This plan was to be reviewed by {when}."),
        _REVIEW,
        N_("Meet to see what helped and what harmed, and set the next date."),
    ),
    "review_soon": Told(
        N_("This plan is to be reviewed by {when}."),
        _REVIEW,
        N_("Call the meeting and ask beforehand what helped and what harmed."),
    ),
    "effect_on_group_missing": Told(
        N_("What this individual measure does to the group and the family is not written down."),
        N_("A measure that protects one person can weaken, divide or expose the others."),
        N_("Ask the group and the family, and write it in a sentence."),
    ),
    "effect_on_individuals_missing": Told(
        N_("What this group measure does to individuals is not written down."),
        N_("A measure for all can put more weight or risk on some, often on women and on those who speak in public."),
        N_("Ask who carries it and whom it exposes, and write it in a sentence."),
    ),
    "known_harms": Told(
        N_("This measure is known to do harm at times: the group has not yet looked at it."),
        N_(
            "It can raise one person's profile, separate the person from the group, get in the way "
            "of the work, or make a common cause look like one person's."
        ),
        N_("Talk the four harms over with the person and the group; write down what is done about each."),
    ),
    "own_practices_missing": Told(
        N_("The plan does not yet name what the group already does to protect itself."),
        N_("Groups have protected themselves long before any plan; new measures that ignore this can undo it."),
        N_("Ask what has worked so far (watches, walking together, assemblies, rituals) and add it to the plan."),
    ),
    "no_threat_named": Told(
        N_("The plan does not say what it answers."),
        N_("Measures that answer nothing become a list of tasks, and nobody can see whether they help."),
        N_("Name what threatens you, or a weak side, in your own words; a session helps to look at it calmly."),
    ),
    "measure_without_threat": Told(
        N_("It is not written down which threat or weak side this measure answers."),
        N_("Whoever does not know what a measure is for cannot see whether it helps, or when it can end."),
        N_("Choose what it answers, or say why you go on with it all the same."),
    ),
    "sign_missing": Told(
        N_("How the group will see that this measure works is not written down."),
        N_("Without a sign that was agreed on beforehand, calm looks like success and harm goes unseen."),
        N_("Say in a sentence what would be different: in the threat, in us, or in our surroundings."),
    ),
    "hangs_on_one": Told(
        N_("More than half of the measures rest on one person or one task."),
        N_("If something happens there, the plan stops with it; and whoever carries it all gets tired."),
        N_("Share them out, and agree who stands in."),
    ),
    "review_without_stand_in": Told(
        N_("It is not said who calls the review if the first cannot."),
        N_("Following up must not depend on one person."),
        N_("Agree on a stand-in, by name or by task."),
    ),
    "decided_not_begun": Told(
        N_("The group decided this on {when}, and nothing has begun."),
        _LATE_PROMISE,
        N_("Ask what stands in the way, agree who takes the first step, or let it go by a decision."),
    ),
    "amendment_undecided": Told(
        N_("This changed after the group adopted its plan, and the group has not decided on it."),
        _DECISION,
        N_("Take the change to the group and record what it decided; until then the plan shows it as a change."),
    ),
    "ended_undecided": Told(
        N_("This measure ended without a decision of the group."),
        N_("What hurts is stopped at once; the group still has to know, and to say what comes instead."),
        N_("Tell the group why it was stopped and record what it decides."),
    ),
}
