"""The second person: what waits for them, and what they say to it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tejido.circles.approval_pages import ApprovalPage, ApprovalsPage, ApprovalTerms, approval_line, spelt
from tejido.circles.approvals import WITH_TERMS, approval_by_id, give, refuse, statement_of, take_back
from tejido.circles.models import Approval, Member
from tejido.circles.policies import MemberRequest, may
from tejido.domain.errors import TejidoError
from tejido.domain.second_person import APPROVED, WAITING
from tejido.domain.words import N_
from tejido.vocabularies import vocabulary
from tejido.web.rendering import render_page
from tejido.web.wording import page_language, sentence_of

#: How many of those decided are listed.
_EARLIER: Final = 20
#: Where something of a kind is used once it is approved: names of pages of the slices above.
_USE: Final = {"export": "exchange:export_approved", "copy": "incidents:evidence_approved"}
#: Where what is to leave can be looked at, by the id that its terms name.
_THING: Final = {"copy": ("incidents:evidence", "evidence")}
_ACTS: Final = {"give": give, "refuse": refuse, "take_back": take_back}
_DONE: Final = {
    "give": N_("You agreed. Whoever asked can use it now, once."),
    "refuse": N_("You did not agree. Nothing leaves."),
    "take_back": N_("It was taken back. Nothing leaves."),
}


@may("approve")
@require_safe
def approvals(request: MemberRequest) -> HttpResponse:
    """List what waits for a second person, and what was decided lately."""
    me, found = request.by.id, Approval.objects.filter(circle=request.by.circle_id).select_related("requester")
    open_now = [one for one in found.filter(status__in=[WAITING, APPROVED]).order_by("-stamp") if not _over(one)]
    earlier = found.exclude(status__in=[WAITING, APPROVED]).order_by("-stamp")[:_EARLIER]
    page = ApprovalsPage(
        waiting=tuple(approval_line(one, me) for one in open_now if one.requester_id != me and one.status == WAITING),
        mine=tuple(approval_line(one, me) for one in open_now if one.requester_id == me),
        earlier=tuple(approval_line(one, me) for one in earlier),
    )
    return render_page(request, "circles/approvals.html", page)


@may("approve")
@require_http_methods(["GET", "HEAD", "POST"])
def approval(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Show what was asked for; agree, do not agree, or take it back."""
    found = approval_by_id(pk, by=request.by)
    said = next((name for name in _ACTS if name in request.POST), "") if request.method == "POST" else ""
    if said:
        try:
            _ACTS[said](by=request.by, approval=found)
        except TejidoError as error:
            messages.error(request, sentence_of(error))
        else:
            messages.success(request, _(_DONE[said]))
        return HttpResponseRedirect(reverse("circles:approval", args=[pk]), status=303)
    return render_page(request, "circles/approval.html", _page(found, request.by.id))


def _page(found: Approval, me: UUID) -> ApprovalPage:
    statement, line, over = statement_of(found), approval_line(found, me), _over(found)
    given = found.given
    second = Member.objects.filter(pk=given["approver"]).first() if given else None
    return ApprovalPage(
        line=line,
        holds=tuple((_noun(noun), many) for noun, many in statement.holds.items() if many),
        reason="" if found.kind in WITH_TERMS else statement.reason,
        terms=_terms(found),
        digest=spelt(statement.digest),
        until=datetime.fromisoformat(statement.until),
        over=over and found.status in {WAITING, APPROVED},
        second=second.name if second else "",
        second_at=datetime.fromisoformat(given["at"]) if given else None,
        may_decide=not line.mine and found.status == WAITING and not over,
        may_take_back=line.mine and found.status in {WAITING, APPROVED},
        thing=_thing(found),
        use=_use(found) if line.mine and found.status == APPROVED and not over else "",
    )


def _over(found: Approval) -> bool:
    return datetime.now(UTC) > datetime.fromisoformat(found.statement["until"])


def _use(found: Approval) -> str:
    try:
        return reverse(_USE.get(found.kind, "none"), args=[found.pk])
    except NoReverseMatch:
        return ""


def _terms(found: Approval) -> ApprovalTerms | None:
    told = found.file if found.kind in WITH_TERMS else {}
    if not told:
        return None
    audience = vocabulary("audiences").label(str(told.get("audience", "")), page_language())
    return ApprovalTerms(audience, str(told.get("with_whom", "")), str(told.get("why", "")))


def _thing(found: Approval) -> str:
    name, term = _THING.get(found.kind, ("none", ""))
    try:
        return reverse(name, args=[UUID(found.file[term])]) if found.file.get(term) else ""
    except (NoReverseMatch, ValueError):
        return ""


def _noun(noun: str) -> str:
    known = _NOUNS.get(noun)
    return _(known) if known else noun.replace("_", " ")


#: What an artefact holds, in the words of the page.
_NOUNS: Final = {
    "actors": N_("people and groups"),
    "ties": N_("ties"),
    "territories": N_("territories"),
    "consents": N_("consents"),
    "incidents": N_("incidents"),
    "acts": N_("acts"),
    "victims": N_("victims"),
    "perpetrators": N_("alleged perpetrators"),
    "sources": N_("sources"),
    "places": N_("places"),
    "plans": N_("plans"),
    "measures": N_("measures"),
    "threats": N_("threats"),
    "decisions": N_("decisions"),
    "presences": N_("presences in a territory"),
    "dossiers": N_("dossiers"),
    "copies": N_("copies for sharing"),
    "originals": N_("originals, with all that is hidden in them"),
}
