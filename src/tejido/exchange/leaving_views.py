"""Taking everything out: alone where nobody else could be asked, else with a second person."""

from __future__ import annotations

import io
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tejido.circles.approvals import approval_by_id
from tejido.circles.policies import MemberRequest, may
from tejido.domain.errors import TejidoError
from tejido.domain.second_person import NotApproved
from tejido.exchange.exporting import export_into
from tejido.exchange.forms import ReasonSheet
from tejido.exchange.leaving import ask_to_export, export_approved_into, forget_old, needs_second_person
from tejido.exchange.pages import ExportPage
from tejido.web.rendering import render_page
from tejido.web.wording import sentence_of


@may("take out")
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: MemberRequest) -> HttpResponse:
    """Warn, and hand out everything in one file, made in memory; or ask a second person for it."""
    second = needs_second_person(request.by)
    if request.method == "POST" and not second:
        content = io.BytesIO()
        export_into(by=request.by, target=content)
        return _handed_out(content)
    form = ReasonSheet(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            forget_old(by=request.by)
            approval = ask_to_export(by=request.by, reason=form.cleaned_data["reason"])
        except TejidoError as error:
            form.refuse(error)
        else:
            return HttpResponseRedirect(reverse("circles:approval", args=[approval.pk]), status=303)
    page = ExportPage(form if second else None)
    return render_page(request, "exchange/export.html", page, status=400 if form.is_bound else 200)


@may("take out")
@require_POST
def export_approved(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Hand out what a second person approved, to the byte; once."""
    approval = approval_by_id(pk, by=request.by)
    content = io.BytesIO()
    try:
        export_approved_into(by=request.by, approval=approval, target=content)
    except NotApproved as error:
        messages.error(request, sentence_of(error))
        return HttpResponseRedirect(reverse("circles:approval", args=[pk]), status=303)
    messages.success(request, _("It was handed out. The approval serves no more."))
    return _handed_out(content)


def _handed_out(content: io.BytesIO) -> HttpResponse:
    answer = HttpResponse(content.getvalue(), content_type="application/zip")
    answer["Content-Disposition"] = 'attachment; filename="export.zip"'
    return answer
