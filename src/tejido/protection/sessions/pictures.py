"""The drawings of a session: who pulls which way, the wheel, the threads of the fabric over time."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from tejido.domain.fabric_self import THREADS, fabric_changes
from tejido.domain.security_wheel import said_of_wheel, wheel_changes
from tejido.drawing.forces import Force, ForceLabels, draw_forces
from tejido.drawing.svg import Drawing
from tejido.drawing.threads import Thread, ThreadLabels, draw_threads
from tejido.drawing.wheel import WheelLabels, WheelSpoke, draw_wheel
from tejido.protection.sessions.bodies import body_at, fabric_of, text, wheel_of
from tejido.protection.sessions.forms import title_of
from tejido.protection.sessions.models import Assessment
from tejido.protection.sessions.saying import name_of
from tejido.vocabularies import vocabulary
from tejido.web.wording import WORDS, page_language


def field_of_forces(session: Assessment) -> Drawing:
    """Draw who pulls for and against the group's work; those against first, then the undecided."""
    lang = page_language()
    stances, weights = vocabulary("assessment_stances"), vocabulary("assessment_weights")
    forces = []
    for part in session.parts.all():
        if part.step != "interests" or part.about:
            continue
        stance, weight = text(part.body, "stance"), text(part.body, "weight")
        pull = stances.term(stance).number("pull") if stance in stances else 0
        heavy = weights.term(weight).number("rank") if weight in weights else 0
        said = [stances.label(stance, lang)] if stance else []
        said += [weights.label(weight, lang)] if weight else []
        address = reverse("protection:session_interest", args=[session.pk, part.pk])
        forces.append(Force(name_of(part), int(pull or 0), int(heavy or 0), ", ".join(said), address))
    labels = ForceLabels(
        _("Who pulls which way"), _("← against"), _("in favour →"), (_("Who"), _("Which way, how strongly"))
    )
    return draw_forces(sorted(forces, key=lambda one: one.pull), labels=labels)


def wheel_drawn(session: Assessment, earlier: Sequence[Assessment]) -> Drawing:
    """Draw the wheel of a session, and the last one before it."""
    lang = page_language()
    now = wheel_of(body_at(session.parts.all(), "wheel"), lang)
    last = _last_with("wheel", earlier)
    then = {one.label: one.step for one in wheel_of(body_at(last.parts.all(), "wheel"), lang)} if last else {}
    spokes = [WheelSpoke(one.label, one.step, then.get(one.label)) for one in now]
    before = title_of(last) if last else ""
    labels = WheelLabels(_("Our wheel"), _("now"), before, (_("Spoke"), _("now"), before))
    return draw_wheel(spokes, labels=labels)


def wheel_said(session: Assessment, earlier: Sequence[Assessment]) -> tuple[str, ...]:
    """Say whether the wheel turns, and which spokes grew or shrank."""
    lang = page_language()
    now = wheel_of(body_at(session.parts.all(), "wheel"), lang)
    last = _last_with("wheel", earlier)
    changes = wheel_changes(wheel_of(body_at(last.parts.all(), "wheel"), lang), now, WORDS) if last else ()
    return tuple(said for said in (said_of_wheel(now, WORDS), *changes) if said)


def fabric_drawn(session: Assessment, earlier: Sequence[Assessment]) -> Drawing:
    """Draw each thread of the fabric over the sessions that spoke of it."""
    told = _with_fabric(session, earlier)
    threads, lang = vocabulary("assessment_threads"), page_language()
    pictures = [fabric_of(body_at(one.parts.all(), "fabric")) for one in told]
    rows = [
        Thread(threads.label(code, lang), tuple(picture.steps.get(code) for picture in pictures)) for code in THREADS
    ]
    labels = ThreadLabels(_("Our fabric over time"), _("Thread"), tuple(title_of(one) for one in told))
    return draw_threads(rows, labels=labels)


def fabric_said(session: Assessment, earlier: Sequence[Assessment]) -> tuple[str, ...]:
    """Say which threads became firmer and which looser."""
    threads, lang = vocabulary("assessment_threads"), page_language()
    pictures = [fabric_of(body_at(one.parts.all(), "fabric")) for one in _with_fabric(session, earlier)]
    return fabric_changes(pictures, {one.code: one.label(lang) for one in threads}, WORDS)


def _with_fabric(session: Assessment, earlier: Sequence[Assessment]) -> list[Assessment]:
    return [one for one in (*earlier, session) if body_at(one.parts.all(), "fabric")]


def _last_with(step: str, earlier: Sequence[Assessment]) -> Assessment | None:
    return next((one for one in reversed(earlier) if body_at(one.parts.all(), step)), None)
