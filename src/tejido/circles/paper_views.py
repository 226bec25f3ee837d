"""A recovery key on several sheets of paper: making them, and coming in by enough of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tejido.circles.door import PATIENCE
from tejido.circles.forms import SECRETS, HandleField, TwiceSheet
from tejido.circles.key_file import with_key_file
from tejido.circles.opening import begin_work, bring_up_to_date, workspace
from tejido.circles.paper_sheets import FILE_NAME, sheets_pdf
from tejido.circles.policies import MemberRequest, may, open_door
from tejido.circles.presence import PRESENCE
from tejido.circles.proving import ProofSheet, proven
from tejido.circles.recovering import WrongSheets, new_recovery_sheets, opened_by_sheets, return_with_sheets
from tejido.domain.errors import BadInput, TejidoError, WrongPassphrase
from tejido.vault.guardians import FEWEST, MOST
from tejido.vault.keyring import FILE_KEY
from tejido.vault.passphrase import six_words
from tejido.vault.slots import Master
from tejido.web.rendering import render_page
from tejido.web.wording import page_language

#: Wrong sheets are counted apart from every handle: no handle holds a character like this one.
_SHEETS = "\0sheets"
_NUMBERS = {
    "required": gettext_lazy("Give a number from 2 to 9."),
    "invalid": gettext_lazy("Give a number from 2 to 9."),
    "min_value": gettext_lazy("Give a number from 2 to 9."),
    "max_value": gettext_lazy("Give a number from 2 to 9."),
}


class SheetsForm(ProofSheet):
    """How many sheets, how many of them are needed, and that the warning was understood."""

    many = forms.IntegerField(
        label=gettext_lazy("How many sheets?"),
        help_text=gettext_lazy("One for each place or person that keeps one; from two to nine."),
        min_value=FEWEST, max_value=MOST, initial=5, error_messages=_NUMBERS,
    )  # fmt: skip
    needed = forms.IntegerField(
        label=gettext_lazy("How many of them together are enough?"),
        help_text=gettext_lazy("Fewer than all, so that one may be lost; so many that nobody is likely to find them."),
        min_value=FEWEST, max_value=MOST, initial=3, error_messages=_NUMBERS,
    )  # fmt: skip
    understood = forms.BooleanField(
        label=gettext_lazy("We have talked about this in the circle, and know where each sheet will be."),
        error_messages={"required": gettext_lazy("Talk about it first: it is nobody's decision alone.")},
    )
    field_order = ("many", "needed", "understood", "passphrase", "handle", "key_file")

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        many, needed = given.get("many"), given.get("needed")
        if many is not None and needed is not None and needed > many:
            self.add_error("needed", _("No more can be needed than there are sheets."))
        return given


class ReturnWithSheetsForm(TwiceSheet):
    """The words of enough sheets, and those that open the notebook from now on."""

    sheets = forms.CharField(
        label=gettext_lazy("The words of the sheets"),
        help_text=gettext_lazy("One sheet after the other, in any order; 33 words each. Numbers may stay."),
        max_length=10_000,
        widget=forms.Textarea(
            attrs={"rows": 8, "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages={"required": gettext_lazy("Type the words of the sheets.")},
    )
    handle = HandleField(
        label=gettext_lazy("A handle for you"),
        help_text=gettext_lazy("You will type it at the door, together with the words. An invented one will do."),
    )
    field_order = ("sheets", "handle", "choice", "own", "again")


@dataclass(frozen=True)
class SheetsPage:
    """Making sheets; the page says what they can do before it asks."""

    form: SheetsForm


@dataclass(frozen=True)
class ReturnWithSheetsPage:
    """Coming in by sheets: the form, six words to choose, the wait after wrong sheets."""

    form: ReturnWithSheetsForm
    offered: str
    wait_seconds: int = 0


@sensitive_post_parameters(*SECRETS)
@may("manage members")
@require_http_methods(["GET", "HEAD", "POST"])
@with_key_file
def sheets(request: MemberRequest) -> HttpResponse:
    """Make a recovery key on sheets; the answer is the PDF, this once."""
    form = SheetsForm(request.POST, request.FILES) if request.method == "POST" else SheetsForm()
    if form.is_valid():
        given = form.cleaned_data
        try:
            proven(request, form, by=request.by)
            made = new_recovery_sheets(
                by=request.by, workspace=workspace(), name=_("Key on sheets of paper"),
                needed=given["needed"], many=given["many"],
            )  # fmt: skip
        except TejidoError as error:
            form.refuse(error, "passphrase" if isinstance(error, WrongPassphrase) else None)
        else:
            answer = HttpResponse(sheets_pdf(made, needed=given["needed"]), content_type="application/pdf")
            answer["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
            return answer
    status = 400 if form.is_bound else 200
    return render_page(request, "circles/sheets.html", SheetsPage(form), status=status)


@sensitive_post_parameters(*SECRETS, "sheets")
@open_door("somebody whose circle lost every way in comes with sheets of paper")
@require_http_methods(["GET", "HEAD", "POST"])
def come_with_sheets(request: HttpRequest) -> HttpResponse:
    """Come in with enough sheets, and choose a handle and a passphrase."""
    if not workspace().exists:
        return HttpResponseRedirect(reverse("circles:setup"))
    if request.method != "POST" or "other" in request.POST:
        offered = six_words(page_language())
        form = ReturnWithSheetsForm(offered=offered, initial={"offered": offered})
        return render_page(request, "circles/sheets_return.html", ReturnWithSheetsPage(form, offered))
    offered = request.POST.get("offered", "")[:200]
    form, wait = ReturnWithSheetsForm(request.POST, offered=offered), PATIENCE.wait(_SHEETS)
    if not wait and form.is_valid():
        try:
            begin_work(request, _returned(form))
        except TejidoError as error:
            form.refuse(error, "sheets" if isinstance(error, WrongSheets | BadInput) else None)
        else:
            messages.success(request, _("You are in, as a coordinator. The sheets are used up: make others."))
            return HttpResponseRedirect("/", status=303)
    page = ReturnWithSheetsPage(form, offered, wait)
    answer = render_page(request, "circles/sheets_return.html", page, status=429 if wait else 400)
    if wait:
        answer["Retry-After"] = str(wait)
    return answer


def _returned(form: ReturnWithSheetsForm) -> Master:
    """Come in; wrong sheets make the next ones wait. The key of the file goes again if nothing came of it."""
    given, was_open = form.cleaned_data, FILE_KEY.is_open
    with PRESENCE.arriving():
        try:
            FILE_KEY.put(opened_by_sheets(workspace(), given["sheets"]).file_key)
            bring_up_to_date()
            master = return_with_sheets(
                workspace=workspace(), words=given["sheets"], passphrase=form.passphrase, handle=given["handle"]
            )
        except TejidoError as error:
            if isinstance(error, WrongSheets):
                PATIENCE.wrong(_SHEETS)
            if not was_open:
                FILE_KEY.drop()
            raise
    PATIENCE.right(_SHEETS)
    return master
