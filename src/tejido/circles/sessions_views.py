"""The page of one's own open sessions."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tejido.circles.policies import MemberRequest, may
from tejido.circles.sessions_open import OpenSession, end_other_sessions, end_session, open_sessions
from tejido.domain.errors import NotFound
from tejido.web.rendering import render_page
from tejido.web.wording import sentence_of


@dataclass(frozen=True)
class SessionLine:
    """One session, in words."""

    session: OpenSession
    browser: str
    device: str


@dataclass(frozen=True)
class SessionsPage:
    """One's own sessions, the one used last first."""

    lines: tuple[SessionLine, ...]


@may("own")
@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: MemberRequest) -> HttpResponse:
    """Show where one is open, and end a session that is not wanted."""
    if request.method == "POST":
        try:
            end_session(by=request.by, name=request.POST.get("session", ""))
        except NotFound as error:
            messages.warning(request, sentence_of(error))
        else:
            messages.success(request, _("That session was ended: it opens nothing any more."))
        return HttpResponseRedirect(reverse("circles:sessions"), status=303)
    found = open_sessions(by=request.by, session_key=request.session.session_key)
    lines = tuple(SessionLine(one, _(one.browser), _(one.device)) for one in found)
    return render_page(request, "circles/sessions.html", SessionsPage(lines))


@may("own")
@require_POST
def end_others(request: MemberRequest) -> HttpResponse:
    """End every other session of one's own account."""
    end_other_sessions(by=request.by, session_key=request.session.session_key)
    messages.success(request, _("Your other sessions were ended."))
    return HttpResponseRedirect(reverse("circles:sessions"), status=303)
