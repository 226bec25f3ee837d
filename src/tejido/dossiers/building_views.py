"""The page *What is building up*: fetch, may I, answer."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tejido.circles.policies import MemberRequest, members_only
from tejido.dossiers.building import building_page
from tejido.web.rendering import render_page


@members_only
@require_safe
def building(request: MemberRequest) -> HttpResponse:
    """What is building up, as it was last reckoned."""
    typed = request.GET.get("day", "")[:40]
    page = building_page(today=timezone.localdate(), by=request.by.id, typed=typed)
    return render_page(request, "dossiers/building.html", page, status=400 if page.mistake else 200)
