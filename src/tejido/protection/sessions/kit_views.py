"""The papers of a session, to be printed."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.utils import translation
from django.views.decorators.http import require_safe

from tejido.circles.policies import MemberRequest, members_only
from tejido.domain.errors import NotFound
from tejido.protection.sessions.kit import PAPERS, SHEETS, kit_pdf_bytes
from tejido.protection.sessions.queries import modules_of, session_by_id
from tejido.web.wording import page_language

#: Says neither whose it is nor what it is.
_FILE_NAME = "hojas.pdf"


@members_only
@require_safe
def session_kit(request: MemberRequest, session: UUID, sheet: str) -> HttpResponse:
    """Answer with a sheet of the kit; ``?paper=a3`` makes it larger, ``?lang=`` sets it in another language."""
    known = next((one for one in SHEETS if one == sheet), None)
    if known is None:
        raise NotFound
    found = session_by_id(session, by=request.by)
    asked, lang = request.GET.get("paper", "a4"), request.GET.get("lang", "")
    paper = asked if asked in PAPERS else "a4"
    with translation.override(lang if lang in dict(settings.LANGUAGES) else page_language()):
        drawn = kit_pdf_bytes(found, modules_of(found), sheet=known, paper=paper)
    answer = HttpResponse(drawn, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{_FILE_NAME}"'
    return answer
