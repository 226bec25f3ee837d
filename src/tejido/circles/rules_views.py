"""The page of what a circle asks of everybody in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tejido.circles.forms import SECRETS
from tejido.circles.key_file import with_key_file
from tejido.circles.policies import MemberRequest, may
from tejido.circles.proving import ProofSheet, proven
from tejido.circles.rules import Rules, offered_day, rules_of, set_rules, still_without
from tejido.domain.errors import Conflict, TejidoError, WrongPassphrase
from tejido.web.forms import DayInput
from tejido.web.rendering import render_page


class RulesForm(ProofSheet):
    """What the circle asks, with the passphrase of whoever decides it."""

    second = forms.ChoiceField(
        label=gettext_lazy("Does everybody need a second factor to come in?"),
        choices=[
            ("no", gettext_lazy("No, each of us decides for themselves")),
            ("yes", gettext_lazy("Yes, from a day on")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the two.")},
    )
    second_from = forms.DateField(
        label=gettext_lazy("From which day?"),
        help_text=gettext_lazy("A day to come, so that everybody has time to set theirs up."),
        widget=DayInput(),
        error_messages={name: gettext_lazy("Give a day, as in 2026-12-31.") for name in ("invalid", "required")},
    )
    copies = forms.ChoiceField(
        label=gettext_lazy("Who lets a copy of evidence out?"),
        choices=[
            ("two", gettext_lazy("Two of us, where there is somebody to ask: one asks, another agrees")),
            ("one", gettext_lazy("One person alone; the log of the item keeps it")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the two.")},
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    field_order = ("second", "second_from", "copies", "passphrase", "handle", "key_file")

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("second") == "no":
            self.errors.pop("second_from", None)  # no day is needed
        return given

    @property
    def rules(self) -> Rules:
        """What was decided, once the form is valid."""
        given = self.cleaned_data
        day = given.get("second_from") if given["second"] == "yes" else None
        return Rules(day, given["copies"] == "one")


@dataclass(frozen=True)
class RulesPage:
    """What the circle asks; ``without`` names who has no second factor yet."""

    form: RulesForm
    now: Rules
    without: tuple[str, ...]


@sensitive_post_parameters(*SECRETS)
@may("manage members")
@require_http_methods(["GET", "HEAD", "POST"])
@with_key_file
def rules(request: MemberRequest) -> HttpResponse:
    """Show what the circle asks of everybody, and decide it anew."""
    form = RulesForm(request.POST, request.FILES) if request.method == "POST" else RulesForm(initial=_shown(request))
    status = 400 if form.is_bound else 200
    if form.is_valid():
        try:
            proven(request, form, by=request.by)
            seen = form.cleaned_data["seen"]
            set_rules(by=request.by, rules=form.rules, seen=seen, today=timezone.localdate())
        except Conflict as error:
            form.data, status = {**request.POST.dict(), "seen": rules_of(request.by.circle_id).mark}, 409
            form.refuse(error)
        except TejidoError as error:
            form.refuse(error, "passphrase" if isinstance(error, WrongPassphrase) else None)
        else:
            messages.success(request, _("It was decided, and signed in your name."))
            return HttpResponseRedirect(reverse("circles:members"), status=303)
    without = tuple(one.name or _("without a name") for one in still_without(request.by.circle_id))
    page = RulesPage(form, rules_of(request.by.circle_id), without)
    return render_page(request, "circles/rules.html", page, status=status)


def _shown(request: MemberRequest) -> dict[str, object]:
    now = rules_of(request.by.circle_id)
    return {
        "second": "yes" if now.second_from else "no",
        "second_from": now.second_from or offered_day(timezone.localdate()),
        "copies": "one" if now.copies_alone else "two",
        "seen": now.mark,
    }
