"""A plan on paper: what its sheet (``print/plan.typ``) is told, with or without names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tejido.domain.dates import ImpreciseDate
from tejido.domain.names import usual_form
from tejido.protection.leaving_out import names_left_out
from tejido.protection.models import Plan
from tejido.protection.pages import DecisionRow, FamilyCard, Gap, MeasureRow, PlanPage, ThreatRow
from tejido.protection.typesetting import Json, typeset
from tejido.vocabularies import vocabulary
from tejido.web.wording import page_language

Said = Callable[[str], str]

_SHEET: Final = "plan.typ"
#: What is missing names so many of the measures or threats that lack it.
_MOST_NAMED: Final = 12


def plan_pdf_bytes(plan: Plan, page: PlanPage, *, names: bool, today: date) -> bytes:
    """Return the plan as a PDF (A4, tagged for those who listen), in the language of the page.

    Without ``names``, the persons that the fabric knows around the group, and those the plan names, are left out
    wherever they are written. Title and file say nothing of what it is.
    """
    said = visible if names else names_left_out(plan)
    return typeset(_SHEET, _sheet_data(page, said, names=names, today=today))


def visible(text: str) -> str:
    """Return ``text`` with its lines, without what cannot be seen or turns the direction of writing."""
    return "\n".join(usual_form(line) for line in text.splitlines())


def shortened(text: str, most: int) -> str:
    """Return ``text`` on one line, cut after so many letters: a wall has no room for more."""
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= most else one_line[: most - 1].rstrip() + "…"


def _sheet_data(page: PlanPage, said: Said, *, names: bool, today: date) -> Mapping[str, Json]:
    review = _review(page, said)
    return {
        "neutral": settings.NEUTRAL_NAME,
        "lang": page_language(),
        "kind": said(_("Plan of %(group)s") % {"group": page.head.group}) + " · " + _day(ImpreciseDate.day(today)),
        "title": said(page.head.title),
        "voice": [{"text": piece.text, "strong": piece.strong} for piece in page.voice],
        "words": said(page.words),
        "decision": _decision(page.decision, said),
        "changes": said(_("Changed since, not decided yet: %(what)s") % {"what": " · ".join(page.changes)})
        if page.changes
        else "",
        "threats": [
            {
                "words": said(row.threat.words),
                "note": _noted(row, said),
                "answered": bool(row.answered),
            }
            for row in page.threats
        ],
        "families": [_family(card, said, names=names) for card in page.families if card.rows or card.letter != "I"],
        "gaps": [_gap(gap, said) for gap in page.gaps],
        "review": review,
        "says": {
            "threats": _("What threatens us"),
            "own": _("our own"),
            "gaps": _("What is still missing"),
            "notes": _("When we look at it again"),
        },
    }


def _noted(row: ThreatRow, said: Said) -> str:
    """Return what stands below a threat: that it is a weak side, where it comes from, that nothing answers it."""
    nature, told = row.threat.nature, []
    if nature != "threat":
        told.append(vocabulary("threat_natures").label(nature, page_language()))
    if row.threat.origin:
        told.append(said(row.threat.origin))
    if not row.answered:
        told.append(_("No measure answers this threat yet."))
    return "\n".join(told)


def _day(when: ImpreciseDate) -> str:
    return when.words(page_language())


def _decision(row: DecisionRow | None, said: Said) -> list[Json]:
    """Return what the group decided, a line each: when and how first; nothing when nothing holds."""
    if row is None or not row.holds:
        return []
    decision, lang = row.decision, page_language()
    when = _day(decision.taken_on) if decision.taken_on is not None else ""
    mode = vocabulary("decision_modes").label(decision.mode, lang)
    first = _("Decided %(how)s, %(when)s") % {"how": mode, "when": when}
    told: list[Json] = [f"{first} · {said(decision.present)}" if decision.present else first, said(decision.what)]
    if decision.dissent:
        told.append(_("Not agreed with: %(what)s") % {"what": said(decision.dissent)})
    if decision.holds_until is not None:
        told.append(_("It holds until %(when)s") % {"when": _day(decision.holds_until)})
    return [line for line in told if line]


def _family(card: FamilyCard, said: Said, *, names: bool) -> dict[str, Json]:
    measures: list[Json] = [_measure(row, said, names=names) for row in card.rows]
    return {"title": card.title, "question": card.question, "measures": measures}


def _measure(row: MeasureRow, said: Said, *, names: bool) -> dict[str, Json]:
    status = vocabulary("measure_statuses").label(row.status, page_language())
    return {
        "title": said(row.title),
        "own": row.own,
        "said": [line for told in _about(row, said, names=names) for line in told.splitlines()],
        "level": row.level,
        "status": status if not row.days else f"{status} · " + _("late"),
        "who": said(row.who) or (_("nobody yet") if row.is_open else ""),
        "due": _("by %(when)s") % {"when": _day(row.due)} if row.due is not None else "",
    }


def _about(row: MeasureRow, said: Said, *, names: bool) -> Iterator[str]:
    if row.named:
        yield row.catalogue
    if row.answers:
        yield _("Answers: %(threat)s") % {"threat": said(row.answers)}
    if row.person and names:
        yield _("For %(person)s") % {"person": said(row.person)}
    for words, value in row.more:
        yield f"{words}: {said(value)}"


def _gap(gap: Gap, said: Said) -> dict[str, Json]:
    named = [subject for subject in gap.subjects if subject.title]
    told = [
        said(subject.title) + (f" ({_day(subject.when)})" if subject.when is not None and not gap.sentence else "")
        for subject in named[:_MOST_NAMED]
    ]
    if rest := len(named) - len(told):  # each measure above shows what it lacks
        told.append(ngettext("and %(n)s more", "and %(n)s more", rest) % {"n": rest})
    return {
        "level": gap.level,
        "sentence": gap.sentence or gap.tag,
        "subjects": " · ".join(told),
        "way_out": gap.way_out,
    }


def _review(page: PlanPage, said: Said) -> str:
    if page.review_on is None:
        return ""
    when = _day(page.review_on)
    if not page.review_by:
        return _("We look at it again: %(when)s.") % {"when": when}
    return _("We look at it again: %(when)s. Calls us together: %(who)s.") % {
        "when": when,
        "who": said(page.review_by),
    }
