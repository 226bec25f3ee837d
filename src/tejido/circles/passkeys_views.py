"""The pages of one's own passkeys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from tejido.circles.forms import SECRETS
from tejido.circles.key_file import with_key_file
from tejido.circles.passkeys import asked_of, begin_passkey, keep_passkey, take_passkey_away
from tejido.circles.policies import MemberRequest, may
from tejido.circles.proving import ProofSheet, proven
from tejido.circles.reached import Whereabouts, whereabouts
from tejido.circles.second_factor import SecondFactorNeeded, kept_at_work
from tejido.circles.second_factor_views import CodeField
from tejido.domain.errors import TejidoError, WrongPassphrase
from tejido.vault.second_factor import Passkey, SecondFactor
from tejido.web.rendering import render_page
from tejido.web.wording import sentence_of

_SECOND = {
    "label": gettext_lazy("A code of your second factor"),
    "help_text": gettext_lazy("Of the telephone or on paper; or press the button for your passkey at the end."),
    "required": False,
}


class AddPasskeyForm(ProofSheet):
    """What a new passkey is called, with the passphrase and whatever second factor there is already."""

    name = forms.CharField(
        label=gettext_lazy("What do you call this passkey?"),
        help_text=gettext_lazy("So that you know it again in the list: “blue key”, “telephone”. It is kept sealed."),
        max_length=60,
        error_messages={"required": gettext_lazy("Give the passkey a name; any word will do.")},
    )
    second = CodeField(**_SECOND)
    answer = forms.CharField(widget=forms.HiddenInput, required=False)
    field_order = ("name", "passphrase", "handle", "key_file", "second")


class TakeAwayForm(ProofSheet):
    """Which passkey is to be accepted no more."""

    which = forms.ChoiceField(
        label=gettext_lazy("Which one?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose which passkey is taken away."),
            "invalid_choice": gettext_lazy("This passkey is not among yours any more. Choose one of these."),
        },
    )
    second = CodeField(**_SECOND)
    answer = forms.CharField(widget=forms.HiddenInput, required=False)
    field_order = ("which", "passphrase", "handle", "key_file", "second")


@dataclass(frozen=True)
class PasskeyLine:
    """One passkey in the list: its name, the server it is for, the day it was added."""

    name: str
    host: str
    added: date | None
    is_here: bool


@dataclass(frozen=True)
class PasskeysPage:
    """One's passkeys; ``why_not`` says why none can be used from here; ``paper`` on the one answer that shows it."""

    lines: tuple[PasskeyLine, ...]
    why_not: str = ""
    paper: tuple[str, ...] = ()


@dataclass(frozen=True)
class AddPasskeyPage:
    """Adding a passkey. ``asked``: what a browser is told to prove who is there, with a passkey there is already."""

    form: AddPasskeyForm
    needs_proof: bool
    asked: str = ""
    why_not: str = ""


@dataclass(frozen=True)
class MakePasskeyPage:
    """The device's turn: ``asked`` is what a browser is told to make a passkey."""

    name: str
    asked: str


@dataclass(frozen=True)
class TakeAwayPage:
    """Taking a passkey away."""

    form: TakeAwayForm
    asked: str = ""


@may("own", without_second=True)
@require_safe
def passkeys(request: MemberRequest) -> HttpResponse:
    """List one's passkeys."""
    return _listed(request)


@sensitive_post_parameters(*SECRETS, "second", "answer")
@may("own", without_second=True)
@require_http_methods(["GET", "HEAD", "POST"])
@with_key_file
def add_passkey(request: MemberRequest) -> HttpResponse:
    """Prove who is there and say what the passkey is called; the answer lets the browser make it."""
    kept, where = kept_at_work(request.by), whereabouts(request)
    form = AddPasskeyForm(request.POST, request.FILES) if request.method == "POST" else AddPasskeyForm()
    if where.reached is not None and form.is_valid():
        given = form.cleaned_data
        try:
            asked = begin_passkey(
                by=request.by, master=proven(request, form, by=request.by), reached=where.reached,
                name=given["name"], code=given["second"], answer=given["answer"],
            )  # fmt: skip
        except TejidoError as error:
            form.refuse(error, _place_of(error))
        else:
            return render_page(request, "circles/passkey_make.html", MakePasskeyPage(given["name"], asked))
    page = AddPasskeyPage(form, kept.asks, asked_of(request.by.account, kept, where.reached), where.why_not)
    return render_page(request, "circles/passkey_add.html", page, status=400 if form.is_bound else 200)


