"""The page of one's own second factor."""

from __future__ import annotations

from dataclasses import dataclass

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
from tejido.circles.second_factor import has_second_factor, set_up, take_away
from tejido.domain.errors import TejidoError, WrongPassphrase
from tejido.vault.second_factor import address_of, new_secret, words_of
from tejido.web.rendering import render_page

_KEPT = "second factor"


class SecondFactorForm(ProofSheet):
    """A code of the telephone, with the passphrase."""

    second = forms.CharField(
        label=gettext_lazy("The six digits that the telephone shows now"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"required": gettext_lazy("Type the digits that the telephone shows.")},
    )
    field_order = ("second", "passphrase", "handle", "key_file")


@dataclass(frozen=True)
class SecondFactorPage:
    """One's second factor: whether there is one; else the secret for the telephone; ``paper`` on one answer."""

    form: SecondFactorForm
    has_one: bool
    words: str = ""
    picture: SafeString | None = None
    paper: tuple[str, ...] = ()


@sensitive_post_parameters(*SECRETS, "second")
@may("own", without_second=True)
@require_http_methods(["GET", "HEAD", "POST"])
@with_key_file
def second_factor(request: MemberRequest) -> HttpResponse:
    """Set up a second factor, or take it away; both need the passphrase and a code."""
    has_one = has_second_factor(request.by.account)
    form = SecondFactorForm(request.POST, request.FILES) if request.method == "POST" else SecondFactorForm()
    if form.is_valid():
        try:
            return _taken_away(request, form) if has_one else _set_up(request, form)
        except TejidoError as error:
            form.refuse(error, "passphrase" if isinstance(error, WrongPassphrase) else "second")
    status = 400 if form.is_bound else 200
    return render_page(request, "circles/second_factor.html", _page(request, form, has_one), status=status)


def _set_up(request: MemberRequest, form: SecondFactorForm) -> HttpResponse:
    master = proven(request, form, by=request.by)
    secret = bytes.fromhex(str(request.session.get(_KEPT, "")))
    paper = set_up(by=request.by, master=master, secret=secret, code=form.cleaned_data["second"])
    request.session.pop(_KEPT, None)
    return render_page(request, "circles/second_factor.html", SecondFactorPage(form, True, paper=paper))


def _taken_away(request: MemberRequest, form: SecondFactorForm) -> HttpResponse:
    take_away(by=request.by, master=proven(request, form, by=request.by), code=form.cleaned_data["second"])
    messages.success(request, _("Your second factor was taken away: the passphrase is enough again."))
    return HttpResponseRedirect(reverse("circles:account"), status=303)


def _page(request: MemberRequest, form: SecondFactorForm, has_one: bool) -> SecondFactorPage:
    """Show the secret, the same one until it is set up; it waits in the sealed session."""
    if has_one:
        return SecondFactorPage(form, True)
    kept = request.session.get(_KEPT)
    secret = bytes.fromhex(kept) if isinstance(kept, str) and kept else new_secret()
    request.session[_KEPT] = secret.hex()
    picture = segno.make(address_of(secret), micro=False).svg_inline(scale=5, light="#ffffff", border=3)
    return SecondFactorPage(form, False, words_of(secret), mark_safe(picture))  # noqa: S308  made here, of digits
