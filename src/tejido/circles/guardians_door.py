"""Asking one's guardians, and coming back in through them: open doors, since whoever comes has no passphrase."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tejido.circles.door import PATIENCE
from tejido.circles.forms import SECRETS
from tejido.circles.guardians import ask_for_way_back
from tejido.circles.guardians_forms import ReturnForm
from tejido.circles.guardians_pages import AskPage, ReturnPage
from tejido.circles.guardians_return import TooFewAgreed, return_through_guardians
from tejido.circles.opening import begin_work, workspace
from tejido.circles.policies import open_door
from tejido.domain.errors import TejidoError
from tejido.vault.keyring import FILE_KEY
from tejido.vault.passphrase import six_words
from tejido.web.rendering import render_page
from tejido.web.wording import page_language

#: Each asking, and each wrong try, makes the next one wait; apart from every handle.
_ASKS, _RETURNS = "\0asks", "\0returns"


@open_door("somebody who lost every way in asks their guardians")
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Explain, and make the words and the number that are shown once."""
    if not workspace().exists:
        return HttpResponseRedirect(reverse("circles:setup"))
    is_open, wait = FILE_KEY.is_open, PATIENCE.wait(_ASKS)
    if request.method != "POST" or not is_open or wait:
        shown = AskPage(is_open, wait_seconds=wait if request.method == "POST" else 0)
        answer = render_page(request, "circles/guardians_ask.html", shown, status=429 if shown.wait_seconds else 200)
        if shown.wait_seconds:
            answer["Retry-After"] = str(wait)
        return answer
    PATIENCE.wrong(_ASKS)
    asked = ask_for_way_back(lang=page_language())
    return render_page(request, "circles/guardians_ask.html", AskPage(is_open, asked.words, asked.number))


@sensitive_post_parameters(*SECRETS, "code")
@open_door("somebody whose guardians agreed comes back in")
@require_http_methods(["GET", "HEAD", "POST"])
def come_back(request: HttpRequest) -> HttpResponse:
    """Come back in with the words that were kept, and choose a new passphrase."""
    if not workspace().exists:
        return HttpResponseRedirect(reverse("circles:setup"))
    is_open = FILE_KEY.is_open
    if request.method != "POST" or "other" in request.POST:
        offered = six_words(page_language())
        page = ReturnPage(ReturnForm(offered=offered, initial={"offered": offered}), offered, is_open)
        return render_page(request, "circles/guardians_return.html", page)
    offered = request.POST.get("offered", "")[:200]
    form, wait = ReturnForm(request.POST, offered=offered), PATIENCE.wait(_RETURNS)
    if is_open and not wait and form.is_valid():
        try:
            _returned(request, form)
        except TejidoError as error:
            form.refuse(error, "code" if isinstance(error, TooFewAgreed) else None)
        else:
            messages.success(request, _("You are in again. Choose your guardians anew, and make a recovery code."))
            return HttpResponseRedirect("/", status=303)
    page = ReturnPage(form, offered, is_open, wait)
    answer = render_page(request, "circles/guardians_return.html", page, status=429 if wait else 400)
    if wait:
        answer["Retry-After"] = str(wait)
    return answer


def _returned(request: HttpRequest, form: ReturnForm) -> None:
    given = form.cleaned_data
    try:
        master = return_through_guardians(
            workspace=workspace(), words=given["code"], passphrase=form.passphrase, handle=given["handle"],
            today=timezone.localdate(),
        )  # fmt: skip
    except TooFewAgreed:
        PATIENCE.wrong(_RETURNS)
        raise
    PATIENCE.right(_RETURNS)
    FILE_KEY.put(master.file_key)
    begin_work(request, master)
