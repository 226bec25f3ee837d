"""How safely this notebook is kept, for those who look after it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from tejido.circles.keeping import how_it_is_kept
from tejido.circles.opening import workspace
from tejido.circles.policies import MemberRequest, may
from tejido.vault.checkup import Level, worst
from tejido.web.rendering import render_page
from tejido.web.wording import WORDS


@dataclass(frozen=True)
class KeepingPage:
    """What was looked at, as sentences by how bad it is; ``closely`` where everything was opened."""

    faults: tuple[str, ...]
    warnings: tuple[str, ...]
    good: tuple[str, ...]
    worst: Level
    closely: bool


@may("manage members")
@require_safe
def keeping(request: MemberRequest) -> HttpResponse:
    """Show what is wrong with this installation, what to do about it, and what is well."""
    closely = "closely" in request.GET
    remarks = how_it_is_kept(workspace(), closely=closely)
    said: dict[str, list[str]] = {"fault": [], "warning": [], "good": []}
    for one in remarks:
        said[one.level].append(one.sentence(WORDS))
    page = KeepingPage(
        faults=tuple(said["fault"]),
        warnings=tuple(said["warning"]),
        good=tuple(said["good"]),
        worst=worst(remarks),
        closely=closely,
    )
    return render_page(request, "circles/keeping.html", page)
