"""The pages of import: send in, say what is what, look, bring in, undo."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tejido.circles.policies import MemberRequest, may
from tejido.circles.warming import warm_up
from tejido.domain.errors import BadInput, NotFound, RuleBroken, TejidoError
from tejido.exchange.actions import preview_import, run_import, undo_import
from tejido.exchange.forms import ColumnsSheet, MappingSheet, UndoSheet, UploadSheet
from tejido.exchange.mapping_text import parse_mapping
from tejido.exchange.models import Import
from tejido.exchange.pages import (
    ROWS,
    ImportsPage,
    MappingPage,
    UndoPage,
    import_line,
    import_page,
    preview_page,
)
from tejido.exchange.reading import FileForm, Table
from tejido.exchange.simple_mapping import columns_of, make_mapping, values_of
from tejido.exchange.waiting import (
    discard,
    drop_waiting,
    files_of,
    keep_mapping,
    keep_waiting,
    sealed_of,
    source_of,
)
from tejido.vault.keyring import current
from tejido.vault.uploads import SealedUpload
from tejido.web.rendering import render_page
from tejido.web.wording import page_language, sentence_of

#: How many imports the page lists.
_MOST_LISTED = 100


@may("bring in")
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: MemberRequest) -> HttpResponse:
    """List the imports so far and take in the next list."""
    form = UploadSheet(request.POST or None, request.FILES or None)
    if request.method == "POST":
        form = UploadSheet(request.POST, request.FILES)
        if form.is_valid():
            try:
                record = _kept(request, form)
            except TejidoError as error:
                form.refuse(error, "mapping")
            else:
                where = "exchange:preview" if record.mapping else "exchange:mapping"
                return HttpResponseRedirect(reverse(where, args=[record.pk]))
        else:
            _discard_uploads(request)
    lines = Import.objects.filter(circle=request.by.circle_id).order_by("-stamp")[:_MOST_LISTED]
    page = ImportsPage(form=form, imports=tuple(import_line(record) for record in lines))
    return render_page(request, "exchange/imports.html", page, status=400 if form.errors else 200)


def _kept(request: MemberRequest, form: UploadSheet) -> Import:
    given = form.cleaned_data
    return keep_waiting(
        by=request.by,
        file=cast("SealedUpload", given["file"]),
        mapping=cast("SealedUpload | None", given["mapping"] or None),
        map_file=cast("SealedUpload | None", given["map"] or None),
    )


def _discard_uploads(request: MemberRequest) -> None:
    """Leave nothing behind of files that came with a form that was not in order."""
    discard([upload.sealed for upload in request.FILES.values() if isinstance(upload, SealedUpload)])


@may("bring in")
@require_http_methods(["GET", "HEAD", "POST"])
def mapping(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Say what each column is, or write the mapping by hand."""
    record = _waiting(request, pk)
    try:
        table = Table(source_of(record), FileForm())
        samples = columns_of(table)
    except BadInput as error:
        messages.error(request, sentence_of(error))
        drop_waiting(by=request.by, record=record)
        return HttpResponseRedirect(reverse("exchange:imports"))
    names = [column for column, _values in samples]
    choices, form, made = ColumnsSheet(names), MappingSheet(initial={"mapping": record.mapping}), bool(record.mapping)
    if request.method == "POST" and "make" in request.POST:
        choices = ColumnsSheet(names, request.POST)
        if choices.is_valid():
            try:
                text = _made(table, choices.chosen(), record)
                form, made = MappingSheet(initial={"mapping": text}), True
            except BadInput as error:
                choices.refuse(error)
    elif request.method == "POST":
        form, made = MappingSheet(request.POST), True
        if form.is_valid():
            try:
                parse_mapping(form.cleaned_data["mapping"])
                keep_mapping(by=request.by, record=record, text=form.cleaned_data["mapping"])
                return HttpResponseRedirect(reverse("exchange:preview", args=[record.pk]))
            except TejidoError as error:
                form.refuse(error, "mapping")
    page = MappingPage(
        record=record,
        columns=tuple((column, f"column_{n}", ", ".join(values)) for n, (column, values) in enumerate(samples)),
        choices=choices,
        form=form,
        made=made,
    )
    wrong = form.errors or choices.errors
    return render_page(request, "exchange/mapping.html", page, status=400 if wrong else 200)


