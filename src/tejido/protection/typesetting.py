"""Setting a sheet in type: a PDF made in memory, with nothing of what it says in a file or in code.

The sheets (``print/*.typ``) ship with the program; each begins with ``print/shared.typ``. What they say goes to them
as JSON, through the typesetter's inputs, and is set as text. Fonts are those the typesetter carries, read once, and
for letters that they lack those of the machine; it is given no folder to read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Final, Literal

import typst

Json = str | bool | int | float | None | list["Json"] | dict[str, "Json"]

#: A run of letters without any place to break a line, longer than any word; and how much of it stays together.
_RUN: Final = re.compile(r"\S{32,}")
_PIECE: Final = re.compile(r"\S{1,12}")
#: Where a line may be broken, and nothing is seen.
_BREAK: Final = "\u200b"


def typeset(sheet: str, told: Mapping[str, Json], *, package: str = "tejido.protection") -> bytes:
    """Return a sheet of ``print/`` in ``package`` as a PDF, filled with what is told.

    It is tagged for those who listen where the fonts at hand allow it. Names of hundreds of letters are broken.
    """
    data = json.dumps({name: _breakable(value) for name, value in told.items()}, ensure_ascii=False)
    source = _source(package, sheet)
    try:
        return _typeset(source, data, fonts=_fonts(system=False), pdf_standards="ua-1")
    except typst.TypstError:  # letters the typesetter's own fonts lack: those of the machine may have them
        return _typeset(source, data, fonts=_fonts(system=True))


def _typeset(source: bytes, data: str, *, fonts: typst.Fonts, pdf_standards: Literal["ua-1"] | None = None) -> bytes:
    made = typst.compile(
        source, format="pdf", sys_inputs={"data": data}, font_paths=fonts, pdf_standards=pdf_standards
    )
    if not isinstance(made, bytes):
        raise TypeError("the typesetter answers with one document")
    return made


@cache
def _fonts(*, system: bool) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=system, include_embedded_fonts=True, font_paths=[])


@cache
def _source(package: str, sheet: str) -> bytes:
    shared = resources.files("tejido.protection").joinpath("print", "shared.typ").read_bytes()
    return shared + resources.files(package).joinpath("print", sheet).read_bytes()


def _breakable(value: Json) -> Json:
    if isinstance(value, str):
        return _RUN.sub(lambda run: _BREAK.join(_PIECE.findall(run[0])), value)
    if isinstance(value, list):
        return [_breakable(one) for one in value]
    if isinstance(value, dict):
        return {name: _breakable(one) for name, one in value.items()}
    return value
