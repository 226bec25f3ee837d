"""The workshop kit: cards, posters and forms of a session, made in memory from its own content.

Few words in large type, on A4 or A3. What a session says goes to the sheet (``print/kit.typ``) as JSON and is set as
text; title and file say nothing of what it is. With these papers a session is held wholly without a computer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cache
from importlib import resources
from typing import Final, Literal

import typst
from django.conf import settings

from tejido.domain.names import usual_form
from tejido.protection.sessions.kit_cards import cards_for
from tejido.protection.sessions.kit_forms import forms_for
from tejido.protection.sessions.kit_posters import posters_for
from tejido.protection.sessions.models import Assessment
from tejido.protection.sessions.queries import ModuleKnown
from tejido.web.wording import page_language

Sheet = Literal["cards", "posters", "forms"]
SHEETS: Final[tuple[Sheet, ...]] = ("cards", "posters", "forms")
PAPERS: Final = ("a4", "a3")
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
    data = json.dumps(_visible(told), ensure_ascii=False)
    try:
        return _typeset(data, pdf_standards="ua-1", ignore_system_fonts=True)
    except typst.TypstError:  # letters the typesetter's own fonts lack: those of the machine may have them
        return _typeset(data, ignore_system_fonts=False)


def _typeset(data: str, *, ignore_system_fonts: bool, pdf_standards: Literal["ua-1"] | None = None) -> bytes:
    made = typst.compile(
        _sheet(),
        format="pdf",
        sys_inputs={"data": data},
        ignore_system_fonts=ignore_system_fonts,
        font_paths=[],
        pdf_standards=pdf_standards,
    )
    if not isinstance(made, bytes):
        raise TypeError("the typesetter answers with one document")
    return made


@cache
def _sheet() -> bytes:
    return resources.files("tejido.protection.sessions").joinpath("print", _FILE).read_bytes()


def _visible(told: object) -> object:
    """Return what is told without what cannot be seen or turns the direction of writing, each text on one line."""
    each: Callable[[object], object] = _visible
    if isinstance(told, str):
        return usual_form(told)
    if isinstance(told, dict):
        return {name: each(value) for name, value in told.items()}
    return [each(value) for value in told] if isinstance(told, list | tuple) else told
