"""What is building up: words first, then what was expected beside what came, then how far it can be trusted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tejido.domain.dates import ImpreciseDate
from tejido.domain.errors import BadInput
from tejido.dossiers.building_pages import BuildingPage, ComingLine, Why
from tejido.dossiers.pages import Named
from tejido.dossiers.pictures import no_drawing
from tejido.dossiers.ways import actor_way, territory_way, way
from tejido.dossiers.wrong_pages import Wrong, wrong_of
from tejido.drawing.multiples import MultiplesLabels, Panel, Span, draw_multiples
from tejido.drawing.svg import Drawing
from tejido.readings.naming import called, places_called
from tejido.readings.queries import objections_to_warning
from tejido.readings.settings import chosen_settings
from tejido.readings.warning import Coming, Warned
from tejido.readings.warning_kept import Standing, warning_now
from tejido.readings.warning_past import day_asked, warning_then
from tejido.readings.warning_words import (
    coming_sentence,
    gate_sentence,
    kept_sentence,
    lately_sentence,
    odds,
    part_words,
    reasons,
)
from tejido.web.wording import WORDS, page_language

MOST_PICTURES = 5
MOST_LINES = 6


def building_page(*, today: date, by: UUID | None = None, typed: str = "") -> BuildingPage:
    """Compose the page for member ``by`` from what is kept; nothing is reckoned here.

    ``typed``: an earlier day to look from; one that cannot be becomes a sentence, and today is shown.
    """
    mistake, as_of = "", None
    try:
        as_of = day_asked(typed, today=today)
    except BadInput as slip:
        mistake = slip.sentence(WORDS)
    standing = warning_now(today) if as_of is None else warning_then(today, as_of)
    found = standing.warned
    page = _without(standing) if found is None else _told(found, standing, None if as_of else by)
    again = way("dossiers:building", **({"day": as_of.isoformat()} if as_of else {}))
    return replace(page, typed=typed, mistake=mistake, looks_back=as_of is not None, again=again)


def _told(found: Warned, standing: Standing, by: UUID | None) -> BuildingPage:
    groups = _groups(found)
    places = {one: Named(name, territory_way(UUID(one))) for one, name in _places(found).items()}
    notice = chosen_settings().notice
    said = objections_to_warning()

    def doubts(view: str, row: str) -> Wrong:
        return wrong_of(said, row, by=by, add=way(view, row)) if row and by else Wrong()

    told = tuple(
        _line(one, groups[one.id], found, doubts("dossiers:wrong_actor", one.id), notice)
        for one in found.collectives
        if one.id in groups
    )
    above = tuple(line.who for line in told if line.notice)
    return BuildingPage(
        ready=True,
        empty=False,
        fresh=standing.fresh,
        under_way=_hundredths(standing),
        as_of=ImpreciseDate.day(found.as_of),
        is_past=found.is_past,
        days=found.days,
        lead=_lead(found, groups),
        above=above,
        collectives=told[:MOST_LINES],
        territories=tuple(
            _line(one, places[one.id], found, doubts("dossiers:wrong_territory", one.id), notice)
            for one in found.territories
            if one.id in places
        )[:MOST_LINES],
        by_collective=_drawing(found.collectives, groups, found, _("Expected and seen, by collective")),
        by_territory=_drawing(found.territories, places, found, _("Expected and seen, by territory")),
        gate_open=found.gate.open,
        gate=gate_sentence(found.gate, WORDS),
        learned=tuple(part_words(one, WORDS, page_language()) for one in found.gate.learned),
        kept=tuple(kept_sentence(one, WORDS) for one in found.calibration),
        left_out=_left_out(found),
        incidents=found.incidents,
        meet=_meeting(),
        how=f"{way('dossiers:help')}#reading",
        again=way("dossiers:building"),
        own_settings=chosen_settings().are_own,
    )


def _without(standing: Standing) -> BuildingPage:
    nothing = no_drawing()
    return BuildingPage(
        ready=False, empty=standing.fresh, fresh=standing.fresh, under_way=_hundredths(standing), as_of=None,
        is_past=False, days=0, lead="", above=(), collectives=(), territories=(), by_collective=nothing,
        by_territory=nothing, gate_open=False, gate="", learned=(), kept=(), left_out=(), incidents=0,
        meet=_meeting(), how=f"{way('dossiers:help')}#reading", again=way("dossiers:building"),
    )  # fmt: skip


def _meeting() -> str:
    return way("protection:sessions") or way("protection:plans")


def _hundredths(standing: Standing) -> int | None:
    return None if standing.under_way is None else round(100 * standing.under_way[0] / max(standing.under_way[1], 1))


def _groups(found: Warned) -> dict[str, Named]:
    people = called((UUID(one.id) for one in found.collectives if one.id), WORDS)
    named = {one: Named(who.name, actor_way(who.id)) for one, who in people.items()}
    return {**named, "": Named(_("People of whom no group is known"), "")}


def _places(found: Warned) -> dict[str, str]:
    return places_called(UUID(one.id) for one in found.territories)


def _lead(found: Warned, groups: Mapping[str, Named]) -> str:
    """Return the one sentence to remember: to which group most may come, and how likely that is."""
    known = [one for one in found.collectives if one.id and one.id in groups]
    if not known or known[0].chance < 0.02:
        return _(
            "For no group is an incident likely in the {days} days looked at, as far as these records can tell."
        ).format(days=found.days)
    most = known[0]
    return _("Of the groups, an incident is most likely against {name}: {odds} in {days} days.").format(
        name=groups[most.id].name, odds=odds(most.chance, WORDS), days=found.days
    )


def _line(one: Coming, who: Named, found: Warned, wrong: Wrong, notice: int) -> ComingLine:
    why = (Why(words, many, basis == "learned") for words, many, basis in _reasons(one, found))
    return ComingLine(
        who=who,
        sentence=coming_sentence(one, found.days, WORDS),
        lately=lately_sentence(one, WORDS),
        reasons=tuple(why) if found.gate.open else (),
        notice=100 * one.chance >= notice and bool(one.id),
        wrong=wrong,
    )


def _reasons(one: Coming, found: Warned) -> Iterable[tuple[str, int, str]]:
    return reasons(one.parts, found.gate, WORDS, page_language())


def _drawing(rows: Iterable[Coming], names: Mapping[str, Named], found: Warned, title: str) -> Drawing:
    panels = [
        Panel(names[one.id].name, tuple(_spans(one, found)), names[one.id].href or None)
        for one in rows
        if one.id in names
    ][:MOST_PICTURES]
    labels = MultiplesLabels(
        title=title,
        headers=(_("Who"), _("Days from"), _("Expected"), _("9 of 10 times between"), _("Came")),
        came=_("what came"),
        expected=_("what was expected"),
        between=_("where it is 9 of 10 times"),
        not_yet=_("not yet over"),
        description=_("Each mark stands for {days} days; the last has not come yet.").format(days=found.days),
    )
    return draw_multiples(panels, labels=labels)


def _spans(one: Coming, found: Warned) -> Iterable[Span]:
    for past in one.past:
        yield Span(_day(past.begin), past.expected, past.low, past.high, past.seen)
    yield Span(_day(found.as_of + timedelta(days=1)), one.expected, one.low, one.high)


def _day(day: date) -> str:
    return date_format(day, "j b y")


def _left_out(found: Warned) -> tuple[str, ...]:
    """Return what the reckoning could not use, in sentences."""
    told = []
    if found.undated:
        said = ngettext("{n} incident has no date.", "{n} incidents have no date.", found.undated)
        told.append(said.format(n=found.undated))
    if found.coming:
        said = ngettext("{n} lies after the day looked from.", "{n} lie after the day looked from.", found.coming)
        told.append(said.format(n=found.coming))
    if found.unnamed:
        said = ngettext(
            "Of {n} it is not written against whom it was.",
            "Of {n} it is not written against whom they were.",
            found.unnamed,
        )
        told.append(said.format(n=found.unnamed))
    return tuple(told)
