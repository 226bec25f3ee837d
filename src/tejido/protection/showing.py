"""Making the page of a plan out of its records: what stands, what is missing, and where it is mended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from tejido.domain.dates import ImpreciseDate
from tejido.domain.decisions import DecisionFacts, prompts_on
from tejido.domain.plan_checks import KNOWN_HARMS, MeasureFacts, PlanFacts, findings
from tejido.domain.plan_findings import Finding
from tejido.domain.words import N_
from tejido.protection.ending import ENDED
from tejido.protection.facts import decision_facts, facts_of, is_own
from tejido.protection.forms import ReasonForm
from tejido.protection.models import Amendment, Decision, Measure, Plan
from tejido.protection.pages import (
    DecisionRow,
    FamilyCard,
    Gap,
    GapSubject,
    HarmPrompt,
    Head,
    Level,
    MeasureRow,
    Mended,
    PlanPage,
    ThreatRow,
)
from tejido.protection.saying import Standing, voice_of
from tejido.vocabularies import vocabulary
from tejido.web.wording import WORDS, page_language

#: Why a group goes on as it is, by check and what it is about.
Kept = dict[tuple[str, str], str]

#: By family: its name in a group's own plan, and what to ask when there is nothing yet.
FAMILY_WORDS: Final = {
    "A": (N_("Strength of the group"), N_("What already holds you together, and what would make it stronger?")),
    "B": (N_("Space to defend"), N_("Who owes you safety, and what would make your surroundings safer?")),
    "I": (N_("For one person, within the group"), N_("Nothing for one person alone yet, and that may well be right.")),
}

_FAMILY_CODES: Final = {one.text("letter"): one.code for one in vocabulary("measure_families")}

#: By check: its word on a tag, and the field (or page) where it is mended.
_TAGS: Final = {
    "no_decision": (N_("no decision"), "decision_new"),
    "decision_withdrawn": (N_("taken back"), "decision_new"),
    "decision_expired": (N_("run out"), "decision_new"),
    "decision_expires": (N_("ends soon"), "decision_new"),
    "only_individual_measures": (N_("only for one"), "measure_new"),
    "own_practices_missing": (N_("what is yours"), "measure_new"),
    "threat_without_measure": (N_("no measure"), ""),
    "no_threat_named": (N_("against what?"), "threat_new"),
    "measure_without_threat": (N_("against what?"), "threat"),
    "measure_without_owner": (N_("nobody yet"), "owner_words"),
    "measure_without_date": (N_("no date"), "due_on"),
    "measure_overdue": (N_("late"), "due_on"),
    "measure_due_soon": (N_("soon"), "due_on"),
    "review_missing": (N_("no review"), "review"),
    "review_overdue": (N_("review late"), "review"),
    "review_soon": (N_("review soon"), "review"),
    "effect_on_group_missing": (N_("and the group?"), "effect_on_group"),
    "effect_on_individuals_missing": (N_("on whom?"), "effect_on_individuals"),
    "known_harms": (N_("with care"), "effect_on_individuals"),
    "sign_missing": (N_("how do we see it?"), "works_sign"),
    "hangs_on_one": (N_("on one alone"), "measure_new"),
    "review_without_stand_in": (N_("no stand-in"), "review"),
    "decided_not_begun": (N_("not begun"), "status"),
    "amendment_undecided": (N_("changed since"), "adopt"),
    "ended_undecided": (N_("ended, not decided"), "measure_end"),
}
#: What a group goes on against stays in sight with its reason; without a decision there is no going on.
_NEVER_SILENT: Final = frozenset(["no_decision"])
_UNOWNED: Final = ("measure_without_owner", "measure_without_date")


def head_of(plan: Plan) -> Head:
    """Return what stands above every page of a plan; one without a title gets the group's own."""
    title = plan.title or _("How we look after ourselves")
    return Head(plan.pk, title, plan.collective.usual_name, plan.collective_id, plan.status)


