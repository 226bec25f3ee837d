"""A list as rows of named cells: CSV or XLSX, read as a stream, each bad row refused with its reason.

A row that cannot be read is handed on as ``BadRow`` with its number (the header is row 1, as a sheet shows it);
it never stops the rest. What makes the whole file unreadable is a ``BadInput`` with one sentence.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import BinaryIO, cast

from tejido.domain.errors import BadInput
from tejido.domain.words import N_
from tejido.exchange.opening import EMPTY, Source, encoding_of, is_workbook
from tejido.exchange.sheets import FORMULA, FormulaCell, read_sheet

#: The longest cell taken, in characters; a longer one is refused with its row.
LONGEST_CELL = 1024 * 1024
#: The longest text between two quotation marks; beyond it one was surely never closed.
_UNCLOSED = 64 * 1024 * 1024
MOST_COLUMNS = 2_000
_DELIMITERS = (",", ";", "\t", "|")

_DOUBLED = N_(
    "Two columns of the file are called “{columns}”. Nothing was imported; please give each its own name, here and "
    "in the mapping."
)
_MISSING = N_(
    "The file has no column called {columns}, which the mapping asks for. Nothing was imported. Its columns, read "
    "with the delimiter {delimiter}, are: {found}."
)
_NO_ROWS = N_("The file has a header but no rows. Nothing was imported.")
_NEVER_CLOSED = N_(
    "A quotation mark that opens in or before row {row} is never closed. Nothing was imported; please close it, or "
    "save the list again as XLSX."
)
_TOO_WIDE = N_("The file has more than {most} columns. Nothing was imported; please check its delimiter.")
_ODD_DELIMITER = N_("“{delimiter}” cannot be a delimiter: it must be one sign. Nothing was imported.")
TOO_LONG = N_("A cell in column “{column}” is longer than {most} characters.")
TOO_FEW = N_("The row has {found} cells, the header {expected}: some are missing, so it is not clear which is which.")
TOO_MANY = N_("The row has {found} cells, the header {expected}: perhaps a text holds the delimiter unquoted.")
NUL = N_("The row holds a NUL sign, which no text has: the file may be damaged.")

Row = dict[str, str | None]
Progress = Callable[[int, int, int], None]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that could not be read, and why."""

    number: int
    reason: BadInput


@dataclass(frozen=True, slots=True)
class GoodRow:
    """A row as ``{column: text or None}``; a missing marker and an empty cell are both ``None``."""

    number: int
    cells: Row


@dataclass(frozen=True)
class FileForm:
    """How a file is written, as far as the mapping fixes it; ``missing`` are the marks of a cell not filled in."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    missing: frozenset[str] = frozenset({""})


class Table:
    """A file whose header was read and found in order."""

    def __init__(self, source: Source, form: FileForm, wanted: Collection[str] = ()) -> None:
        self._source, self._form = source, form
        self._workbook = is_workbook(source)
        self._encoding = "" if self._workbook else encoding_of(source, form.encoding)
        self._delimiter = "" if self._workbook else self._find_delimiter(wanted)
        self.columns = self._header(wanted)

    @property
    def size(self) -> int:
        """The size of the file in bytes."""
        return self._source.size

    def rows(self, at: Callable[[int], None] | None = None) -> Iterator[GoodRow | BadRow]:
        """Yield every row after the header; ``at`` is told now and then how many bytes were read."""
        file = self._source.open()
        counting: BinaryIO = (
            cast("BinaryIO", io.BufferedReader(cast("io.RawIOBase", _Counting(file, at)), 256 * 1024))
            if at is not None
            else file
        )
        with closing(file):
            records = self._records(counting)
            next(records, None)
            any_row = False
            for number, cells in enumerate(records, start=2):
                if any(cells):
                    any_row = True
                    yield self._row(number, cells)
        if not any_row:
            raise BadInput(_NO_ROWS)

    def _row(self, number: int, cells: list[str]) -> GoodRow | BadRow:
        expected = len(self.columns)
        if len(cells) != expected:
            if self._workbook and len(cells) < expected:
                cells = cells + [""] * (expected - len(cells))
            elif len(cells) > expected and not any(cells[expected:]):
                cells = cells[:expected]
            else:
                text = TOO_FEW if len(cells) < expected else TOO_MANY
                return BadRow(number, BadInput(text, found=len(cells), expected=expected))
        missing = self._form.missing
        row: Row = {}
        for column, cell in zip(self.columns, cells, strict=True):
            if len(cell) > LONGEST_CELL:
                return BadRow(number, BadInput(TOO_LONG, column=column, most=LONGEST_CELL))
            if "\0" in cell:
                return BadRow(number, BadInput(NUL))
            if cell.__class__ is FormulaCell:
                return BadRow(number, BadInput(FORMULA, cell=str(cell)))
            text = cell.strip()
            row[column] = None if text in missing else text
        return GoodRow(number, row)

    def _records(self, file: BinaryIO) -> Iterator[list[str]]:
        if self._workbook:
            return read_sheet(file if file.seekable() else io.BytesIO(file.read()), self._form.sheet)
        text = io.TextIOWrapper(file, encoding=self._encoding, errors="strict", newline="")
        return _parsed(text, self._delimiter)

    def _find_delimiter(self, wanted: Collection[str]) -> str:
        """Return the delimiter the mapping fixes, or the one under which the header makes most sense."""
        fixed = self._form.delimiter
        if fixed is not None:
            if len(fixed) != 1 or fixed in '"\r\n':
                raise BadInput(_ODD_DELIMITER, delimiter=fixed)
            return fixed
        scores: list[tuple[int, int, int, str]] = []
        for place, delimiter in enumerate(_DELIMITERS):
            with closing(self._source.open()) as file:
                text = io.TextIOWrapper(file, encoding=self._encoding, errors="strict", newline="")
                header = [cell.strip() for cell in next(_parsed(text, delimiter), [])]
            scores.append((len(set(header) & set(wanted)), len(header), -place, delimiter))
        return max(scores)[3]

    def _header(self, wanted: Collection[str]) -> list[str]:
        with closing(self._source.open()) as file:
            header = [cell.strip() for cell in next(self._records(file), [])]
        while header and not header[-1]:
            header.pop()
        if not header:
            raise BadInput(EMPTY)
        if len(header) > MOST_COLUMNS:
            raise BadInput(_TOO_WIDE, most=MOST_COLUMNS)
        names = [name or f"({place})" for place, name in enumerate(header, start=1)]
        doubled = [name for name, count in Counter(names).items() if count > 1]
        if doubled:
            raise BadInput(_DOUBLED, columns="”, “".join(doubled))
        lacking = [name for name in wanted if name not in set(names)]
        if lacking:
            shown = {"\t": "tab", "": "-"}.get(self._delimiter, self._delimiter)
            quoted = ", ".join(f"“{name}”" for name in sorted(lacking))
            raise BadInput(_MISSING, columns=quoted, delimiter=shown, found=", ".join(names)[:2000])
        return names


def _parsed(text: io.TextIOWrapper, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(_UNCLOSED)
    number = 0
    try:
        for number, cells in enumerate(csv.reader(text, delimiter=delimiter), start=1):  # noqa: B007
            yield cells
    except csv.Error:
        raise BadInput(_NEVER_CLOSED, row=number + 1) from None


class _Counting(io.RawIOBase):
    """Passes a file on and tells how many bytes went by."""

    def __init__(self, file: BinaryIO, at: Callable[[int], None]) -> None:
        self._file, self._at, self._done = file, at, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._file.seekable()

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        self._done += len(data)
        self._at(self._done)
        return len(data)