def _made(table: Table, chosen: dict[str, str], record: Import) -> str:
    act = next((column for column, role in chosen.items() if role == "act"), None)
    return make_mapping(
        chosen,
        list_name=record.file_name.rsplit(".", 1)[0] or "list",
        language=page_language(),
        acts=values_of(table, act) if act else (),
        why_left_out=_("left out when the mapping was made"),
    )


@may("bring in")
@require_safe
def preview(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Show, row by row, what an import would do."""
    record = _waiting(request, pk)
    if not record.mapping:
        return HttpResponseRedirect(reverse("exchange:mapping", args=[record.pk]))
    first = _number(request.GET.get("row", ""))
    try:
        report = preview_import(
            by=request.by,
            stream=source_of(record),
            file_name=record.file_name,
            mapping_text=record.mapping,
            files=files_of(record),
            window=(first, ROWS),
        )
    except BadInput as error:
        messages.error(request, sentence_of(error))
        return HttpResponseRedirect(reverse("exchange:mapping", args=[record.pk]))
    return render_page(request, "exchange/preview.html", preview_page(record, report, first))


@may("bring in")
@require_POST
def run(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Bring a list in."""
    record = _waiting(request, pk)
    files = sealed_of(record)
    try:
        run_import(
            by=request.by,
            stream=source_of(record),
            file_name=record.file_name,
            mapping_text=record.mapping,
            files=files_of(record),
            previewed=record,
        )
    except BadInput as error:
        messages.error(request, sentence_of(error))
        return HttpResponseRedirect(reverse("exchange:mapping", args=[record.pk]))
    discard(files)
    warm_up(current(), circle=request.by.circle_id)
    messages.success(request, _("The list was brought in."))
    return HttpResponseRedirect(reverse("exchange:import", args=[record.pk]))


@may("bring in")
@require_POST
def drop(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Forget a list that waits."""
    drop_waiting(by=request.by, record=_waiting(request, pk))
    messages.success(request, _("The list was dropped; nothing of it was kept."))
    return HttpResponseRedirect(reverse("exchange:imports"))


@may("bring in")
@require_safe
def one_import(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Show what an import did."""
    record = _record(request, pk)
    if record.status == "previewed":
        return HttpResponseRedirect(reverse("exchange:preview", args=[record.pk]))
    return render_page(request, "exchange/import.html", import_page(record))


@may("bring in")
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Ask, and undo an import."""
    record, refused = _record(request, pk), False
    form = UndoSheet()
    if request.method == "POST":
        form = UndoSheet(request.POST)
        if form.is_valid():
            try:
                undo_import(by=request.by, import_id=pk, force=form.cleaned_data["keep"])
                warm_up(current(), circle=request.by.circle_id)
                messages.success(request, _("The import was undone."))
                return HttpResponseRedirect(reverse("exchange:import", args=[pk]))
            except (RuleBroken, BadInput) as error:
                form.refuse(error)
                refused = isinstance(error, RuleBroken)
    page = UndoPage(record=record, form=form, refused=refused)
    return render_page(request, "exchange/undo.html", page, status=409 if refused else 200)


def _record(request: MemberRequest, pk: UUID) -> Import:
    record = Import.objects.filter(pk=pk, circle=request.by.circle_id).first()
    if record is None:
        raise NotFound
    return record


def _waiting(request: MemberRequest, pk: UUID) -> Import:
    record = _record(request, pk)
    if record.status != "previewed":
        raise NotFound
    return record


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