def plan_page(plan: Plan, decisions: Iterable[Decision], today: date) -> PlanPage:
    """Return the page of a whole plan (see ``plan_by_id``) with the decisions of its group."""
    known = facts_of(plan)
    measures = list(zip(plan.measures.all(), known.measures, strict=True))
    standing = [one for one, facts in measures if not facts.is_given_up]
    threats = threat_rows(plan)
    rows = [_row(one, facts, today) for one, facts in measures]
    families = tuple(_family(letter, measures, rows) for letter in FAMILY_WORDS)
    told = tuple(decision_row(one, plan, today) for one in decisions)
    return PlanPage(
        head=head_of(plan),
        words=plan.words,
        decision=decision_row(plan.decision, plan, today) if plan.decision is not None else None,
        review_on=plan.review_on,
        review_by=plan.review_by,
        review_stand_in=plan.review_stand_in,
        rhythm=plan.rhythm,
        families=families,
        gaps=gaps_of(plan, today, known),
        threats=threats,
        decisions=told,
        changes=changes_of(plan),
        voice=voice_of(
            Standing(
                status=plan.status,
                total=len(standing),
                in_place=sum(one.status == "in_place" for one in standing),
                unanswered=sum(not row.answered for row in threats),
                ownerless=sum(facts.is_open and not facts.has_owner for _one, facts in measures),
                late=sum(row.level == "late" for row in rows),
            )
        ),
    )


def decision_row(decision: Decision, plan: Plan | None, today: date) -> DecisionRow:
    """Return a decision with whether it holds and whether it is the plan's, if one is asked about."""
    facts = decision_facts(decision)
    asked = tuple(one.sentence(WORDS, page_language()) for one in prompts_on(facts)) if facts.holds(today) else ()
    ours = plan is not None and decision.pk == plan.decision_id
    return DecisionRow(decision, facts.holds(today), ours, asked, tuple(_counted(facts)))


def _counted(facts: DecisionFacts) -> Iterator[str]:
    if facts.votes_for is not None or facts.votes_against is not None:
        numbers = {"for": facts.votes_for or 0, "against": facts.votes_against or 0}
        yield _("%(for)s in favour, %(against)s against") % numbers
    if facts.quorum is not None:
        yield _("At least %(many)s had to be there.") % {"many": facts.quorum}


def title_of(measure: Measure) -> str:
    """Return what a measure is called: the group's own words, else the catalogue's."""
    return measure.title or _first_upper(vocabulary("measures").label(measure.code, page_language()))


def threat_rows(plan: Plan) -> tuple[ThreatRow, ...]:
    """Return the threats and weak sides of a plan, each with how many measures that were not given up answer it."""
    answers = Counter(one.threat_id for one in plan.measures.all() if one.status not in ENDED)
    return tuple(ThreatRow(threat, answers[threat.pk]) for threat in plan.threats.all())


def changes_of(plan: Plan) -> tuple[str, ...]:
    """Return what was changed since the group adopted its plan and no decision took up."""
    if plan.status != "adopted":
        return ()
    return tuple(_amended(one) for one in plan.amendments.all() if one.decision_id is None)


def gaps_of(plan: Plan, today: date, known: PlanFacts | None = None) -> tuple[Gap, ...]:
    """Return what is missing or late, each check once with all it concerns, what is late first.

    ``known`` is the plan as the rules see it, where that was worked out already.
    """
    found: dict[str, list[Finding]] = {}
    for finding in findings(known or facts_of(plan), today):
        found.setdefault(finding.code, []).append(finding)
    titles = {str(one.pk): title_of(one) for one in plan.measures.all()}
    titles |= {str(one.pk): one.words for one in plan.threats.all()}
    titles |= {str(one.pk): _amended(one) for one in plan.amendments.all()}
    kept = {(one.check_code, str(one.subject_id)): one.words for one in plan.reasons.all()}
    return tuple(_gap(plan, group, titles, kept) for group in found.values())


def _gap(plan: Plan, group: Sequence[Finding], titles: dict[str, str], kept: Kept) -> Gap:
    first = group[0]
    word, _field = _TAGS[first.code]
    level: Level = "soon" if first.code in _UNOWNED else first.level
    sentence = first.sentence(WORDS, page_language())
    if len(group) > 1 and first.parameters:
        sentence = ""  # each has a date of its own
    return Gap(
        code=first.code,
        level=level,
        tag=_(word),
        sentence=sentence,
        why=first.why(WORDS),
        way_out=first.help(WORDS),
        subjects=tuple(_subject(plan, one, titles, kept) for one in group),
        can_go_on=first.level == "note" and first.code not in _NEVER_SILENT,
    )


