"""The pages that read a collective's fabric: fetch, may I, answer."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tejido.circles.openings import note_opening
from tejido.circles.policies import MemberRequest, members_only
from tejido.dossiers.our_fabric import our_fabric_page
from tejido.web.rendering import render_page


@members_only
@require_safe
def our_fabric(request: MemberRequest, actor: UUID) -> HttpResponse:
    """How a collective is woven, and what hangs on whom."""
    page = our_fabric_page(actor, today=timezone.localdate())
    note_opening(by=request.by, noun="fabric.actor", record=actor)
    return render_page(request, "dossiers/our_fabric.html", page)
