"""The recovery code: making it, and coming back in by it."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tejido.circles.door import PATIENCE
from tejido.circles.forms import SECRETS, HandleField, SecretField, TwiceSheet
from tejido.circles.key_file import with_key_file
from tejido.circles.opening import begin_work, bring_up_to_date, workspace
from tejido.circles.policies import MemberRequest, may, open_door
from tejido.circles.presence import PRESENCE
from tejido.circles.proving import ProofSheet, proven
from tejido.circles.ways_back import (
    WrongRecoveryCode,
    has_recovery_code,
    new_recovery_code,
    opened_by_recovery_code,
    recover_with_code,
)
from tejido.domain.errors import TejidoError
from tejido.vault.keyring import FILE_KEY
from tejido.vault.passphrase import six_words
from tejido.vault.slots import Master
from tejido.web.rendering import render_page
from tejido.web.wording import page_language

#: Wrong recovery codes are counted apart from every handle: no handle holds a character like this one.
_CODES = "\0recovery codes"


class RecoverForm(TwiceSheet):
    """A recovery code, and the words that open the notebook from now on."""

    code = SecretField(
        label=gettext_lazy("Your recovery code"),
        help_text=gettext_lazy("Ten words that you wrote on paper. It works once."),
        remembered_as="one-time-code",
        error_messages={"required": gettext_lazy("Type the recovery code.")},
    )
    handle = HandleField(
        label=gettext_lazy("Your handle"),
        help_text=gettext_lazy("The one you had, or another. Whoever founded the notebook may leave it empty."),
        required=False,
    )
    field_order = ("code", "handle", "choice", "own", "again")


@dataclass(frozen=True)
class RecoverPage:
    """Coming back in: the form, six words to choose, the wait after wrong codes."""

    form: RecoverForm
    offered: str
    wait_seconds: int = 0


@dataclass(frozen=True)
class RecoveryCodePage:
    """One's recovery code: whether there is one; ``code`` on the one answer that shows it."""

    form: ProofSheet
    has_one: bool
    code: str = ""


@sensitive_post_parameters(*SECRETS)
@may("own")
@require_http_methods(["GET", "HEAD", "POST"])
@with_key_file
def recovery_code(request: MemberRequest) -> HttpResponse:
    """Make a recovery code, or another instead of it; it is shown on the answer and nowhere else."""
    has_one = has_recovery_code(by=request.by, workspace=workspace())
    form = ProofSheet(request.POST, request.FILES) if request.method == "POST" else ProofSheet()
    if form.is_valid():
        try:
            master = proven(request, form, by=request.by)
            code = new_recovery_code(by=request.by, workspace=workspace(), master=master, lang=page_language())
        except TejidoError as error:
            form.refuse(error, "passphrase")
        else:
            return render_page(request, "circles/recovery_code.html", RecoveryCodePage(form, True, code))
    status = 400 if form.is_bound else 200
    return render_page(request, "circles/recovery_code.html", RecoveryCodePage(form, has_one), status=status)


@sensitive_post_parameters(*SECRETS, "code")
@open_door("somebody who lost the passphrase comes back by a code of their own")
@require_http_methods(["GET", "HEAD", "POST"])
def recover(request: HttpRequest) -> HttpResponse:
    """Come back in with the recovery code, and choose a new passphrase."""
    if not workspace().exists:
        return HttpResponseRedirect(reverse("circles:setup"))
    if request.method != "POST" or "other" in request.POST:
        offered = six_words(page_language())
        page = RecoverPage(RecoverForm(offered=offered, initial={"offered": offered}), offered)
        return render_page(request, "circles/recover.html", page)
    offered = request.POST.get("offered", "")[:200]
    form, wait = RecoverForm(request.POST, offered=offered), PATIENCE.wait(_CODES)
    if not wait and form.is_valid():
        try:
            master = _recovered(form)
            begin_work(request, master)
        except TejidoError as error:
            form.refuse(error, "code" if isinstance(error, WrongRecoveryCode) else None)
        else:
            messages.success(request, _("You are in again. The code is used up: make another one in your account."))
            return HttpResponseRedirect("/", status=303)
    answer = render_page(
        request, "circles/recover.html", RecoverPage(form, offered, wait), status=429 if wait else 400
    )
    if wait:
        answer["Retry-After"] = str(wait)
    return answer


def _recovered(form: RecoverForm) -> Master:
    """Recover; a wrong code makes the next one wait. The key of the file goes again if nothing came of it."""
    given, was_open = form.cleaned_data, FILE_KEY.is_open
    with PRESENCE.arriving():
        try:
            FILE_KEY.put(opened_by_recovery_code(workspace(), given["code"]).file_key)
            bring_up_to_date()
            master = recover_with_code(
                workspace=workspace(), code=given["code"], passphrase=form.passphrase, handle=given["handle"],
                today=timezone.localdate(),
            )  # fmt: skip
        except TejidoError as error:
            if isinstance(error, WrongRecoveryCode):
                PATIENCE.wrong(_CODES)
            if not was_open:
                FILE_KEY.drop()
            raise
    PATIENCE.right(_CODES)
    FILE_KEY.put(master.file_key)
    return master
