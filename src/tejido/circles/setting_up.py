"""The set-up in two steps: the passphrase, then what to begin with. Nothing is on the disk before the second."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tejido.circles.door import DOOR, Visit
from tejido.circles.forms import SECRETS, CircleForm, PassphraseForm
from tejido.circles.opening import begin_work, demo_loader, found, load_demo, workspace
from tejido.circles.pages import CirclePage, PassphrasePage
from tejido.circles.policies import open_door
from tejido.domain.errors import NotAllowed, TejidoError, WorkspaceLocked
from tejido.domain.words import N_
from tejido.vault.passphrase import six_words
from tejido.web.rendering import render_page
from tejido.web.wording import page_language

#: Tells this browser from any other on the machine while it sets up; it opens nothing by itself.
VISIT_COOKIE = f"{settings.SESSION_COOKIE_NAME}_p"
_CAME_BY_NO_LINK = N_(
    "A new notebook is set up through the link that was printed where it was started. Nothing was changed; "
    "open that link in this browser."
)


def let_in(response: HttpResponse, pass_: str) -> HttpResponse:
    """Give the browser the pass of a visit."""
    response.set_cookie(VISIT_COOKIE, pass_, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    return response


@sensitive_post_parameters(*SECRETS)
@open_door("there is no passphrase yet; only whoever came by the one-time link gets in")
@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: HttpRequest) -> HttpResponse:
    """First step: choose the passphrase."""
    if workspace().exists:
        return HttpResponseRedirect(reverse("circles:unlock"))
    visit = _visit(request)
    if request.method != "POST" or "other" in request.POST:
        if not visit.offered or request.method == "POST":
            visit.offered = six_words(page_language())
        page = PassphrasePage(PassphraseForm(offered=visit.offered), visit.offered)
        return render_page(request, "circles/setup_passphrase.html", page)
    form = PassphraseForm(request.POST, offered=visit.offered)
    if form.is_valid():
        visit.passphrase = form.passphrase
        return HttpResponseRedirect(reverse("circles:setup_circle"), status=303)
    page = PassphrasePage(form, visit.offered)
    return render_page(request, "circles/setup_passphrase.html", page, status=400)


@open_door("the circle that will guard the doors is only now founded; the pass of the first step is asked")
@require_http_methods(["GET", "HEAD", "POST"])
def setup_circle(request: HttpRequest) -> HttpResponse:
    """Second step: what to begin with, the circle's name and one's own; then everything is made at once."""
    visit = _visit(request)
    if visit.master is None and (workspace().exists or not visit.passphrase):
        return HttpResponseRedirect(reverse("circles:setup"))
    with_demo = bool(demo_loader())
    form = CircleForm(request.POST if request.method == "POST" else None, with_demo=with_demo)
    if request.method == "POST" and form.is_valid():
        try:
            return _begin(request, form, visit)
        except TejidoError as error:
            form.refuse(error)
    status = 400 if form.is_bound else 200
    return render_page(request, "circles/setup_circle.html", CirclePage(form), status=status)


def _begin(request: HttpRequest, form: CircleForm, visit: Visit) -> HttpResponse:
    given = form.cleaned_data
    _member, master = found(
        name=given["circle"], member_name=given["member"], master=visit.master, passphrase=visit.passphrase
    )
    DOOR.end(request.COOKIES.get(VISIT_COOKIE, ""))
    by = begin_work(request, master)
    if by is None:
        raise WorkspaceLocked
    if given["begin"] == "demo" and not load_demo(by=by, master=master):
        messages.warning(request, _("The demonstration data could not be loaded. The notebook is ready, and empty."))
    response = HttpResponseRedirect("/", status=303)
    response.delete_cookie(VISIT_COOKIE, samesite="Lax")
    return response


def _visit(request: HttpRequest) -> Visit:
    visit = DOOR.visit(request.COOKIES.get(VISIT_COOKIE, ""))
    if visit is None:
        raise NotAllowed(_CAME_BY_NO_LINK)
    return visit
