"""What a session said at each step, in lines to be read beside another session or on the page of the whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from django.utils.translation import gettext as _

from tejido.domain.assessment import ASPECT_WORDS, ASPECTS, Picture, dots
from tejido.domain.assessment_presence import Present
from tejido.domain.security_wheel import said_of_wheel
from tejido.protection.given import lines_of
from tejido.protection.sessions.bodies import (
    MAIN,
    MODULE,
    PICTURE,
    Said,
    body_at,
    chosen_of,
    fabric_of,
    picture_of,
    text,
    wheel_of,
)
from tejido.protection.sessions.models import Assessment, AssessmentPart
from tejido.protection.sessions.queries import ModuleKnown
from tejido.vocabularies import vocabulary
from tejido.web.wording import WORDS, page_language


def present_said(session: Assessment) -> str:
    """Return how many took part, and of which groups: “41 present, 23 women”."""
    told = [str(Present(str(group), int(count))) for group, count in session.present]
    if session.all_present:
        told.insert(0, _("%(many)s present") % {"many": session.all_present})
    return ", ".join(told)


def name_of(part: AssessmentPart) -> str:
    """Return who a row is about: the words that were typed, else the name in the fabric."""
    if name := text(part.body, "name"):
        return name
    return part.actor.usual_name if part.actor is not None else _("somebody who was taken out of the fabric")


def pictures_of(session: Assessment) -> dict[object, Picture]:
    """Return the picture of each threat that has one, by the id of the threat."""
    return {
        part.threat_id: picture_of(part.body)
        for part in session.parts.all()
        if part.step == "pictures" and part.about == PICTURE and part.body
    }


def lines_said(session: Assessment, step: str) -> tuple[str, ...]:
    """Return what a session said at a step, a line each."""
    return tuple(line for line in _SAYS[step](session) if line)


def changes_wanted(session: Assessment) -> tuple[tuple[str, str], ...]:
    """Return what the group can change, with the part of its life it belongs to."""
    lang, components = page_language(), vocabulary("assessment_components")
    return tuple(
        (line, components.label(part.about, lang))
        for part in session.parts.all()
        if part.step == "components" and part.about in components
        for line in text(part.body, "change").splitlines()
        if line.strip()
    )


def weak_sides(session: Assessment) -> tuple[tuple[str, str, str], ...]:
    """Return what the group said exposes it, a line each: a key for a form, the words, the part of its life."""
    return tuple(
        (f"{part.about}-{at}", line, label)
        for part, label in _listed(session, "components", "assessment_components")
        for at, line in enumerate(lines_of(text(part.body, "exposes")))
    )


def practices_said(session: Assessment) -> list[str]:
    """Return what the group said it does already to look after each other, a line each."""
    return lines_of(text(body_at(session.parts.all(), "work"), "cares"))


def words_of(session: Assessment, step: str) -> tuple[str, ...]:
    """Return what the group sees in its wheel or its fabric, in its own words."""
    told = text(body_at(session.parts.all(), step), "words")
    return (told,) if told else ()


def answers_to(
    session: Assessment, modules: Sequence[ModuleKnown]
) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Return what the group answered to each module that it chose: its title, and each question with its answer."""
    lang, told = page_language(), {(part.step, part.about): part.body for part in session.parts.all()}
    found = []
    for one in modules:
        pairs = tuple(
            (prompt.question(lang), answer)
            for prompt in one.module.prompts
            if (answer := text(told.get((prompt.step, MODULE + one.key), {}), prompt.key))
        )
        if pairs:
            found.append((one.module.title(lang), pairs))
    return tuple(found)


def _work(session: Assessment) -> Iterator[str]:
    body = body_at(session.parts.all(), "work")
    yield from (text(body, name) for name in ("defends", "values", "cares"))


def _interests(session: Assessment) -> Iterator[str]:
    stances, lang = vocabulary("assessment_stances"), page_language()
    for part in session.parts.all():
        if part.step == "interests" and not part.about:
            stance = text(part.body, "stance")
            yield f"{name_of(part)} · {stances.label(stance, lang)}" if stance else name_of(part)


def _threats(session: Assessment) -> Iterator[str]:
    yield from (threat.words for threat in session.threats.all())


def _components(session: Assessment) -> Iterator[str]:
    labels = {"exposes": _("exposes us"), "protects": _("protects us")}
    for part, label in _listed(session, "components", "assessment_components"):
        for name, said in labels.items():
            if told := text(part.body, name):
                yield f"{label}, {said}: {told}"


def _pictures(session: Assessment) -> Iterator[str]:
    found = pictures_of(session)
    for threat in session.threats.all():
        picture = found.get(threat.pk)
        looks = [
            _("%(look)s %(dots)s “%(words)s”")
            % {"look": _(ASPECT_WORDS[aspect]), "dots": picture.look(aspect).dots, "words": picture.look(aspect).words}
            for aspect in ASPECTS
            if picture is not None and picture.look(aspect).words
        ]
        if looks:
            yield f"{threat.words}: " + " · ".join(looks)


def _unspoken(session: Assessment) -> Iterator[str]:
    for part, label in _listed(session, "unspoken", "assessment_absent"):
        if told := text(part.body, "answer"):
            yield f"{label}: {told}"


def _priorities(session: Assessment) -> Iterator[str]:
    body: Said = body_at(session.parts.all(), "priorities")
    threats = {str(one.pk): one.words for one in session.threats.all()}
    chosen = chosen_of(body, [one.pk for one in session.threats.all()])
    for place, held in enumerate(chosen.priorities.order, start=1):
        yield f"{place}. " + " · ".join(threats[one] for one in held)
    yield chosen.why
    if chosen.disagreed:
        yield _("Seen otherwise: %(words)s") % {"words": chosen.disagreed}


def _wheel(session: Assessment) -> Iterator[str]:
    body = body_at(session.parts.all(), "wheel", MAIN)
    yield said_of_wheel(wheel_of(body, page_language()), WORDS)
    yield text(body, "words")


def _fabric(session: Assessment) -> Iterator[str]:
    body, threads, lang = body_at(session.parts.all(), "fabric"), vocabulary("assessment_threads"), page_language()
    for thread, step in fabric_of(body).steps.items():
        yield f"{threads.label(thread, lang)} {dots(step)}"
    yield text(body, "words")


def _listed(session: Assessment, step: str, name: str) -> Iterator[tuple[AssessmentPart, str]]:
    found = {part.about: part for part in session.parts.all() if part.step == step}
    for term in vocabulary(name):
        if term.code in found:
            label = term.label(page_language())
            yield found[term.code], label[:1].upper() + label[1:]


_SAYS: Final[dict[str, Callable[[Assessment], Iterator[str]]]] = {
    "work": _work,
    "interests": _interests,
    "threats": _threats,
    "components": _components,
    "pictures": _pictures,
    "unspoken": _unspoken,
    "priorities": _priorities,
    "wheel": _wheel,
    "fabric": _fabric,
}
