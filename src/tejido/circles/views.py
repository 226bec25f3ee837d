"""Coming in, setting up, unlocking, locking, leaving; the language; the passphrase."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tejido.circles.door import DOOR, PATIENCE
from tejido.circles.forms import SECRETS, NewPassphraseForm, UnlockForm
from tejido.circles.halfway import HALFWAY
from tejido.circles.key_file import key_file_of, with_key_file
from tejido.circles.locked import open_form, safe_next
from tejido.circles.models import Recovery
from tejido.circles.opening import begin_work, bring_up_to_date, still_opens, unlock, workspace
from tejido.circles.openings import settle
from tejido.circles.pages import LeftPage, NewPassphrasePage, SendAgainPage, UnlockPage
from tejido.circles.policies import MemberRequest, Worker, may, open_door
from tejido.circles.presence import PRESENCE
from tejido.circles.second_factor import SecondFactorNeeded, has_second_factor
from tejido.circles.second_step import SecondStepForm, step_for
from tejido.circles.setting_up import VISIT_COOKIE, let_in
from tejido.circles.work_session import close_session
from tejido.domain.errors import BadInput, NotAllowed, TejidoError, WrongPassphrase
from tejido.domain.words import N_
from tejido.vault.journal import writing
from tejido.vault.keyring import FILE_KEY
from tejido.vault.passphrase import six_words
from tejido.vault.permits import lacks_second_factor
from tejido.vault.workspace import Master
from tejido.web.rendering import render_page
from tejido.web.wording import page_language

_NOT_A_LINK = N_(
    "This link was used already, or is not one of ours. Nothing was changed. Open the notebook with its passphrase, "
    "or ask for a new link where it was started."
)


@open_door("a one-time link brings in whoever started the process")
@require_http_methods(["GET", "HEAD"])
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Burn the one-time link and go on at once, so that it does not stay in the address bar."""
    if request.method == "HEAD":
        return HttpResponse()
    if _only_looks_ahead(request):
        return HttpResponse(status=503)
    pass_ = DOOR.enter(token)
    visit = DOOR.visit(pass_) if pass_ else None
    if pass_ is None or visit is None:
        raise NotAllowed(_NOT_A_LINK)
    if visit.master is not None:
        DOOR.end(pass_)
        FILE_KEY.put(visit.master.file_key)
        bring_up_to_date()
        if has_second_factor(visit.master.account):
            return HttpResponseRedirect(reverse("circles:unlock"))
        return _go_on(request, visit.master, begin_work(request, visit.master), "/")
    if workspace().exists:
        DOOR.end(pass_)
        at_work = getattr(request, "by", None) is not None
        return HttpResponseRedirect("/" if at_work else reverse("circles:unlock"))
    return let_in(HttpResponseRedirect(reverse("circles:setup")), pass_)


