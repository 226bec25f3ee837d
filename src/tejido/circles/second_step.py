"""The second step at the door, for who has passkeys: the passphrase was right, and now a passkey or a code.

A passkey can be asked only once the passphrase has opened what is kept of it. Meanwhile the account waits in the
memory of this process (``halfway``), so that nobody types the passphrase twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_lazy

from tejido.circles.halfway import HALFWAY
from tejido.circles.reached import Whereabouts, whereabouts
from tejido.circles.second_factor import AT_THE_DOOR, SecondFactorNeeded, kept_for
from tejido.domain.errors import BadInput, TejidoError
from tejido.vault.member_keys import OwnKeys
from tejido.vault.slots import Master
from tejido.web.forms import Sheet
from tejido.web.rendering import render_page


class SecondStepForm(Sheet):
    """A code, or the answer of a passkey, and what is to be done once it is open."""

    second = forms.CharField(
        label=gettext_lazy("A code instead"),
        help_text=gettext_lazy("Six digits of the telephone, if you set that up, or one of the codes on paper."),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        required=False,
    )
    answer = forms.CharField(widget=forms.HiddenInput, required=False)
    onward = forms.CharField(widget=forms.HiddenInput, required=False)
    next = forms.CharField(widget=forms.HiddenInput, required=False)
    kept = forms.CharField(widget=forms.HiddenInput, required=False)


@dataclass(frozen=True)
class SecondStepPage:
    """The second step. ``asked`` is what a browser is told of passkeys; empty where none can answer here."""

    form: SecondStepForm
    asked: str
    why_not: str = ""


def step_for(
    request: HttpRequest, master: Master, given: Mapping[str, str], error: TejidoError, *, until: float | None = None
) -> HttpResponse | None:
    """Return the page of the second step for an account that was refused with ``error``; None where it has no passkey.

    The key of the file has to be in place. What was typed wrongly, or came too early, is said beside the code.
    """
    if not isinstance(error, (SecondFactorNeeded, BadInput)):
        return None
    kept = kept_for(master.account, OwnKeys(master.secret).notes_key)
    if not kept.keys:
        return None
    # Read only now: the library for it is slow to come, and few doors need it.
    from tejido.circles.passkeys import asked_of

    where = whereabouts(request)
    asked = asked_of(master.account, kept, where.reached, purpose=AT_THE_DOOR)
    carried = {name: given.get(name, "") for name in ("next", "kept")}
    form = SecondStepForm({**carried, "onward": HALFWAY.pass_for(master, until=until)})
    form.full_clean()
    tried = bool(given.get("second", "").strip() or given.get("answer"))
    if tried or isinstance(error, BadInput):
        form.refuse(error, "second")
    page = SecondStepPage(form, asked, _why_not(where, asked))
    return render_page(request, "circles/second_step.html", page, status=403 if form.errors else 200)


def _why_not(where: Whereabouts, asked: str) -> str:
    """Return the sentence that says why no passkey can be used here; empty where one can."""
    return "" if asked else where.why_not or gettext("None of your passkeys was made for this address.")
