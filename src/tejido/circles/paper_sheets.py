"""The sheets of a recovery key as a PDF: one page each, made in memory, with nothing on it that says what it opens."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib import resources
from typing import Final

import typst
from django.conf import settings
from django.utils.translation import gettext as _

from tejido.web.wording import page_language

#: How the file is called where it is saved; it says nothing.
FILE_NAME: Final = "hojas.pdf"


def sheets_pdf(sheets: Sequence[str], *, needed: int) -> bytes:
    """Return the sheets as a PDF (A4, tagged for those who listen), in the language of the page."""
    many = len(sheets)
    told = {
        "neutral": settings.NEUTRAL_NAME,
        "lang": page_language(),
        "says": _("Together with others like it: any %(needed)s of the %(many)s sheets are enough, fewer say nothing.")
        % {"needed": needed, "many": many},
        "keep": _("Keep it in a place of its own, away from the other sheets. Make no picture of it."),
        "sheets": [
            {"title": _("Sheet %(number)s of %(many)s") % {"number": number, "many": many}, "words": words.split()}
            for number, words in enumerate(sheets, start=1)
        ],
    }
    made = typst.compile(
        resources.files("tejido.circles").joinpath("print", "sheets.typ").read_bytes(),
        format="pdf",
        sys_inputs={"data": json.dumps(told, ensure_ascii=False)},
        ignore_system_fonts=True,
        font_paths=[],
        pdf_standards="ua-1",
    )
    if not isinstance(made, bytes):
        raise TypeError("the typesetter answers with one document")
    return made
