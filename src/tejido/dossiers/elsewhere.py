"""A dossier asked for by its address that is not of the circle worked in: say of which circle it is, and how to go on.

Only circles of whoever asks are named; of every other dossier nothing is told, not even that there is one.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from tejido.circles.actions import memberships_of
from tejido.circles.models import Circle, CircleRecord
from tejido.circles.policies import MemberRequest
from tejido.circles.sharing import shared_with
from tejido.domain.errors import NotFound
from tejido.web.rendering import render_page


@dataclass(frozen=True)
class ElsewherePage:
    """Of which circle a dossier is, and its address."""

    circle: UUID
    name: str
    address: str


def answer_elsewhere(request: MemberRequest, model: type[CircleRecord], record: UUID) -> HttpResponse:
    """Lead to the circle of ``record`` if whoever asks belongs to it, or to the dossier if it is shared with us.

    ``NotFound`` otherwise.
    """
    circle = model._default_manager.filter(pk=record).values_list("circle_id", flat=True).first()
    account = request.by.account
    mine = memberships_of(account, today=timezone.localdate()) if account is not None else []
    if any(one.dossier == record for one in shared_with(request.by.circle_id)):
        return HttpResponseRedirect(reverse("dossiers:shared_dossier", args=[record]))
    if circle is None or circle not in {one.circle_id for one in mine} - {request.by.circle_id}:
        raise NotFound
    page = ElsewherePage(circle, Circle.objects.get(pk=circle).name, request.path)
    return render_page(request, "dossiers/elsewhere.html", page)
