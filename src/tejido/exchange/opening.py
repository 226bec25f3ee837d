"""What kind of file this is, told from its first bytes, and how its letters are encoded.

A file is given as something that can be opened again (it is read twice: once to survey it, once to take it in);
nothing is ever copied to the disk.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from charset_normalizer import from_bytes

from tejido.domain.errors import BadInput
from tejido.domain.words import N_

_CHUNK = 1024 * 1024
_SAMPLE = 256 * 1024
#: The encodings that lists really come in, beside UTF-8; guesses are kept among them.
_LIKELY = ["utf_16_le", "utf_16_be", "cp1252", "latin_1", "mac_roman", "cp850"]
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

EMPTY = N_("The file is empty. Nothing was imported; please choose the file with the rows in it.")
_OLD_EXCEL = N_(
    "This is an old Excel file (.xls). Nothing was imported; please open it, save it as XLSX or CSV, and choose "
    "that file."
)
_LOCKED_SHEET = N_(
    "This sheet is protected with a password. Nothing was imported; please save it without one, as XLSX or CSV."
)
_NO_ENCODING = N_(
    "The letters of the file could not be read: its encoding is not one that Tejido recognises. Nothing was "
    "imported; please save it as CSV with UTF-8, or name the encoding in the mapping."
)
_WRONG_ENCODING = N_(
    "The file is not written in {encoding}, as the mapping says: byte {byte} does not fit. Nothing was imported; "
    "please correct the encoding in the mapping, or leave it out."
)
_UNKNOWN_ENCODING = N_("There is no encoding called “{encoding}”. Nothing was imported; please correct the mapping.")
_GONE = N_("The file {name} is not there or cannot be opened. Nothing was imported; please check its name.")
_FOLDER = N_("{name} is a folder, not a file. Nothing was imported; please name the file.")

# One whole sentence each, since languages do not build them alike.
_PICTURE = N_(
    "This is a picture, not a table. Nothing was imported; please save the list as CSV or XLSX and choose that file."
)
_PDF = N_(
    "This is a PDF document, not a table. Nothing was imported; please save the list as CSV or XLSX "
    "and choose that file."
)
_COMPRESSED = N_(
    "This is a compressed file, not a table. Nothing was imported; please save the list as CSV or XLSX "
    "and choose that file."
)
_TEXT_DOCUMENT = N_(
    "This is a text document, not a table. Nothing was imported; please save the list as CSV or XLSX "
    "and choose that file."
)
_WEB_PAGE = N_(
    "This is a web page, not a table. Nothing was imported; please save the list as CSV or XLSX and choose that file."
)
_DATABASE = N_(
    "This is a database, not a table. Nothing was imported; please save the list as CSV or XLSX and choose that file."
)
_SOUND = N_(
    "This is a sound or a film, not a table. Nothing was imported; please save the list as CSV or XLSX "
    "and choose that file."
)
_SIGNS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", _PICTURE),
    (b"\xff\xd8\xff", _PICTURE),
    (b"GIF8", _PICTURE),
    (b"BM6", _PICTURE),
    (b"II*\0", _PICTURE),
    (b"MM\0*", _PICTURE),
    (b"%PDF", _PDF),
    (b"\x1f\x8b", _COMPRESSED),
    (b"7z\xbc\xaf", _COMPRESSED),
    (b"Rar!", _COMPRESSED),
    (b"{\\rtf", _TEXT_DOCUMENT),
    (b"SQLite format 3", _DATABASE),
    (b"ID3", _SOUND),
    (b"OggS", _SOUND),
    (b"\0\0\0\x18ftyp", _SOUND),
    (b"\0\0\0\x20ftyp", _SOUND),
)


@dataclass(frozen=True)
class Source:
    """A file that can be opened again from its beginning; ``size`` in bytes."""

    name: str
    open: Callable[[], BinaryIO]
    size: int

    @classmethod
    def of_path(cls, path: Path) -> Source:
        """Return the file at ``path``; ``BadInput`` when there is none."""
        if path.is_dir():
            raise BadInput(_FOLDER, name=path.name)
        try:
            size = path.stat().st_size
            path.open("rb").close()
        except OSError:
            raise BadInput(_GONE, name=path.name) from None
        return cls(path.name, lambda: path.open("rb"), size)

    @classmethod
    def of_stream(cls, stream: BinaryIO, name: str) -> Source:
        """Return what ``stream`` yields, held in memory so that it can be read twice."""
        content = stream.read()
        return cls.of_bytes(content, name)

    @classmethod
    def of_bytes(cls, content: bytes, name: str) -> Source:
        """Return a file whose content is at hand."""
        return cls(name, lambda: io.BytesIO(content), len(content))


def is_workbook(source: Source) -> bool:
    """Say whether the file is an XLSX workbook (``True``) or text; ``BadInput`` when it is neither."""
    with source.open() as file:
        head = file.read(512)
    if not head.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
        raise BadInput(EMPTY)
    for sign, what in _SIGNS:
        if head.startswith(sign):
            raise BadInput(what)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadInput(_LOCKED_SHEET if source.name.lower().endswith(".xlsx") else _OLD_EXCEL)
    if head.lstrip()[:14].lower().startswith((b"<!doctype html", b"<html")):
        raise BadInput(_WEB_PAGE)
    return head.startswith(b"PK\x03\x04")


def encoding_of(source: Source, fixed: str | None = None) -> str:
    """Return the encoding the file is written in, having read it whole; ``fixed`` by the mapping wins.

    Raises ``BadInput`` when the bytes do not fit the encoding, or none is found.
    """
    if fixed is not None:
        return _checked(source, fixed)
    with source.open() as file:
        head = file.read(_SAMPLE)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return _checked(source, encoding)
    # UTF-16 without a mark is full of zero bytes; a stray one is a damaged row of an ordinary list.
    wide = head.count(b"\0") * 8 > len(head)
    if not wide and _misfit(source, "utf-8") is None:
        return "utf-8"
    best = from_bytes(head, cp_isolation=_LIKELY).best()
    guesses = [best.encoding] if best is not None else []
    # Western lists that are not UTF-8 nearly always come from Excel on Windows.
    if not wide:
        guesses = ["cp1252", *guesses, "latin_1"] if best is None or best.encoding in _LIKELY[2:4] else guesses
    for encoding in guesses:
        if _misfit(source, encoding) is None:
            return encoding
    raise BadInput(_NO_ENCODING)


def _checked(source: Source, encoding: str) -> str:
    try:
        codecs.lookup(encoding)
        wrong = _misfit(source, encoding)
    except LookupError:
        raise BadInput(_UNKNOWN_ENCODING, encoding=encoding) from None
    if wrong is not None:
        raise BadInput(_WRONG_ENCODING, encoding=encoding, byte=wrong)
    return encoding


def _misfit(source: Source, encoding: str) -> int | None:
    """Return the place of the first byte that does not fit ``encoding``; ``None`` when all do."""
    decoder = codecs.getincrementaldecoder(encoding)()
    done = 0
    with source.open() as file:
        while chunk := file.read(_CHUNK):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as wrong:
                return done + wrong.start
            done += len(chunk)
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return done
    return None
