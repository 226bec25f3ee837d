"""Joining a circle with a code: an open door, since whoever comes has no passphrase yet."""

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
from tejido.circles.key_file import key_file_of, with_key_file
from tejido.circles.member_forms import JoinForm, JoinWithForm
from tejido.circles.member_pages import JoinPage, JoinWithPage
from tejido.circles.membership import Joined, WrongCode, join_circle, opened_by
from tejido.circles.opening import begin_work, bring_up_to_date, workspace
from tejido.circles.policies import open_door
from tejido.circles.presence import PRESENCE
from tejido.circles.second_factor import SecondFactorNeeded
from tejido.domain.errors import TejidoError, WrongPassphrase
from tejido.vault.keyring import FILE_KEY
from tejido.vault.passphrase import six_words
from tejido.web.rendering import render_page
from tejido.web.wording import page_language

#: Wrong codes are counted apart from every handle: no handle holds a character like this one.
_CODES = "\0codes"


@sensitive_post_parameters(*SECRETS, "code")
@open_door("a code to join is asked here, by somebody who has no passphrase yet")
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Join with a code; choose a handle and the words that will open the notebook."""
    if not workspace().exists:
        return HttpResponseRedirect(reverse("circles:setup"))
    if request.method != "POST" or "other" in request.POST:
        offered = six_words(page_language())
        page = JoinPage(JoinForm(offered=offered, initial={"offered": offered}), offered)
        return render_page(request, "circles/join.html", page)
    offered = request.POST.get("offered", "")[:200]
    form, wait = JoinForm(request.POST, offered=offered), PATIENCE.wait(_CODES)
    if not wait and form.is_valid():
        given = form.cleaned_data
        try:
            return _in(request, _joined(given["code"], form.passphrase, handle=given["handle"]))
        except TejidoError as error:
            form.refuse(error, "code" if isinstance(error, WrongCode) else None)
    answer = render_page(request, "circles/join.html", JoinPage(form, offered, wait), status=429 if wait else 400)
    if wait:
        answer["Retry-After"] = str(wait)
    return answer


@sensitive_post_parameters(*SECRETS, "code")
@open_door("a code to join is asked here, together with the passphrase of an account")
@require_http_methods(["GET", "HEAD", "POST"])
@with_key_file
def join_with_account(request: HttpRequest) -> HttpResponse:
    """Join one circle more, with the account one has."""
    if not workspace().exists:
        return HttpResponseRedirect(reverse("circles:setup"))
    if request.method != "POST":
        return render_page(request, "circles/join_with_account.html", JoinWithPage(JoinWithForm()))
    form = JoinWithForm(request.POST, request.FILES)
    handle = request.POST.get("handle", "")[:200]
    wait = max(PATIENCE.wait(_CODES), PATIENCE.wait(handle))
    if not wait and form.is_valid():
        given = form.cleaned_data
        try:
            key_file = key_file_of(request)
            return _in(
                request,
                _joined(given["code"], given["passphrase"], handle=handle, key_file=key_file, has_account=True),
            )
        except TejidoError as error:
            form.refuse(error, _place_of(error))
    page = JoinWithPage(form, wait)
    answer = render_page(request, "circles/join_with_account.html", page, status=429 if wait else 400)
    if wait:
        answer["Retry-After"] = str(wait)
    return answer


def _place_of(error: TejidoError) -> str | None:
    if isinstance(error, WrongCode):
        return "code"
    return "passphrase" if isinstance(error, WrongPassphrase) else None


def _joined(code: str, passphrase: str, *, handle: str, key_file: bytes = b"", has_account: bool = False) -> Joined:
    """Join; a wrong code makes the next one wait. The key of the file goes again if nothing came of it."""
    was_open = FILE_KEY.is_open
    with PRESENCE.arriving():
        try:
            invited = opened_by(workspace(), code)
            FILE_KEY.put(invited.file_key)
            bring_up_to_date()
            joined = join_circle(
                workspace=workspace(), code=code, passphrase=passphrase, handle=handle, key_file=key_file,
                has_account=has_account, today=timezone.localdate(),
            )  # fmt: skip
        except WrongPassphrase:
            PATIENCE.wrong(_CODES)
            if has_account:
                PATIENCE.wrong(handle)
            if not was_open:
                FILE_KEY.drop()
            raise
        except TejidoError:
            if not was_open:
                FILE_KEY.drop()
            raise
    PATIENCE.right(_CODES)
    return joined


def _in(request: HttpRequest, joined: Joined) -> HttpResponse:
    """Begin to work as somebody who has just joined; whoever has a second factor gives it at the door first."""
    try:
        begin_work(request, joined.master)
    except SecondFactorNeeded:
        messages.success(request, _("You belong to the circle now. Open the notebook with your second factor."))
        return HttpResponseRedirect(reverse("circles:unlock"), status=303)
    messages.success(request, _("Welcome. You belong to the circle now; the code is used up."))
    return HttpResponseRedirect("/", status=303)
