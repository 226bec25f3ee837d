"""Columns as the frames want them: brought to one type, and refused with the row and the column that is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tejido.domain.errors import BadInput
from tejido.domain.words import ENGLISH, N_, Words

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Yes = NDArray[np.bool_]
Scalar = TypeVar("Scalar", bound=np.generic)
#: Numbers, None where there is none.
Gaps = ArrayLike | Sequence[float | None]

_SHAPE = N_(
    "The table {frame} cannot be read: its column {column} has {found} rows where {wanted} were expected. "
    "Nothing was reckoned; give every column the same number of rows."
)
_TYPE = N_(
    "The table {frame} cannot be read: its column {column} does not hold {wanted}. Nothing was reckoned; correct it."
)
_CELL = N_("The table {frame} cannot be read: row {row}, column {column}: {why}. Nothing was reckoned; correct it.")

NUMBERS = N_("numbers")
ROW_NUMBERS = N_("row numbers")
YES_AND_NO = N_("yes and no")
NOT_FINITE = N_("this is not a number with an end")
NEGATIVE = N_("this is below zero")
ABOVE_ONE = N_("this is not between 0 and 1")
NOWHERE = N_("there is no such row in the table it points to")
REVERSED = N_("it ends before it begins")
NOT_A_PLACE = N_("this is not a latitude from -90 to 90 with a longitude from -180 to 180")
TWICE = N_("this stands in an earlier row as well")


class FrameError(BadInput):
    """A table does not hold what its contract says; names the table, the row (from 0) and the column."""

    def __init__(self, message: str, *, frame: str, column: str, row: int | None = None, **more: object) -> None:
        self.frame, self.column, self.row = frame, column, row
        super().__init__(message, frame=frame, column=column, row=row, **more)

    def sentence(self, words: Words = ENGLISH) -> str:
        """Return the sentence in the language of ``words``, the reason in it as well."""
        said = {
            name: words.gettext(value) if name in {"why", "wanted"} and isinstance(value, str) else value
            for name, value in self.parameters.items()
        }
        return words.gettext(self.message).format(**said)


def refuse(bad: Yes, *, frame: str, column: str, why: str) -> None:
    """Raise ``FrameError`` for the first row where ``bad`` holds, if there is one."""
    if bad.any():
        raise FrameError(_CELL, frame=frame, column=column, row=int(np.argmax(bad)), why=why)


def floats(values: Gaps, *, frame: str, column: str, rows: int | None = None, fill: float | None = None) -> Floats:
    """Return a float column; a single value is repeated ``rows`` times. ``fill`` stands in where it is None."""
    if fill is not None and isinstance(values, list | tuple):
        values = [fill if value is None else value for value in values]
    try:
        found = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as wrong:
        raise FrameError(_TYPE, frame=frame, column=column, wanted=NUMBERS) from wrong
    return _shaped(found, frame=frame, column=column, rows=rows)


def positions(
    values: ArrayLike, *, frame: str, column: str, rows: int | None = None, many: int, none: bool = False
) -> Whole:
    """Return a column of row numbers into a table of ``many`` rows; -1 means nowhere and needs ``none``."""
    found = np.asarray(values)
    if found.size == 0:
        found = found.astype(np.int64)
    if found.dtype.kind == "f" and np.all(np.isfinite(found)) and np.all(found == np.floor(found)):
        found = found.astype(np.int64)
    if found.dtype.kind not in "iu":
        raise FrameError(_TYPE, frame=frame, column=column, wanted=ROW_NUMBERS)
    whole: Whole = _shaped(found.astype(np.int64), frame=frame, column=column, rows=rows)
    refuse((whole < (-1 if none else 0)) | (whole >= many), frame=frame, column=column, why=NOWHERE)
    return whole


def yes_or_no(values: ArrayLike, *, frame: str, column: str, rows: int) -> Yes:
    """Return a column of yes and no."""
    found = np.asarray(values)
    if found.dtype != np.bool_ and found.size:
        raise FrameError(_TYPE, frame=frame, column=column, wanted=YES_AND_NO)
    return _shaped(found.astype(np.bool_), frame=frame, column=column, rows=rows)


def codes(
    values: Sequence[str] | NDArray[np.str_], *, frame: str, column: str, rows: int | None = None
) -> NDArray[np.str_]:
    """Return a column of codes or opaque names."""
    found = np.asarray(values, dtype=np.str_)
    return _shaped(found, frame=frame, column=column, rows=rows)


def finite(column: Floats, *, frame: str, name: str) -> None:
    """Refuse NaN and the infinities."""
    refuse(~np.isfinite(column), frame=frame, column=name, why=NOT_FINITE)


def not_below_zero(column: Floats, *, frame: str, name: str) -> None:
    """Refuse what is not a finite number from 0 up."""
    finite(column, frame=frame, name=name)
    refuse(column < 0, frame=frame, column=name, why=NEGATIVE)


def share(column: Floats, *, frame: str, name: str) -> None:
    """Refuse what is not a finite number from 0 to 1."""
    not_below_zero(column, frame=frame, name=name)
    refuse(column > 1, frame=frame, column=name, why=ABOVE_ONE)


def span(start: Floats, end: Floats, *, frame: str, name: str) -> None:
    """Refuse a stretch of days that is not one: NaN, or an end before its start. The infinities are open ends."""
    refuse(np.isnan(start) | np.isnan(end), frame=frame, column=name, why=NOT_FINITE)
    refuse(end < start, frame=frame, column=name, why=REVERSED)


def distinct(column: NDArray[np.str_], *, frame: str, name: str) -> None:
    """Refuse a name that stands twice."""
    _, first = np.unique(column, return_index=True)
    if len(first) != len(column):
        again = np.ones(len(column), dtype=np.bool_)
        again[first] = False
        refuse(again, frame=frame, column=name, why=TWICE)


def _shaped(found: NDArray[Scalar], *, frame: str, column: str, rows: int | None) -> NDArray[Scalar]:
    if found.ndim == 0 and rows is not None:
        found = np.full(rows, found)
    wanted = found.size if rows is None else rows
    if found.ndim != 1 or found.size != wanted:
        raise FrameError(_SHAPE, frame=frame, column=column, found=found.size, wanted=wanted)
    return np.ascontiguousarray(found)