def _amended(amendment: Amendment) -> str:
    what = vocabulary("amendment_kinds").label(amendment.what, page_language())
    return f"{amendment.subject} ({what})" if amendment.subject else what


def _subject(plan: Plan, finding: Finding, titles: dict[str, str], kept: Kept) -> GapSubject:
    when = finding.parameters.get("when")
    day = ImpreciseDate.day(when) if isinstance(when, date) else None
    about = finding.subject or str(plan.pk)
    reason = kept.get((finding.code, about), "")
    return GapSubject(titles.get(finding.subject, ""), _mended_at(plan, finding), day, reason, about)


def _mended_at(plan: Plan, finding: Finding) -> Mended:
    """Return on which page it is mended; the address itself is made for what a page shows of hundreds."""
    _word, where = _TAGS[finding.code]
    if finding.code == "threat_without_measure":
        return Mended("measure_new", (plan.pk,), f"?threat={finding.subject}")
    if not finding.subject or finding.code == "amendment_undecided":
        return Mended(where, (plan.pk,))
    if finding.code == "ended_undecided":
        return Mended("measure_end", (plan.pk, finding.subject))
    return Mended("measure_edit", (plan.pk, finding.subject), f"#id_{where}")


def _family(letter: str, measures: Sequence[tuple[Measure, MeasureFacts]], rows: Sequence[MeasureRow]) -> FamilyCard:
    title, question = FAMILY_WORDS[letter]
    ours = [(*told, row) for told, row in zip(measures, rows, strict=True) if told[0].family == letter]
    ours.sort(key=lambda one: (one[1].is_given_up, one[2].level != "late", not one[2].own))
    asked = [one for one, facts, _row in ours if one.code in KNOWN_HARMS and not facts.is_given_up]
    shown = tuple(row for _one, _facts, row in ours)
    return FamilyCard(letter, _FAMILY_CODES[letter], _(title), _(question), shown, tuple(map(_prompt, asked)))


def _row(measure: Measure, facts: MeasureFacts, today: date) -> MeasureRow:
    due = measure.due_on.end if measure.due_on is not None else None
    late = (today - due).days if due is not None and due < today and facts.is_open else 0
    level: Level = "good" if measure.status == "in_place" else "late" if late else ""
    owner = measure.owner.usual_name if measure.owner is not None else ""
    return MeasureRow(
        id=measure.pk,
        title=title_of(measure),
        catalogue=vocabulary("measures").label(measure.code, page_language()) if measure.code else "",
        own=is_own(measure),
        answers=measure.threat.words if measure.threat is not None else "",
        person=measure.person.usual_name if measure.person is not None else "",
        who=", ".join(filter(None, (owner, measure.owner_words))),
        due=measure.due_on,
        status=measure.status,
        level=level,
        days=late,
        is_open=facts.is_open,
        more=tuple(_more(measure)),
    )


def _more(measure: Measure) -> Iterator[tuple[str, str]]:
    """Give what else is said of a measure, each with the words before it; what is empty is left out."""
    first = measure.after.title or measure.after.code if measure.after is not None else ""
    told = (
        (N_("For the group"), measure.effect_on_group),
        (N_("Why all the same") if measure.code in KNOWN_HARMS else N_("For each one"), measure.effect_on_individuals),
        (N_("Stands in"), measure.stand_in),
        (N_("After"), first),
        (N_("It works if"), measure.works_sign),
        (N_("It harms if"), measure.harm_sign),
        (N_("Needs"), measure.needs),
        (N_("Costs"), measure.cost),
        (N_("Seen so far"), measure.evidence),
        (N_("Ended because"), measure.ended_because),
    )
    for words, value in told:
        if value:
            yield _(words), value


def _prompt(measure: Measure) -> HarmPrompt:
    term, reason = vocabulary("measures").term(measure.code), measure.effect_on_individuals
    form = ReasonForm(initial={"revision": measure.revision}, auto_id=f"id_{measure.pk}_%s")
    return HarmPrompt(
        measure=measure.pk,
        title=title_of(measure),
        harms=term.text("known_harms", page_language()),
        question=term.text("prompt", page_language()),
        reason=reason,
        form=None if reason else form,
        group_known=bool(measure.effect_on_group),
    )


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]
