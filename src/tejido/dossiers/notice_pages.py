"""What the first page tells of warnings that passed what the circle chose."""

from __future__ import annotations

from datetime import date

from tejido.dossiers.pages import Named, NoticePart
from tejido.dossiers.ways import actor_way, way
from tejido.readings.naming import called
from tejido.readings.notices import notices
from tejido.readings.warning_kept import warning_now
from tejido.web.wording import WORDS


def notice_part(today: date) -> NoticePart | None:
    """Return what is to be told; None when there is nothing. Where the warning is old, reckoning begins beside,
    unless it has only just ended."""
    warning_now(today, asked=False)
    found = notices()
    people = called([one.actor for one in found], WORDS) if found else {}
    told = [people[str(one.actor)] for one in found if str(one.actor) in people]
    if not told:
        return None
    return NoticePart(
        groups=tuple(Named(one.name, actor_way(one.id)) for one in told),
        ids=tuple(str(one.id) for one in told),
        look=way("dossiers:building"),
        seen=way("dossiers:notices_seen"),
    )