def _only_looks_ahead(request: HttpRequest) -> bool:
    """Say whether the browser fetches in case it is wanted; a refusal makes it ask again when it is."""
    return any("prefetch" in request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Moz"))


@sensitive_post_parameters(*SECRETS, "second")
@open_door("the passphrase is asked here")
@require_http_methods(["GET", "HEAD", "POST"])
@with_key_file
def unlock_page(request: HttpRequest) -> HttpResponse:
    """Ask for the passphrase, open the workspace, and go on where the visitor was."""
    if not workspace().exists:
        return HttpResponseRedirect(reverse("circles:setup"))
    if request.method != "POST":
        form = UnlockForm(initial={"next": safe_next(request.GET.get("next", "/"))})
        return render_page(request, "circles/unlock.html", UnlockPage(form))
    form = UnlockForm(request.POST, request.FILES)
    late = bool(request.POST.get("kept"))
    handle = request.POST.get("handle", "")[:200]
    wait = PATIENCE.wait(handle)
    if wait:
        response = render_page(request, "circles/unlock.html", UnlockPage(form, late, wait), status=429)
        response["Retry-After"] = str(wait)
        return response
    if form.is_valid():
        given = form.cleaned_data
        try:
            return _unlocked(request, given)
        except SecondFactorNeeded as error:
            form.refuse(error, "second")
        except (WrongPassphrase, BadInput) as error:
            form.refuse(error, "passphrase")
    return render_page(request, "circles/unlock.html", UnlockPage(form, late), status=403)


def _unlocked(request: HttpRequest, given: Mapping[str, str]) -> HttpResponse:
    """Open the account and go on, to the second step where it has passkeys and none answered yet."""
    with PRESENCE.arriving():
        was_open = FILE_KEY.is_open
        master = unlock(given["passphrase"], handle=given["handle"], key_file=key_file_of(request))
        return _begun(request, master, given, was_open=was_open)


@sensitive_post_parameters("second", "answer", "onward")
@open_door("the second factor is asked here, of somebody whose passphrase was right a moment ago")
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """Open the workspace with a passkey or a code, for who gave the passphrase in the step before."""
    if request.method != "POST" or not workspace().exists:
        return HttpResponseRedirect(reverse("circles:unlock"))
    given = {name: str(request.POST.get(name, "")) for name in SecondStepForm.base_fields}
    found = HALFWAY.take(given["onward"])
    if found is None or not still_opens(found.master):
        form = UnlockForm(initial={"next": safe_next(given["next"]), "kept": given["kept"]})
        page = UnlockPage(form, bool(given["kept"]), too_slow=True)
        return render_page(request, "circles/unlock.html", page, status=403)
    with PRESENCE.arriving():
        was_open = FILE_KEY.is_open
        if not was_open:
            FILE_KEY.put(found.master.file_key)
        return _begun(request, found.master, given, was_open=was_open, until=found.until)


def _begun(
    request: HttpRequest, master: Master, given: Mapping[str, str], *, was_open: bool, until: float | None = None
) -> HttpResponse:
    """Begin to work and go on, or take the second step; the key of the file goes again if nothing comes of it."""
    try:
        by = begin_work(request, master, code=given["second"], answer=given.get("answer", ""))
    except TejidoError as error:
        try:
            step = step_for(request, master, given, error, until=until)
        finally:
            if not was_open:
                FILE_KEY.drop()
        if step is None:
            raise
        return step
    return _go_on(request, master, by, safe_next(given["next"]), given["kept"])


def _go_on(request: HttpRequest, master: Master, by: Worker | None, address: str, kept: str = "") -> HttpResponse:
    """Go to the page that was asked for, or offer the form that came too late; found a circle if there is none."""
    if by is None:
        return let_in(HttpResponseRedirect(reverse("circles:setup_circle")), DOOR.admit(master))
    if Recovery.objects.filter(circle_id=by.circle_id, status="waiting").exists():
        messages.warning(request, _("Somebody is on their way back in through guardians. Look at it under Guardians."))
    if by.second_due is not None and not lacks_second_factor(by):
        day = date_format(by.second_due, "DATE_FORMAT")
        told = _("From %(day)s on this circle asks everybody for a second factor. Set yours up under My account.")
        messages.warning(request, told % {"day": day})
    form = open_form(kept)
    if form is None:
        if kept:
            messages.warning(request, _("What you had typed could not be kept this time. Please look at it again."))
        return HttpResponseRedirect(address)
    request.by = by  # type: ignore[attr-defined]
    page = SendAgainPage(safe_next(form.address), form.fields, form.lost_files)
    return render_page(request, "circles/send_again.html", page)


@open_door("locking needs no right")
@require_POST
def lock(request: HttpRequest) -> HttpResponse:
    """End the session and ask for the passphrase again."""
    _settle(request)
    close_session(request)
    return HttpResponseRedirect(reverse("circles:unlock"), status=303)


def _settle(request: HttpRequest) -> None:
    """Let the journal take up what waits, and sign it, while the keys of whoever goes are still here."""
    by = getattr(request, "by", None)
    if by is not None:
        settle(by)


# Exempt from the form's token: leaving must work even from a page whose cookie is gone. A foreign page cannot use
# it against a session, since the session's cookie does not come along with its forms.
@csrf_exempt
@open_door("anybody may leave at any time")
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """End the session, empty the browser of us, and go somewhere unremarkable."""
    _settle(request)
    close_session(request)
    return _cleared(HttpResponseRedirect(reverse("circles:left"), status=303))


# A form may lead nowhere but to ourselves (form-action in the content policy), and Chromium holds redirects to
# that as well: a redirect straight to another site would leave the visitor standing on the page. So the form leads
# to this empty answer, and the answer leads on at once, without script.
@open_door("somebody who has left holds nothing")
@require_safe
def left(request: HttpRequest) -> HttpResponse:
    """Go on to the neutral site; nothing of ours is shown meanwhile."""
    response = _cleared(render_page(request, "circles/left.html", LeftPage(settings.NEUTRAL_SITE)))
    response["Refresh"] = f"0; url={settings.NEUTRAL_SITE}"
    return response


def _cleared(response: HttpResponse) -> HttpResponse:
    response["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, VISIT_COOKIE):
        response.delete_cookie(name, samesite="Lax")
    return response


@open_door("everybody chooses their language")
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Speak another language from here on."""
    response = HttpResponseRedirect(safe_next(request.POST.get("next", "/")), status=303)
    chosen = request.POST.get("language", "")
    if translation.check_for_language(chosen) and chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite="Lax",
        )
    return response


@sensitive_post_parameters(*SECRETS)
@may("own")
@require_http_methods(["GET", "HEAD", "POST"])
@with_key_file
def passphrase(request: MemberRequest) -> HttpResponse:
    """Change the passphrase: the old one opens nothing any more."""
    if request.method != "POST" or "other" in request.POST:
        offered = request.session["offered"] = six_words(page_language())
        form = NewPassphraseForm(offered=offered)
        return render_page(request, "circles/passphrase.html", NewPassphrasePage(form, offered))
    offered = str(request.session.get("offered", ""))
    form = NewPassphraseForm(request.POST, request.FILES, offered=offered)
    if form.is_valid():
        try:
            change_own_passphrase(request, form)
        except TejidoError as error:
            form.refuse(error, "old")
        else:
            request.session.pop("offered", None)
            messages.success(request, _("The passphrase was changed. The old one opens nothing any more."))
            return HttpResponseRedirect("/", status=303)
    page = NewPassphrasePage(form, offered)
    return render_page(request, "circles/passphrase.html", page, status=400)


def change_own_passphrase(request: MemberRequest, form: NewPassphraseForm) -> None:
    """Change the words of the account that is at work, and of no other; its other sessions end."""
    given, account = form.cleaned_data, request.by.account
    with workspace().alone(), writing(by=request.by, action="circle.change_passphrase"):
        workspace().change_passphrase(
            given["old"],
            form.passphrase,
            handle=given["handle"],
            key_file=key_file_of(request),
            new_key_file=key_file_of(request),
            only=account,
        )
    if account is not None:
        PRESENCE.go_all(account, but=request.session.session_key)
