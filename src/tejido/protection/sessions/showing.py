"""Making the pages of a session out of its records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from tejido.domain.assessment import ASPECT_WORDS, ASPECTS, Picture, what_changed
from tejido.domain.assessment_priorities import said_of
from tejido.domain.assessment_threats import ThreatLook, prompts_for
from tejido.domain.names import sort_key
from tejido.protection.sessions.bodies import PICTURE, Chosen, body_at, chosen_of, codes, picture_of, text
from tejido.protection.sessions.forms import title_of
from tejido.protection.sessions.kit_cards import step_name
from tejido.protection.sessions.models import AssessedThreat, Assessment, AssessmentPart
from tejido.protection.sessions.pages import (
    Beside,
    InterestRow,
    LookRow,
    SessionHead,
    SessionPage,
    StepMark,
    ThenPage,
    ThreatCard,
)
from tejido.protection.sessions.pictures import fabric_drawn, fabric_said, wheel_drawn, wheel_said
from tejido.protection.sessions.queries import ModuleKnown
from tejido.protection.sessions.saying import (
    answers_to,
    changes_wanted,
    lines_said,
    name_of,
    pictures_of,
    present_said,
    words_of,
)
from tejido.protection.sessions.stepping import STEPS, first_unsaid, reached
from tejido.vocabularies import vocabulary
from tejido.web.wording import WORDS, page_language

#: Steps whose words are folded away on the page of the whole.
_FOLDED: Final = ("interests", "components")

#: Where threats stand that the group gave no place.
_LAST: Final = 10**6


def head_of(session: Assessment, here: str = "") -> SessionHead:
    """Return what stands above every page of a session."""
    said = reached(session)
    return SessionHead(
        id=session.pk,
        title=title_of(session),
        group=session.collective.usual_name,
        group_id=session.collective_id,
        present=present_said(session),
        status=session.status,
        steps=tuple(StepMark(code, code in said, code == here) for code in STEPS),
    )


def look_rows(picture: Picture) -> tuple[LookRow, ...]:
    """Return the looks of a picture at which something was said."""
    return tuple(
        LookRow(_(ASPECT_WORDS[aspect]), look.dots, look.words, look.disagreed)
        for aspect in ASPECTS
        if (look := picture.look(aspect)).said
    )


def cards_of(session: Assessment, then: Mapping[UUID, AssessmentPart] | None = None) -> tuple[ThreatCard, ...]:
    """Return the threats of a session with their pictures; ``then`` are earlier pictures by the id of the threat."""
    pictures, chosen = pictures_of(session), chosen_by(session)
    return tuple(
        _card(threat, pictures.get(threat.pk, Picture()), chosen, then or {}) for threat in session.threats.all()
    )


def chosen_by(session: Assessment) -> Chosen:
    """Return what the group put first."""
    body = body_at(session.parts.all(), "priorities")
    return chosen_of(body, [one.pk for one in session.threats.all()])


def _card(threat: AssessedThreat, picture: Picture, chosen: Chosen, then: Mapping[UUID, AssessmentPart]) -> ThreatCard:
    before, earlier = Picture(), threat.earlier
    if earlier is not None and earlier.pk in then:
        before = picture_of(then[earlier.pk].body)
    return ThreatCard(
        threat=threat,
        looks=look_rows(picture),
        picture=picture,
        prompts=prompts_for(look_of(threat), WORDS),
        place=chosen.priorities.place(str(threat.pk)),
        then=look_rows(before),
        then_title=title_of(earlier.assessment) if earlier is not None else "",
        changed=what_changed(before, picture, WORDS),
    )


def look_of(threat: AssessedThreat) -> ThreatLook:
    """Return the five steps of a threat as the rule knows them."""
    return ThreatLook(
        threat.facts, threat.pattern, threat.objective, threat.source, threat.conclusion, len(threat.shown_in.all())
    )


def earlier_pictures(session: Assessment) -> dict[UUID, AssessmentPart]:
    """Return the pictures that earlier sessions made of this session's threats, by the id of the earlier threat."""
    ids = [one.earlier_id for one in session.threats.all() if one.earlier_id is not None]
    parts = AssessmentPart.objects.filter(threat_id__in=ids, about=PICTURE).select_related("assessment")
    return {part.threat_id: part for part in parts if part.threat_id is not None}


