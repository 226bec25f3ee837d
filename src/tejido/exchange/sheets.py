"""Rows of an XLSX workbook, read as a stream and without trusting it.

Only what is written in the cells is read: a formula is refused with its row, since what it would give is not
in the file to be relied upon. A workbook that would unpack to something enormous is refused before it is opened.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import IO, BinaryIO

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from tejido.domain.errors import BadInput
from tejido.domain.words import N_

#: What a workbook may unpack to, in bytes; how many parts it may have; and how tightly it may be packed.
MOST_UNPACKED = 600 * 1024 * 1024
MOST_SHARED_TEXT = 200 * 1024 * 1024
MOST_PARTS = 5_000
MOST_RATIO = 300
_SMALL = 10 * 1024 * 1024  # small parts may be packed as tightly as they like

_BROKEN = N_("This workbook is damaged or cut short. Nothing was imported; please save it again as XLSX or CSV.")
_NO_WORKBOOK = N_(
    "This is a compressed file, but not an XLSX workbook. Nothing was imported; please save the list as XLSX or "
    "CSV and choose that file."
)
_TOO_BIG = N_(
    "This workbook unpacks to more than it may ({megabytes} MB at most). It was not opened and nothing was "
    "imported; please save the list as CSV."
)
_UNSAFE = N_("This workbook holds declarations that a sheet never needs. It was not opened; please save it as CSV.")
_NO_SHEET = N_("The workbook has no sheet called “{sheet}”. Nothing was imported; its sheets are: {sheets}.")
FORMULA = N_("Cell {cell} holds a formula. Only values are read; please paste the values and import again.")


class FormulaCell(str):
    """Stands for a cell that holds a formula; its text is the name of the cell."""

    __slots__ = ()


def read_sheet(file: BinaryIO, sheet: str | None = None) -> Iterator[list[str]]:
    """Yield the rows of one sheet (the first, unless named) as text; dates in ISO, numbers as they are written."""
    check_archive(file)
    try:
        book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
    except (InvalidFileException, KeyError, ValueError, OSError, zipfile.BadZipFile, SyntaxError):
        raise BadInput(_BROKEN) from None
    try:
        names = book.sheetnames
        if sheet is not None and sheet not in names:
            raise BadInput(_NO_SHEET, sheet=sheet, sheets=", ".join(names))
        page = book[sheet or names[0]]
        page.reset_dimensions()
        for row in page.iter_rows():
            yield _without_tail([_text(cell) for cell in row])
    except (KeyError, ValueError, zipfile.BadZipFile, SyntaxError, EOFError):
        raise BadInput(_BROKEN) from None
    finally:
        book.close()


def check_archive(file: IO[bytes]) -> None:
    """Refuse an archive that is not a workbook, unpacks to too much, or declares entities."""
    try:
        archive = zipfile.ZipFile(file)
    except zipfile.BadZipFile:
        raise BadInput(_BROKEN) from None
    parts = archive.infolist()
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise BadInput(_NO_WORKBOOK)
    texts = sum(part.file_size for part in parts if part.filename.lower().endswith("sharedstrings.xml"))
    tight = any(part.file_size > _SMALL and part.file_size > MOST_RATIO * part.compress_size for part in parts)
    too_big = sum(part.file_size for part in parts) > MOST_UNPACKED or texts > MOST_SHARED_TEXT
    if tight or too_big or len(parts) > MOST_PARTS:
        raise BadInput(_TOO_BIG, megabytes=MOST_UNPACKED // 1024 // 1024)
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            with archive.open(part) as content:
                head = content.read(4096)
            if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                raise BadInput(_UNSAFE)
    file.seek(0)


def _text(cell: object) -> str:
    value = getattr(cell, "value", None)
    if value is None:
        return ""
    if getattr(cell, "data_type", "") == "f":
        return FormulaCell(getattr(cell, "coordinate", "?"))
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _without_tail(cells: list[str]) -> list[str]:
    """Leave out the empty cells at the end, which a sheet has without anybody having written them."""
    while cells and cells[-1] == "":
        cells.pop()
    return cells
