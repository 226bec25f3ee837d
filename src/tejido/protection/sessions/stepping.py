"""The steps of a session on pages: which forms each has, and keeping what was typed into them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final
from uuid import UUID

from django.http import QueryDict

from tejido.domain.errors import Conflict
from tejido.protection.meanwhile import told_meanwhile
from tejido.protection.sessions.bodies import MAIN, MODULE, PICTURE
from tejido.protection.sessions.keeping import keep_step
from tejido.protection.sessions.models import AssessedThreat, Assessment, AssessmentPart
from tejido.protection.sessions.queries import ModuleKnown
from tejido.protection.sessions.step_forms import (
    AbsentForm,
    ComponentForm,
    FabricForm,
    PartForm,
    PictureForm,
    PlaceForm,
    PrioritiesForm,
    PromptsForm,
    WheelForm,
    WorkForm,
)
from tejido.vault.journal import By
from tejido.vocabularies import vocabulary
from tejido.web.wording import page_language

#: The steps in the order in which a group may take them; it is free to take another.
STEPS: Final[tuple[str, ...]] = vocabulary("assessment_steps").codes
#: The steps that are typed in at once after a meeting, in the order of the paper.
ON_PAPER: Final = ("work", "components", "pictures", "unspoken", "priorities", "wheel", "fabric")

#: How the fields of a place begin: those of the steps, and the five steps of a threat on the page of the papers.
_PLACES: Final = tuple(f"{place}-" for place in (*STEPS, "five"))

#: Pictures on one page: each is a long form.
AT_A_TIME: Final = 10

Known = dict[tuple[str, str, UUID | None], AssessmentPart]


def known_parts(session: Assessment) -> Known:
    """Return the parts of a session by step, place and threat."""
    return {(part.step, part.about, part.threat_id): part for part in session.parts.all() if part.about}


def forms_of(
    step: str, session: Assessment, data: QueryDict | None = None, after: UUID | None = None
) -> list[PartForm]:
    """Return the forms of a step, one for each of its places; none for a step that is made of rows.

    Pictures come a few at a time, those of the threats that stand behind ``after``.
    """
    known, threats = known_parts(session), list(session.threats.all())

    def part(about: str = MAIN, threat: AssessedThreat | None = None) -> AssessmentPart | None:
        return known.get((step, about, threat.pk if threat is not None else None))

    match step:
        case "work":
            return [WorkForm(data, part())]
        case "components":
            return [ComponentForm(data, part(one.code), one) for one in vocabulary("assessment_components")]
        case "pictures":
            return [PictureForm(data, part(PICTURE, one), one) for one in _few(threats, after)[:AT_A_TIME]]
        case "unspoken":
            return [AbsentForm(data, part(one.code), one) for one in vocabulary("assessment_absent")]
        case "priorities":
            return [PrioritiesForm(data, part(), threats)] if threats else []
        case "wheel":
            return [WheelForm(data, part())]
        case "fabric":
            return [FabricForm(data, part())]
    return []


def asked_by_modules(
    step: str, session: Assessment, modules: Iterable[ModuleKnown], data: QueryDict | None = None
) -> list[PartForm]:
    """Return what the chosen modules ask at a step, a form each."""
    known, lang = known_parts(session), page_language()
    return [
        PromptsForm(
            data,
            known.get((step, MODULE + one.key, None)),
            step=step,
            about=MODULE + one.key,
            title=one.module.title(lang),
            prompts=one.module.at(step),
        )
        for one in modules
        if one.module.at(step)
    ]


def keep_forms(by: By, session: Assessment, forms: Sequence[PartForm], *, shown_again: bool = False) -> bool:
    """Keep what was typed; return whether all of it was. ``shown_again``: the page will be, whatever comes of this.

    What is sound is kept even where something beside it is not: a form that is not sound says why, one at whose place
    somebody wrote meanwhile shows what they wrote. Each form then carries what stands, to be sent again.
    """
    sound = [form for form in forms if form.is_bound and form.is_valid()]
    crossed: set[tuple[str, str, UUID | None]] = set()
    for step, group in groupby(sound, key=lambda form: form.step):
        kept = keep_step(by=by, assessment=session.pk, step=step, told=[form.told() for form in group])
        crossed |= {(step, one.told.about, one.told.threat) for one in kept.crossed}
    whole = not crossed and all(form.is_valid() for form in forms if form.is_bound)
    if not whole or shown_again:
        _carry(session, sound, crossed)
    return whole


def _carry(session: Assessment, sound: Sequence[PartForm], crossed: set[tuple[str, str, UUID | None]]) -> None:
    parts = {(part.step, part.about, part.threat_id): part for part in session.parts.exclude(about="")}
    for form in sound:
        place = (form.step, form.about, form.threat)
        stands = parts.get(place)
        if stands is None:
            continue
        if place in crossed:
            now = dict.fromkeys(form.fields, "") | stands.body | {"revision": stands.revision}
            form.meanwhile = tuple(
                (label, value)
                for label, value in told_meanwhile(form, Conflict(), {k: v for k, v in now.items() if k != "seen"})
            )
        form.carry(stands)


def reached(session: Assessment) -> set[str]:
    """Return the steps at which something was said."""
    said = {part.step for part in session.parts.all() if part.body}
    return said | {"threats"} if session.threats.all() else said


def next_step(step: str) -> str:
    """Return the step after this one; nothing after the last."""
    at = STEPS.index(step) + 1
    return STEPS[at] if at < len(STEPS) else ""


def first_unsaid(session: Assessment) -> str:
    """Return the first step at which nothing was said yet; nothing when each was taken."""
    said = reached(session)
    return next((step for step in STEPS if step not in said), "")


def without_place(data: QueryDict, forms: Iterable[PlaceForm]) -> tuple[str, ...]:
    """Return the words that were typed for a place that is no longer there: a threat or module taken out meanwhile."""
    known = {form.add_prefix(name) for form in forms for name in form.fields}
    typed = [
        (name, value)
        for name, value in data.items()
        if name.startswith(tuple(f"{place}-" for place in (*STEPS, "five")))
        and not name.endswith(("-revision", "-seen", "_step"))
    ]
    return tuple(str(value) for name, value in typed if name not in known and str(value).strip())


def _few(threats: list[AssessedThreat], after: UUID | None) -> list[AssessedThreat]:
    """Return the threats behind one; all of them when there is no such threat."""
    ids = [one.pk for one in threats]
    return threats[ids.index(after) + 1 :] if after in ids else threats


def more_pictures(session: Assessment, after: UUID | None) -> UUID | None:
    """Return the threat behind which the next page of pictures begins; nothing on the last."""
    left = _few(list(session.threats.all()), after)
    return left[AT_A_TIME - 1].pk if len(left) > AT_A_TIME else None
