"""The journal: of the whole circle for those who look after it, of one's own deeds for everybody."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tejido.circles.audit_pages import Choice, JournalPage, MyJournalPage
from tejido.circles.openings import fold_openings
from tejido.circles.policies import MemberRequest, may
from tejido.circles.queries import KINDS, done_here, lines_of_journal, people_of
from tejido.vault.permits import verdict_on
from tejido.web.paging import place_asked
from tejido.web.rendering import render_page


@may("read journal")
@require_safe
def journal(request: MemberRequest) -> HttpResponse:
    """Show what was done here, newest first, narrowed by who and by what kind of deed."""
    fold_openings(by=request.by)
    circle, who, kind = request.by.circle_id, _who(request), request.GET.get("what", "")
    kind = kind if kind in KINDS else ""
    people = people_of(circle)
    who = who if who in people else None
    page = JournalPage(
        lines=lines_of_journal(circle, member=who, kind=kind, **place_asked(request)),
        total=done_here(circle),
        people=tuple(Choice(str(one), name or _("without a name"), one == who) for one, name in people.items()),
        kinds=tuple(Choice(code, _(name), code == kind) for code, (name, _begins) in KINDS.items()),
        narrowed=who is not None or bool(kind),
    )
    return render_page(request, "circles/journal.html", page)


@may("own")
@require_safe
def my_journal(request: MemberRequest) -> HttpResponse:
    """Show whoever asks what was done in their name."""
    fold_openings(by=request.by)
    circle, me = request.by.circle_id, request.by.id
    page = MyJournalPage(
        lines=lines_of_journal(circle, member=me, **place_asked(request)),
        total=done_here(circle, member=me),
        whole=verdict_on(request.by, "read journal").allowed,
    )
    return render_page(request, "circles/my_journal.html", page)


def _who(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.GET.get("who", ""))
    except ValueError:
        return None
