"""The page of one's own second factor: codes of a telephone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import segno
from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tejido.circles.forms import SECRETS
from tejido.circles.key_file import with_key_file
from tejido.circles.policies import MemberRequest, may
from tejido.circles.proving import ProofSheet, proven
from tejido.circles.reached import whereabouts
from tejido.circles.second_factor import SecondFactorNeeded, has_second_factor, kept_at_work, set_up, take_away
from tejido.domain.errors import TejidoError, WrongPassphrase
from tejido.vault.second_factor import SecondFactor, address_of, new_secret, words_of
from tejido.web.rendering import render_page

_KEPT = "second factor"


class CodeField(forms.CharField):
    """A code of a second factor."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"})
        super().__init__(max_length=40, widget=widget, **options)


class SecondFactorForm(ProofSheet):
    """A code of the telephone, with the passphrase; ``proof`` where there are passkeys already."""

    second = CodeField(
        label=gettext_lazy("The six digits that the telephone shows now"),
        error_messages={"required": gettext_lazy("Type the digits that the telephone shows.")},
    )
    proof = CodeField(
        label=gettext_lazy("A code on paper"),
        help_text=gettext_lazy("Or press the button for your passkey, once everything else is filled in."),
        required=False,
    )
    answer = forms.CharField(widget=forms.HiddenInput, required=False)
    field_order = ("second", "passphrase", "handle", "key_file")


@dataclass(frozen=True)
class SecondFactorPage:
    """One's second factor: whether there is one; else the secret for the telephone; ``paper`` on one answer.

    ``has_passkeys``: something is asked for already. ``asked`` is what a browser is told of them.
    """

    form: SecondFactorForm
    has_one: bool
    words: str = ""
    picture: SafeString | None = None
    paper: tuple[str, ...] = ()
    has_passkeys: bool = False
    asked: str = ""


@sensitive_post_parameters(*SECRETS, "second", "proof", "answer")
@may("own", without_second=True)
@require_http_methods(["GET", "HEAD", "POST"])
@with_key_file
def second_factor(request: MemberRequest) -> HttpResponse:
    """Set up codes of a telephone, or take them away; both need the passphrase and a code."""
    kept = kept_at_work(request.by)
    form = SecondFactorForm(request.POST, request.FILES) if request.method == "POST" else SecondFactorForm()
    if kept.secret and form.data.get("answer"):
        form.fields["second"].required = False
    if form.is_valid():
        try:
            return _taken_away(request, form) if kept.secret else _set_up(request, form)
        except TejidoError as error:
            form.refuse(error, _place_of(error, needed="second" if kept.secret else "proof"))
    status = 400 if form.is_bound else 200
    return render_page(request, "circles/second_factor.html", _page(request, form, kept), status=status)


def _place_of(error: TejidoError, *, needed: str) -> str:
    """Return beside which field an error is said."""
    if isinstance(error, WrongPassphrase):
        return "passphrase"
    return needed if isinstance(error, SecondFactorNeeded) else "second"


def _set_up(request: MemberRequest, form: SecondFactorForm) -> HttpResponse:
    master, given = proven(request, form, by=request.by), form.cleaned_data
    secret = bytes.fromhex(str(request.session.get(_KEPT, "")))
    paper = set_up(
        by=request.by, master=master, secret=secret, code=given["second"], proof=given["proof"], answer=given["answer"]
    )
    request.session.pop(_KEPT, None)
    if paper:
        return render_page(request, "circles/second_factor.html", SecondFactorPage(form, True, paper=paper))
    messages.success(request, _("The telephone is set up. The codes on paper that you have stay as they are."))
    return HttpResponseRedirect(reverse("circles:second_factor"), status=303)


def _taken_away(request: MemberRequest, form: SecondFactorForm) -> HttpResponse:
    master, given = proven(request, form, by=request.by), form.cleaned_data
    take_away(by=request.by, master=master, code=given["second"], answer=given["answer"])
    if has_second_factor(request.by.account):
        messages.success(request, _("The codes of the telephone were taken away. Your passkeys are still asked for."))
    else:
        messages.success(request, _("Your second factor was taken away: the passphrase is enough again."))
    return HttpResponseRedirect(reverse("circles:account"), status=303)


def _page(request: MemberRequest, form: SecondFactorForm, kept: SecondFactor) -> SecondFactorPage:
    """Show the secret, the same one until it is set up; it waits in the sealed session."""
    asked = ""
    if kept.keys:
        from tejido.circles.passkeys import asked_of  # its library is slow to read

        asked = asked_of(request.by.account, kept, whereabouts(request).reached)
    if kept.secret:
        return SecondFactorPage(form, True, has_passkeys=bool(kept.keys), asked=asked)
    waiting = request.session.get(_KEPT)
    secret = bytes.fromhex(waiting) if isinstance(waiting, str) and waiting else new_secret()
    request.session[_KEPT] = secret.hex()
    picture = segno.make(address_of(secret), micro=False).svg_inline(scale=5, light="#ffffff", border=3)
    drawn = mark_safe(picture)  # noqa: S308  made here, of digits
    return SecondFactorPage(form, False, words_of(secret), drawn, has_passkeys=bool(kept.keys), asked=asked)
