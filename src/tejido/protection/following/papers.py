"""A group's card (whom we call) and the poster of its plan: one page each, made in memory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tejido.domain.dates import ImpreciseDate
from tejido.fabric.models import Actor
from tejido.protection.following.models import ReachStep, SafePlace
from tejido.protection.following.queries import calls_of, places_of
from tejido.protection.leaving_out import names_left_out, names_left_out_around
from tejido.protection.models import Plan
from tejido.protection.pages import FamilyCard, PlanPage
from tejido.protection.printing import Said, shortened, visible
from tejido.protection.typesetting import Json, typeset
from tejido.vocabularies import vocabulary
from tejido.web.wording import page_language

#: Nobody calls more than these in an hour of need; nobody reads more than this on a wall.
MOST_CALLS: Final = 9
MOST_PLACES: Final = 5
MOST_THREATS: Final = 8
MOST_OF_A_FAMILY: Final = 12
#: A line longer than this is cut on a wall or a card; the plan itself has it whole.
_LONGEST: Final = 90


def card_pdf_bytes(group: Actor, *, names: bool, today: date) -> bytes:
    """Return the card of a group as a PDF of one page (A5): whom it calls, in order, and where it can go.

    Without ``names`` the group's own name and those of persons are left out; numbers and signs stay.
    """
    calls, places = calls_of(group.pk), [one for one in places_of(group.pk) if one.readiness != "not_ready"]
    said = visible if names else names_left_out_around(group)
    return typeset("card.typ", _card(group, calls, places, said, names=names, today=today))


def _card(
    group: Actor, calls: Sequence[ReachStep], places: Sequence[SafePlace], said: Said, *, names: bool, today: date
) -> dict[str, Json]:
    rest = len(calls) - MOST_CALLS
    shown: list[Json] = [_call(place, one, said) for place, one in enumerate(calls[:MOST_CALLS], start=1)]
    where: list[Json] = [_cut(said(one.name)) for one in places[:MOST_PLACES] if one.kind in ("meeting", "refuge")]
    return {
        "neutral": settings.NEUTRAL_NAME,
        "lang": page_language(),
        "title": _cut(visible(group.usual_name)) if names else _("Whom we call"),
        "first": _("One after the other, until somebody answers. First see to those who are hurt or alone."),
        "calls": shown,
        "more": ngettext("and %(n)s more", "and %(n)s more", rest) % {"n": rest} if rest > 0 else "",
        "places": where,
        "empty": "" if calls else _("Nobody is written down yet. Write three by hand: near, with a duty, far away."),
        "last": _("Made on %(when)s. Try each of them; burn the old card.")
        % {"when": ImpreciseDate.day(today).words(page_language())},
        "says": {"places": _("Where we can go")},
    }


def _call(place: int, one: ReachStep, said: Said) -> Json:
    channel = vocabulary("reach_channels").label(one.channel, page_language())
    told: list[Json] = []
    if one.for_what:
        told.append(_cut(said(one.for_what)))
    if one.stand_in:
        told.append(_("If nobody answers: %(who)s") % {"who": _cut(said(one.stand_in))})
    how = f"{channel}: {said(one.how)}" if one.how else channel
    return {"place": str(place), "name": _cut(said(one.name)), "how": _cut(how), "said": told}


def poster_pdf_bytes(plan: Plan, page: PlanPage, *, names: bool, today: date) -> bytes:
    """Return a plan as a poster of one page (A3), in few words; what does not fit is counted."""
    said = visible if names else names_left_out(plan)
    shown = [_family(card, said, names=names) for card in page.families if card.rows]
    left = sum(max(0, len(card.rows) - MOST_OF_A_FAMILY) for card in page.families)
    told: dict[str, Json] = {
        "neutral": settings.NEUTRAL_NAME,
        "lang": page_language(),
        "kind": (visible(page.head.group) + " · " if names else "") + ImpreciseDate.day(today).words(page_language()),
        "title": _cut(said(page.head.title)),
        "threats": [_cut(said(row.threat.words)) for row in page.threats[:MOST_THREATS]],
        "families": list(shown),
        "more": ngettext("and %(n)s more measure", "and %(n)s more measures", left) % {"n": left} if left else "",
        "review": _("We look at it again: %(when)s.") % {"when": page.review_on.words(page_language())}
        if page.review_on is not None
        else "",
        "says": {"threats": _("What threatens us")},
    }
    return typeset("poster.typ", told)


def _family(card: FamilyCard, said: Said, *, names: bool) -> Json:
    open_first = sorted(card.rows, key=lambda row: row.status in ("stopped", "harmful"))
    rows: list[Json] = [
        {"title": _cut(said(row.title)), "level": row.level, "who": _cut(said(row.who)) if names else ""}
        for row in open_first[:MOST_OF_A_FAMILY]
        if row.status not in ("stopped", "harmful")
    ]
    return {"title": card.title, "measures": rows}


def _cut(text: str) -> str:
    return shortened(text, _LONGEST)
