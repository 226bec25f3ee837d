"""The pages of evidence: add, look, check, copy, hand over, correct, destroy.

A file leaves only as an answer to a form, with the line of its custody already written: as an attachment under a
neutral name, whose kind no browser guesses, and in which nothing runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final, cast
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tejido.circles.approvals import approval_by_id
from tejido.circles.policies import MemberRequest, may, members_only
from tejido.domain.errors import BadInput, Conflict, DamagedSeal, NotFound, RuleBroken, TejidoError
from tejido.domain.second_person import NotApproved
from tejido.incidents import evidence_actions as actions
from tejido.incidents.evidence_actions import EvidenceGiven, evidence_to_use, neutral_name, sealed_of
from tejido.incidents.evidence_custody import NOUN
from tejido.incidents.evidence_forms import (
    MOST_FILES,
    AboutSheet,
    CorrectSheet,
    EvidenceSheet,
    ReasonSheet,
    ShareSheet,
)
from tejido.incidents.evidence_leaving import ask_to_share, needs_second_person, share_approved, share_evidence
from tejido.incidents.evidence_models import Evidence
from tejido.incidents.evidence_pages import (
    EvidenceAboutPage,
    EvidenceNewPage,
    EvidenceReasonPage,
    EvidenceSharePage,
    Turned,
    evidence_page,
    remains_of,
)
from tejido.incidents.models import Incident
from tejido.incidents.queries import incident_by_id
from tejido.vault.file_kinds import tidy_name
from tejido.vault.files import FRAME, SealedFile
from tejido.vault.journal import body_of
from tejido.vault.models import JournalEntry
from tejido.vault.previews import preview
from tejido.vault.uploads import LARGEST, SealedUpload, refused_uploads, workspace_files
from tejido.vocabularies import vocabulary
from tejido.web.middleware import SHUT_IN
from tejido.web.rendering import render_page
from tejido.web.wording import page_language, sentence_of

#: How long after it was asked for a preview may be drawn.
_LOOKING: Final = timedelta(minutes=10)


@may("write")
@require_http_methods(["GET", "HEAD", "POST"])
def evidence_new(request: MemberRequest, incident: UUID) -> HttpResponse:
    """Add evidence: what can be kept is kept, what cannot is refused with its reason."""
    recorded = incident_by_id(incident)
    if request.method != "POST":
        return render_page(request, "incidents/evidence_new.html", EvidenceNewPage(recorded, EvidenceSheet()))
    form = EvidenceSheet(request.POST)
    kept: list[Evidence] = []
    turned = [Turned(tidy_name(one.name), _because(one.why)) for one in refused_uploads(request)]
    sent = request.FILES.getlist("sent")
    if form.is_valid():
        _take_in(request, recorded, form, sent, kept, turned)
        if not sent and not turned:
            form.add_error("sent", _("Choose at least one file."))
    elif sent:
        form.add_error("sent", _("The files were not kept yet: choose them again, your browser does not keep them."))
    if kept and not turned:
        messages.success(request, _("Kept, sealed, with the first line of its custody."))
        return redirect("dossiers:incident", incident)
    page = EvidenceNewPage(recorded, form, tuple(kept), tuple(turned))
    return render_page(request, "incidents/evidence_new.html", page, status=400)


def _take_in(
    request: MemberRequest,
    recorded: Incident,
    form: AboutSheet,
    sent: list[UploadedFile[bytes]],
    kept: list[Evidence],
    turned: list[Turned],
) -> None:
    """Keep the files one by one, each with its own line; a refused one leaves the others be."""
    given = _given(form)
    for number, upload in enumerate(sent, start=1):
        name = tidy_name(upload.name or "")
        if number > MOST_FILES or not isinstance(upload, SealedUpload):
            turned.append(Turned(name, _("no more than %(most)s at once. Send it next.") % {"most": MOST_FILES}))
            continue
        try:
            kept.append(
                actions.receive_evidence(
                    by=request.by,
                    incident=recorded.pk,
                    sealed=upload.sealed,
                    file_name=name,
                    given=_numbered(given, number) if len(sent) > 1 else given,
                )
            )
        except BadInput as refused:
            turned.append(Turned(name, sentence_of(refused)))


@members_only
@require_safe
def evidence(request: MemberRequest, evidence: UUID) -> HttpResponse:
    """Show an item and its log."""
    item = evidence_to_use(evidence, request.by)
    return render_page(request, "incidents/evidence.html", evidence_page(item, looks=_is_looking(request, item)))


@may("write")
@require_http_methods(["GET", "HEAD", "POST"])
def evidence_edit(request: MemberRequest, evidence: UUID) -> HttpResponse:
    """Correct what is said of an item; its content stays as it came."""
    item = evidence_to_use(evidence, request.by)
    form = CorrectSheet(request.POST) if request.method == "POST" else CorrectSheet(initial=_said_of(item))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_evidence(
                by=request.by, evidence=evidence, revision=form.cleaned_data["revision"], given=_given(form)
            )
        except Conflict as told:
            form = CorrectSheet(
                {**request.POST.dict(), "agreed": request.POST.getlist("agreed"), "revision": item.revision}
            )
            form.refuse(told)
            page = EvidenceAboutPage(item, form, differs=True)
            return render_page(request, "incidents/evidence_edit.html", page, status=409)
        messages.success(request, _("Corrected, and locked."))
        return redirect("incidents:evidence", evidence)
    return render_page(request, "incidents/evidence_edit.html", EvidenceAboutPage(item, form))


@members_only
@require_POST
def evidence_check(request: MemberRequest, evidence: UUID) -> HttpResponse:
    """Reckon the hash again and say whether the item is still the same."""
    if actions.verify_evidence(by=request.by, evidence=evidence):
        messages.success(request, _("Checked: still the same as received."))
    else:
        messages.error(request, _("Checked: it is no longer the same as received. Bring it back from a backup."))
    return redirect("incidents:evidence", evidence)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def evidence_open(request: MemberRequest, evidence: UUID) -> HttpResponseBase:
    """Ask why, write it down, and hand the member the file."""
    item = evidence_to_use(evidence, request.by)
    form = ReasonSheet(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not actions.is_unchanged(item):
            actions.verify_evidence(by=request.by, evidence=evidence)
            raise DamagedSeal
        actions.view_evidence(by=request.by, evidence=evidence, why=form.cleaned_data["why"])
        return handed_out(item)
    return render_page(request, "incidents/evidence_open.html", EvidenceReasonPage(item, form))


@members_only
@require_POST
def evidence_look(request: MemberRequest, evidence: UUID) -> HttpResponse:
    """Write down that a preview is looked at, and show it with the item."""
    actions.view_evidence(by=request.by, evidence=evidence, why=_("a preview"))
    return redirect("incidents:evidence", evidence)


@members_only
@require_safe
def evidence_preview(request: MemberRequest, evidence: UUID) -> HttpResponse:
    """Draw a preview for a member who asked for it just now; for everybody else there is none."""
    item = evidence_to_use(evidence, request.by)
    if not _is_looking(request, item):
        raise NotFound
    sealed = sealed_of(item)
    with workspace_files().open(sealed) as content:
        picture = preview(content, item.media, sealed.size)
    return _shut_in(HttpResponse(picture, content_type="image/png"))


@may("write")
@require_POST
def evidence_copy(request: MemberRequest, evidence: UUID) -> HttpResponse:
    """Make a copy for sharing and show what was taken out of it and what was not."""
    try:
        copy = actions.copy_evidence(by=request.by, evidence=evidence)
    except BadInput as refused:
        messages.error(request, sentence_of(refused))
        return redirect("incidents:evidence", evidence)
    messages.success(request, _("A copy for sharing was made. Read what is still in it."))
    return redirect("incidents:evidence", copy.pk)


@may("take out")
@require_http_methods(["GET", "HEAD", "POST"])
def evidence_share(request: MemberRequest, evidence: UUID) -> HttpResponseBase:
    """Ask to whom and why, hold it against the consent, write it down, and hand over the file.

    Where a second person has to agree, they are asked, and nothing is handed over yet.
    """
    item, second = evidence_to_use(evidence, request.by), needs_second_person(request.by)
    form = ShareSheet(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("audience", "with_whom", "why")}
        try:
            if second:
                asked = ask_to_share(by=request.by, evidence=evidence, **said)
                return redirect("circles:approval", asked.pk)
            share_evidence(by=request.by, evidence=evidence, **said)
        except (RuleBroken, BadInput, NotApproved) as refused:
            form.refuse(refused, "audience" if isinstance(refused, RuleBroken) else None)
        else:
            return handed_out(item)
    page = EvidenceSharePage(item, form, item.made_from_id is not None, remains_of(item), second)
    return render_page(request, "incidents/evidence_share.html", page)


@may("take out")
@require_POST
def evidence_approved(request: MemberRequest, pk: UUID) -> HttpResponseBase:
    """Hand over what a second person approved, to the byte; once."""
    approval = approval_by_id(pk, by=request.by)
    try:
        return handed_out(share_approved(by=request.by, approval=approval))
    except (NotApproved, RuleBroken) as refused:
        messages.error(request, sentence_of(refused))
        return redirect("circles:approval", pk)


@may("erase")
@require_http_methods(["GET", "HEAD", "POST"])
def evidence_destroy(request: MemberRequest, evidence: UUID) -> HttpResponse:
    """Ask why, and destroy the content of an item with its copies; the log stays."""
    item = evidence_to_use(evidence, request.by)
    form = ReasonSheet(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.destroy_evidence(by=request.by, evidence=evidence, why=form.cleaned_data["why"])
        messages.success(request, _("The content was destroyed. The log stays."))
        return redirect("incidents:evidence", evidence)
    page = EvidenceReasonPage(item, form, item.copies.count())
    return render_page(request, "incidents/evidence_destroy.html", page)


def handed_out(item: Evidence) -> StreamingHttpResponse:
    """Return the content of an item as an attachment, frame by frame."""
    sealed = sealed_of(item)
    answer = StreamingHttpResponse(_frames(sealed), content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{neutral_name(item)}"'
    answer["Content-Length"] = str(sealed.size)
    # Nothing of it is packed on the way: what is handed out has the length that was received.
    answer["Content-Encoding"] = "identity"
    answer["Content-Security-Policy"] = SHUT_IN
    return answer


def _frames(sealed: SealedFile) -> Iterator[bytes]:
    with workspace_files().open(sealed) as content:
        while chunk := content.read(FRAME):
            yield chunk


def _shut_in(answer: HttpResponse) -> HttpResponse:
    answer["Content-Security-Policy"] = SHUT_IN
    return answer


def _is_looking(request: MemberRequest, item: Evidence) -> bool:
    """Say whether the member wrote down, just now, that they look at the item."""
    entry = (
        JournalEntry.objects.filter(record=item.pk, noun=NOUN, member=request.by.id, action="evidence.view")
        .order_by("-seq")
        .first()
    )
    if entry is None:
        return False
    at = datetime.fromisoformat(str(body_of(entry)["at"]))
    return timedelta(0) <= datetime.now(UTC) - at <= _LOOKING


def _because(why: str) -> str:
    return sentence_of(TejidoError(why, most=LARGEST // 1024**2))


def _given(form: AboutSheet) -> EvidenceGiven:
    said = form.cleaned_data
    kind = cast(str, said["kind"])
    return EvidenceGiven(
        kind=kind,
        title=said["title"] or vocabulary("evidence_kinds").label(kind, page_language()),
        given_by=said["given_by"],
        received=said["received"],
        agreed=tuple(said["agreed"]),
        agreed_words=said["agreed_words"],
    )


def _numbered(given: EvidenceGiven, number: int) -> EvidenceGiven:
    return EvidenceGiven(
        kind=given.kind,
        title=f"{given.title} ({number})",
        given_by=given.given_by,
        received=given.received,
        agreed=given.agreed,
        agreed_words=given.agreed_words,
    )


def _said_of(item: Evidence) -> dict[str, object]:
    names = ("kind", "title", "given_by", "received", "agreed", "agreed_words", "revision")
    return {name: getattr(item, name) for name in names}
