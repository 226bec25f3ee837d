"""The drawings of the dossiers, with their words: timeline, network, map, bars."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tejido.dossiers.pages import Named
from tejido.drawing.bars import BarLabels, BarRow, draw_bars
from tejido.drawing.maps import MapLabels, MapPlace, draw_map
from tejido.drawing.network import Edge, NetworkLabels, Node, ShapeKind, draw_network
from tejido.drawing.periods import bins_for
from tejido.drawing.svg import Drawing
from tejido.drawing.timeline import TimelineLabels, draw_timeline
from tejido.readings.gathering import Gathered
from tejido.web.wording import page_language

MOST_BINS = 28


def timeline_of(spans: Sequence[tuple[date, date, bool]], *, title: str, own: str, near: str) -> Drawing:
    """Return when it happened: ``own`` and ``near`` name the two sides."""
    labels = TimelineLabels(
        title=title, own=own, near=near, headers=(_("Period"), own, near),
        description=_("Each incident is counted once, in the period that holds the middle of its date."),
    )  # fmt: skip
    return draw_timeline(bins_for(spans, lang=page_language(), at_most=MOST_BINS), labels=labels)


def network_of(nodes: Sequence[Node], edges: Sequence[Edge], *, title: str, centre: str) -> Drawing:
    """Return who is tied to whom around ``centre``."""
    kinds: Mapping[ShapeKind, str] = {
        "collective": _("group"),
        "person": _("person"),
        "ally": _("ally"),
        "authority": _("authority"),
        "aggressor": _("aggressor"),
        "unknown": _("not known"),
    }
    labels = NetworkLabels(
        title=title,
        headers=(_("From"), _("Tie"), _("To"), _("How it is known")),
        not_drawn=_not_drawn,
        harmful=_("harmful"),
        kinds=kinds,
    )
    return draw_network(nodes, edges, labels=labels, centre=centre)


def _not_drawn(many: int) -> str:
    said = ngettext("{n} more is in the table only.", "{n} more are in the table only.", many)
    return said.format(n=many)


def map_of(places: Sequence[MapPlace], *, title: str) -> Drawing:
    """Return where it happened and where people live, as coarsely as each place may be shown."""
    labels = MapLabels(
        title=title,
        headers=(_("Place"), _("What it is"), _("How many"), _("How exactly")),
        several=lambda more, name: ngettext("{name} and {n} more", "{name} and {n} more", more).format(
            name=name, n=more
        ),
        within=lambda km: _("within {km} km").format(km=f"{km:g}"),
        across=lambda km: _("{km} km across").format(km=f"{km:.0f}"),
        kinds={"incident": _("incident"), "territory": _("territory"), "aggressor": _("aggressor")},
    )
    return draw_map(places, labels=labels)


def bars_of(rows: Iterable[tuple[Named, Gathered]], *, title: str) -> Drawing:
    """Return how many incidents struck each collective lately, with what was usual as a word."""
    labels = BarLabels(
        title=title,
        headers=(_("Collective"), _("Last 90 days"), _("The 365 days before")),
        say=lambda value: ngettext("{n} incident", "{n} incidents", int(value)).format(n=int(value)),
    )
    return draw_bars(
        [BarRow(one.name, found.lately, _("before: {n}").format(n=found.before), one.href) for one, found in rows],
        labels=labels,
    )


def no_drawing() -> Drawing:
    """Return a drawing of nothing."""
    return draw_bars([], labels=BarLabels(title="", headers=("", "", "")))
