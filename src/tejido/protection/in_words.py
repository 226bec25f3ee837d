"""A plan in lines for a terminal and as a document for scripts: the same fields as on its page, none besides."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from tejido.domain.dates import ImpreciseDate
from tejido.protection.models import Plan
from tejido.protection.pages import DecisionRow, FamilyCard, Gap, GapSubject, HarmPrompt, MeasureRow, PlanPage
from tejido.vocabularies import vocabulary
from tejido.web.wording import page_language

_MARKS = {"late": "▲", "soon": "◆", "note": "●", "good": "●"}


def lines_of(page: PlanPage) -> Iterator[str]:
    """Give a plan in lines, in the order of its page."""
    yield f"{page.head.group} · {page.head.title} · {_label('plan_statuses', page.head.status)}"
    yield "".join(piece.text for piece in page.voice)
    if page.words:
        yield page.words
    for change in page.changes:
        yield "▲ " + _("Changed since, not decided yet: %(what)s") % {"what": change}
    for card in page.families:
        yield ""
        yield from _family(card)
    yield ""
    yield _("What threatens us")
    for row in page.threats:
        nature = "" if row.threat.nature == "threat" else f" ({_label('threat_natures', row.threat.nature)})"
        yield f"  {'●' if row.answered else '◆'} {row.threat.words}{nature}"
        if row.threat.origin:
            yield _deeper(row.threat.origin)
        for shown in row.threat.shown_in.all():
            when = f" · {_day(shown.incident.when)}" if shown.incident.when is not None else ""
            yield f"    ↳ {shown.incident.title}{when}"
    yield ""
    yield _("What we decided")
    for told in page.decisions:
        yield from _decision(told)
    yield ""
    yield _("When we look at it again")
    yield "  " + (" · ".join(_review(page)) or _("No day is set."))


def _review(page: PlanPage) -> Iterator[str]:
    if page.review_on is not None:
        yield _day(page.review_on)
    if page.review_by:
        yield page.review_by
    if page.review_stand_in:
        yield _("stands in: %(who)s") % {"who": page.review_stand_in}
    if page.rhythm:
        yield _label("review_rhythms", page.rhythm)


def _family(card: FamilyCard) -> Iterator[str]:
    yield card.title
    if not card.rows:
        yield f"  {card.question}"
    for row in card.rows:
        yield from _measure(row)
    for prompt in card.prompts:
        yield from _prompt(prompt)


def _measure(row: MeasureRow) -> Iterator[str]:
    state = _label("measure_statuses", row.status) + (" · " + _("late") if row.days else "")
    who = row.who or (_("nobody yet") if row.is_open else "")
    due = _("by %(when)s") % {"when": _day(row.due)} if row.due is not None else ""
    own = _("our own") if row.own else ""
    said = " · ".join(part for part in (who, state, due, own) if part)
    yield f"  {_MARKS.get(row.level, '○')} {row.title} — {said}"
    if row.named:
        yield _deeper(row.catalogue)
    if row.person:
        yield _deeper(_("For %(person)s") % {"person": row.person})
    if row.answers:
        yield _deeper(_("Answers: %(threat)s") % {"threat": row.answers})
    for words, value in row.more:
        yield _deeper(f"{words}: {value}")


def _prompt(prompt: HarmPrompt) -> Iterator[str]:
    if prompt.reason:
        yield f"  ● {prompt.title}: " + _("we go on with it, for this reason.") + f" {prompt.reason}"
    else:
        yield "  ◆ " + _("Before asking for “%(measure)s”:") % {"measure": prompt.title}
        yield _deeper(f"{prompt.harms} {prompt.question}")


def _decision(row: DecisionRow) -> Iterator[str]:
    decision = row.decision
    when = _day(decision.taken_on) if decision.taken_on is not None else ""
    about, mode = _label("decision_subjects", decision.about), _label("decision_modes", decision.mode)
    yield f"  {'*' if row.ours else '·'} " + " · ".join(part for part in (when, about, mode, decision.present) if part)
    yield _deeper(decision.what)
    for line in (*row.counted, *row.asked):
        yield _deeper(line)
    if decision.mandate:
        yield _deeper(_("In the name of: %(what)s") % {"what": decision.mandate})
    if decision.dissent:
        yield _deeper(_("Not agreed with: %(what)s") % {"what": decision.dissent})
    yield _deeper(_stands(row))


def _stands(row: DecisionRow) -> str:
    decision = row.decision
    if decision.status == "withdrawn":
        when = f" {_day(decision.withdrawn_on)}" if decision.withdrawn_on is not None else ""
        because = f" · {decision.withdrawn_because}" if decision.withdrawn_because else ""
        return "▲ " + _("taken back") + when + because
    if not row.holds:
        return "◆ " + _("no longer holds")
    if decision.holds_until is not None:
        return "● " + _("holds until %(when)s") % {"when": _day(decision.holds_until)}
    return "● " + _("holds")


def gap_lines(gap: Gap) -> Iterator[str]:
    """Give what is missing in lines: the sentence and all it concerns, why, a way out, and reasons to go on."""
    about = " · ".join(_named(one) for one in gap.subjects if one.title)
    said = " · ".join(part for part in (gap.tag, gap.sentence) if part)
    yield f"{_MARKS[gap.level]} {said}" + (f" ({about})" if about else "")
    yield _deeper(gap.why)
    yield f"    ↳ {gap.way_out}"
    for one in gap.subjects:
        if one.reason:
            yield _deeper(" ".join(part for part in (one.title, _("we go on as it is:"), one.reason) if part))


def _named(one: GapSubject) -> str:
    return one.title + (f" ({_day(one.when)})" if one.when is not None else "")


def document_of(plan: Plan, page: PlanPage) -> dict[str, object]:
    """Return a plan as one document: days as they are written down, codes of the vocabularies, words as typed."""
    return {
        "id": str(plan.pk),
        "collective": str(plan.collective_id),
        "group": page.head.group,
        "title": page.head.title,
        "status": page.head.status,
        "voice": "".join(piece.text for piece in page.voice),
        "words": page.words,
        "decision": _decision_document(page.decision) if page.decision is not None else None,
        "review": _written(page.review_on),
        "review_by": page.review_by,
        "review_stand_in": page.review_stand_in,
        "rhythm": page.rhythm,
        "changes": list(page.changes),
        "threats": [
            {
                "id": str(one.threat.pk), "words": one.threat.words, "nature": one.threat.nature,
                "origin": one.threat.origin, "answers": one.answered,
                "shown_in": [
                    {"id": str(row.incident_id), "title": row.incident.title, "when": _written(row.incident.when)}
                    for row in one.threat.shown_in.all()
                ],
            }
            for one in page.threats
        ],
        "measures": [_measure_document(card, row) for card in page.families for row in card.rows],
        "prompts": [
            {
                "measure": str(one.measure), "title": one.title, "harms": one.harms, "question": one.question,
                "reason": one.reason,
            }
            for card in page.families
            for one in card.prompts
        ],
        "gaps": [gap_document(gap) for gap in page.gaps],
        "decisions": [_decision_document(row) for row in page.decisions],
    }  # fmt: skip


def _measure_document(card: FamilyCard, row: MeasureRow) -> dict[str, object]:
    return {
        "id": str(row.id), "family": card.letter, "title": row.title, "catalogue": row.catalogue, "own": row.own,
        "answers": row.answers, "person": row.person, "who": row.who, "due": _written(row.due), "status": row.status,
        "days_late": row.days, "more": [{"what": words, "said": value} for words, value in row.more],
    }  # fmt: skip


def _decision_document(row: DecisionRow) -> dict[str, object]:
    one = row.decision
    return {
        "id": str(one.pk), "about": one.about, "mode": one.mode, "what": one.what, "present": one.present,
        "taken": _written(one.taken_on), "holds": row.holds, "holds_until": _written(one.holds_until),
        "counts": one.counts, "mandate": one.mandate, "dissent": one.dissent, "asked": list(row.asked),
        "withdrawn": _written(one.withdrawn_on), "withdrawn_because": one.withdrawn_because, "ours": row.ours,
    }  # fmt: skip


def gap_document(gap: Gap) -> dict[str, object]:
    """Return what is missing as a document; what it concerns with its day and the reason to go on, if there is one."""
    return {
        "check": gap.code,
        "level": gap.level,
        "tag": gap.tag,
        "sentence": gap.sentence or gap.tag,
        "why": gap.why,
        "way_out": gap.way_out,
        "about": [one.title for one in gap.subjects if one.title],
        "reasons": [one.reason for one in gap.subjects if one.reason],
        "subjects": [
            {"id": one.id, "title": one.title, "when": _written(one.when), "reason": one.reason}
            for one in gap.subjects
        ],
    }


def _deeper(words: str) -> str:
    return "\n".join(f"    {line}" for line in words.splitlines())


def _label(name: str, code: str) -> str:
    return vocabulary(name).label(code, page_language())


def _day(when: ImpreciseDate) -> str:
    return when.words(page_language())


def _written(when: ImpreciseDate | None) -> str | None:
    return when.encode() if when is not None else None