def session_page(
    session: Assessment, separate: Sequence[Assessment], earlier: Sequence[Assessment], modules: Sequence[ModuleKnown]
) -> SessionPage:
    """Return the page of a whole session."""
    chosen = chosen_by(session)
    told = lines_said(session, "priorities")
    return SessionPage(
        head=head_of(session),
        session=session,
        first=first_unsaid(session),
        work=lines_said(session, "work"),
        cards=tuple(sorted(cards_of(session, earlier_pictures(session)), key=lambda card: card.place or _LAST)),
        changes=changes_wanted(session),
        first_things=(*told, *(said_of(chosen.priorities, chosen.choosing, WORDS) if told else ())),
        unspoken=lines_said(session, "unspoken"),
        said=tuple((step, step_name(step), lines) for step in _FOLDED if (lines := lines_said(session, step))),
        asked=answers_to(session, modules),
        wheel=wheel_drawn(session, earlier),
        wheel_said=(*wheel_said(session, earlier), *words_of(session, "wheel")),
        fabric=fabric_drawn(session, earlier),
        fabric_said=(*fabric_said(session, earlier), *words_of(session, "fabric")),
        separate=tuple(separate),
        earlier=tuple(earlier),
    )


def beside(sessions: Sequence[Assessment], step: str) -> tuple[Beside, ...]:
    """Return what other sessions said at a step, those that said anything."""
    return tuple(Beside(one.pk, title_of(one), lines) for one in sessions if (lines := lines_said(one, step)))


def interest_rows(session: Assessment) -> tuple[InterestRow, ...]:
    """Return those who gain or lose by the group's work."""
    lang = page_language()

    def labels(part: AssessmentPart, name: str, listed: str) -> tuple[str, ...]:
        return tuple(vocabulary(listed).label(code, lang) for code in codes(part.body, name))

    def label(part: AssessmentPart, name: str, listed: str) -> str:
        code = text(part.body, name)
        return vocabulary(listed).label(code, lang) if code else ""

    return tuple(
        InterestRow(
            part=part,
            name=name_of(part),
            stance=label(part, "stance", "assessment_stances"),
            weight=label(part, "weight", "assessment_weights"),
            stakes=labels(part, "stakes", "assessment_stakes"),
            powers=labels(part, "powers", "assessment_powers"),
            interest=text(part.body, "interest"),
            can_do=text(part.body, "can_do"),
        )
        for part in session.parts.all()
        if part.step == "interests" and not part.about
    )


def then_page(session: Assessment, earlier: Sequence[Assessment]) -> ThenPage:
    """Return this session beside those before it."""
    return ThenPage(
        head=head_of(session),
        cards=tuple(card for card in cards_of(session, earlier_pictures(session)) if card.then),
        wheel=wheel_drawn(session, earlier),
        wheel_said=wheel_said(session, earlier),
        fabric=fabric_drawn(session, earlier),
        fabric_said=fabric_said(session, earlier),
        sessions=tuple(earlier),
        appeared=tuple(one.words for one in session.threats.all() if one.earlier_id is None) if earlier else (),
        unsaid=tuple(_no_longer_said(session, earlier[-1])) if earlier else (),
    )


def _no_longer_said(session: Assessment, before: Assessment) -> Iterator[str]:
    """Name the threats of the session before that this one does not speak of any more."""
    taken_up = {one.earlier_id for one in session.threats.all()} | {None}
    words = {sort_key(one.words) for one in session.threats.all()}
    for one in before.threats.all():
        if one.pk not in taken_up and sort_key(one.words) not in words:
            yield one.words
