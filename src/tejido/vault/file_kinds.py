"""What a file is, by its own first bytes: its name says nothing that can be relied upon."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

#: How much of a file is looked at, in bytes.
HEAD: Final = 64 * 1024
_LONGEST_NAME: Final = 120


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file: its code, and the ending of its neutral name; ``endings`` are those that honest names have."""

    code: str
    ending: str
    endings: frozenset[str]


def _kind(code: str, *endings: str) -> FileKind:
    return FileKind(code, endings[0], frozenset(endings))


KINDS: Final[dict[str, FileKind]] = {
    kind.code: kind
    for kind in (
        _kind("jpeg", "jpg", "jpeg", "jpe", "jfif"),
        _kind("png", "png"),
        _kind("webp", "webp"),
        _kind("tiff", "tif", "tiff"),
        _kind("gif", "gif"),
        _kind("bmp", "bmp"),
        _kind("heic", "heic", "heif", "avif"),
        _kind("pdf", "pdf"),
        _kind("docx", "docx"),
        _kind("xlsx", "xlsx"),
        _kind("pptx", "pptx"),
        _kind("odt", "odt"),
        _kind("ods", "ods"),
        _kind("odp", "odp"),
        _kind("zip", "zip"),
        _kind("old_office", "doc", "xls", "ppt", "msg"),
        _kind("mp4", "mp4", "m4v", "mov", "3gp", "m4a"),
        _kind("webm", "webm", "mkv"),
        _kind("ogg", "ogg", "oga", "ogv", "opus"),
        _kind("mp3", "mp3"),
        _kind("wav", "wav"),
        _kind("amr", "amr"),
        _kind("svg", "svg"),
        _kind("html", "html", "htm"),
        _kind("xml", "xml"),
        _kind("program", "bin", "exe", "dll", "elf", "so", "apk"),
        _kind("text", "txt", "csv", "md", "eml", "json", "vcf", "ics", "log", "srt", "yml", "yaml"),
        _kind("unknown", "bin"),
    )
}
_FIRST_BYTES: Final = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"BM", "bmp"),
    (b"%PDF-", "pdf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_office"),
    (b"\x1aE\xdf\xa3", "webm"),
    (b"OggS", "ogg"),
    (b"ID3", "mp3"),
    (b"\xff\xfb", "mp3"),
    (b"\xff\xf3", "mp3"),
    (b"#!AMR", "amr"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
)
_OPEN_DOCUMENTS: Final = {b"text": "odt", b"spreadsheet": "ods", b"presentation": "odp"}
_OPEN_XML: Final = ((b"word/", "docx"), (b"xl/", "xlsx"), (b"ppt/", "pptx"))
_PICTURES_LIKE_HEIC: Final = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis")


def kind_of(head: bytes) -> FileKind:
    """Return what a file is that begins with ``head`` (its first ``HEAD`` bytes, or all of it)."""
    return KINDS[_code_of(head)]


def ending_of(name: str) -> str:
    """Return the ending of a file's name, in small letters, without its point."""
    return PurePosixPath(name).suffix.lower().removeprefix(".")


def is_disguised(kind: FileKind, name: str) -> bool:
    """Say whether the name of a file claims that it is something else than what it is."""
    claimed = ending_of(name)
    known = any(claimed in other.endings for other in KINDS.values())
    return kind.code != "unknown" and bool(claimed) and known and claimed not in kind.endings


def tidy_name(name: str) -> str:
    """Return a file's name without folders, unseen or direction-turning characters, cut to a bearable length."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(char for char in unicodedata.normalize("NFC", last) if char.isprintable()).strip()
    if len(seen) <= _LONGEST_NAME:
        return seen
    ending = ending_of(seen)[:12]
    return f"{seen[: _LONGEST_NAME - len(ending) - 2]}….{ending}" if ending else seen[:_LONGEST_NAME]


def _code_of(head: bytes) -> str:
    for first, code in _FIRST_BYTES:
        if head.startswith(first):
            return code
    if head.startswith(b"RIFF"):
        return {b"WEBP": "webp", b"WAVE": "wav"}.get(head[8:12], "unknown")
    if head[4:8] == b"ftyp":
        return "heic" if head[8:12] in _PICTURES_LIKE_HEIC else "mp4"
    if head.startswith(b"PK\x03\x04"):
        return _packed(head)
    return _written(head)


def _packed(head: bytes) -> str:
    """Return which kind of ZIP begins with ``head``; the confined process looks again, inside."""
    if head[30:38] == b"mimetype":
        said = head[38:120]
        for word, code in _OPEN_DOCUMENTS.items():
            if said.startswith(b"application/vnd.oasis.opendocument." + word):
                return code
    for folder, code in _OPEN_XML:
        if folder in head:
            return code
    return "zip"


def _written(head: bytes) -> str:
    """Return which kind of text begins with ``head``, or that it is none."""
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not head or (b"\0" in head and not wide):
        return "unknown"
    try:
        start = head.decode("utf-16" if wide else "utf-8", "ignore" if wide else "strict")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4:
            return "unknown"
        start = head[: error.start].decode()
    start = start.lstrip("\ufeff \t\r\n").lower()
    if start.startswith(("<!doctype html", "<html")):
        return "html"
    if start.startswith("<") and "<svg" in start:
        return "svg"
    return "xml" if start.startswith(("<?xml", "<!doctype")) else "text"
