"""The page of whoever is about to travel."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tejido.circles.forms import SECRETS
from tejido.circles.key_file import with_key_file
from tejido.circles.opening import workspace
from tejido.circles.policies import MemberRequest, may
from tejido.circles.proving import ProofSheet, proven
from tejido.circles.travel import can_travel, close_own_ways
from tejido.circles.work_session import close_session
from tejido.domain.errors import TejidoError, WrongPassphrase
from tejido.web.rendering import render_page


class TravelForm(ProofSheet):
    """The passphrase, for the last time, and that it is meant."""

    meant = forms.CharField(
        label=gettext_lazy("To show that you mean it, type: close my account"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
        error_messages={"required": gettext_lazy("Type the words, so that nothing happens by a slip.")},
    )
    field_order = ("meant", "passphrase", "handle", "key_file")

    def clean_meant(self) -> str:
        typed = " ".join(str(self.cleaned_data["meant"]).casefold().split())
        if typed != _("close my account"):
            raise forms.ValidationError(_("Type the words, so that nothing happens by a slip."))
        return typed


@dataclass(frozen=True)
class TravelPage:
    """Closing one's own ways in; ``possible`` where enough guardians could bring one back."""

    form: TravelForm
    possible: bool


@sensitive_post_parameters(*SECRETS)
@may("own", without_second=True)
@require_http_methods(["GET", "HEAD", "POST"])
@with_key_file
def travel(request: MemberRequest) -> HttpResponse:
    """Say what it protects and what not; close one's own ways in, and end."""
    form = TravelForm(request.POST, request.FILES) if request.method == "POST" else TravelForm()
    if form.is_valid():
        try:
            close_own_ways(by=request.by, workspace=workspace(), master=proven(request, form, by=request.by))
        except TejidoError as error:
            form.refuse(error, "passphrase" if isinstance(error, WrongPassphrase) else None)
        else:
            close_session(request)
            return HttpResponseRedirect(reverse("circles:unlock"), status=303)
    page = TravelPage(form, can_travel(by=request.by, workspace=workspace()) if workspace().exists else False)
    return render_page(request, "circles/travel.html", page, status=400 if form.is_bound else 200)