@sensitive_post_parameters("answer")
@may("own", without_second=True)
@require_http_methods(["GET", "HEAD", "POST"])
def keep_new_passkey(request: MemberRequest) -> HttpResponse:
    """Keep what the browser made."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("circles:passkeys"))
    try:
        _new, paper = keep_passkey(by=request.by, answer=request.POST.get("answer", ""), today=timezone.localdate())
    except TejidoError as error:
        messages.error(request, sentence_of(error))
        return HttpResponseRedirect(reverse("circles:add_passkey"), status=303)
    if paper:
        return _listed(request, paper=paper)
    messages.success(request, _("The passkey is added. From now on it opens the notebook after the passphrase."))
    return HttpResponseRedirect(reverse("circles:passkeys"), status=303)


@sensitive_post_parameters(*SECRETS, "second", "answer")
@may("own", without_second=True)
@require_http_methods(["GET", "HEAD", "POST"])
@with_key_file
def remove_passkey(request: MemberRequest) -> HttpResponse:
    """Take a passkey away."""
    kept, where = kept_at_work(request.by), whereabouts(request)
    if not kept.keys:
        return HttpResponseRedirect(reverse("circles:passkeys"), status=303)
    form = TakeAwayForm(request.POST, request.FILES) if request.method == "POST" else TakeAwayForm()
    form.fields["which"].choices = [(one.word, one.name) for one in kept.keys]  # type: ignore[attr-defined]
    form.fields["which"].initial = kept.keys[0].word if len(kept.keys) == 1 else None
    if form.is_valid():
        try:
            left = _taken_away(request, form)
        except TejidoError as error:
            form.refuse(error, _place_of(error))
        else:
            return _after(request, left)
    page = TakeAwayPage(form, asked_of(request.by.account, kept, where.reached))
    return render_page(request, "circles/passkey_remove.html", page, status=400 if form.is_bound else 200)


def _taken_away(request: MemberRequest, form: TakeAwayForm) -> SecondFactor:
    given = form.cleaned_data
    master = proven(request, form, by=request.by)
    return take_passkey_away(
        by=request.by, master=master, word=given["which"], code=given["second"], answer=given["answer"]
    )


def _after(request: MemberRequest, left: SecondFactor) -> HttpResponse:
    """Say what is still asked for once a passkey was taken away."""
    if left.asks:
        messages.success(request, _("The passkey was taken away: it opens nothing here any more."))
    else:
        messages.success(request, _("Your second factor was taken away: the passphrase is enough again."))
    return HttpResponseRedirect(reverse("circles:passkeys"), status=303)


def _listed(request: MemberRequest, *, paper: tuple[str, ...] = ()) -> HttpResponse:
    kept, where = kept_at_work(request.by), whereabouts(request)
    lines = tuple(_line(one, where) for one in kept.keys)
    return render_page(request, "circles/passkeys.html", PasskeysPage(lines, where.why_not, paper))


def _line(one: Passkey, where: Whereabouts) -> PasskeyLine:
    here = where.reached is not None and where.reached.host == one.host
    return PasskeyLine(one.name, one.host, date.fromisoformat(one.added) if one.added else None, here)


def _place_of(error: TejidoError) -> str | None:
    """Return beside which field an error is said."""
    if isinstance(error, WrongPassphrase):
        return "passphrase"
    return "second" if isinstance(error, SecondFactorNeeded) else None
