"""The workshop kit: cards, posters and forms of a session, made in memory from its own content.

Few words in large type, on A4 or A3. What a session says goes to the sheet (``print/kit.typ``) as JSON and is set as
text; title and file say nothing of what it is. With these papers a session is held wholly without a computer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, cast

from django.conf import settings

from tejido.domain.names import usual_form
from tejido.protection.sessions.kit_cards import cards_for
from tejido.protection.sessions.kit_forms import forms_for
from tejido.protection.sessions.kit_posters import posters_for
from tejido.protection.sessions.models import Assessment
from tejido.protection.sessions.queries import ModuleKnown
from tejido.protection.typesetting import Json, typeset
from tejido.web.wording import page_language

Sheet = Literal["cards", "posters", "forms"]
SHEETS: Final[tuple[Sheet, ...]] = ("cards", "posters", "forms")
PAPERS: Final = ("a4", "a3")
_PACKAGE: Final = "tejido.protection.sessions"
_FILE: Final = "kit.typ"


def kit_pdf_bytes(session: Assessment, modules: Sequence[ModuleKnown], *, sheet: Sheet, paper: str) -> bytes:
    """Return a sheet of the kit as a PDF, in the language of the page; ``paper`` is a4 or a3."""
    content: dict[str, object] = {}
    if sheet == "cards":
        content["cards"] = [one.as_json() for one in cards_for(session, modules)]
    else:
        make = posters_for if sheet == "posters" else forms_for
        content["pages"] = [one.as_json() for one in make(session, modules)]
    told = {"neutral": settings.NEUTRAL_NAME, "lang": page_language(), "sheet": sheet, "paper": paper, **content}
    return typeset(_FILE, {name: _visible(value) for name, value in told.items()}, package=_PACKAGE)


def _visible(told: object) -> Json:
    """Return what is told without what cannot be seen or turns the direction of writing, each text on one line."""
    if isinstance(told, dict):
        return {str(name): _visible(value) for name, value in told.items()}
    if isinstance(told, list | tuple):
        return [_visible(value) for value in told]
    return usual_form(told) if isinstance(told, str) else cast(Json, told)
