"""Looking for words where none may be: raw, in other alphabets of bytes, packed."""

from __future__ import annotations

import base64
import json
import re
import unicodedata
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

_GZIP, _ZIP = b"\x1f\x8b\x08", b"PK\x03\x04"
_PACKED = re.compile(b"\x1f\x8b\x08|PK\x03\x04|\x78[\x01\x5e\x9c\xda]")
_MOST_UNPACKED = 1 << 20


def spellings(word: str) -> dict[str, bytes]:
    """Return the ways in which ``word`` may rest in a file, by name; also in small letters and without accents."""
    bare = "".join(sign for sign in unicodedata.normalize("NFD", word) if not unicodedata.combining(sign))
    found: dict[str, bytes] = {}
    for form, text in {"": word, " small": word.lower(), " large": word.upper(), " bare": bare.lower()}.items():
        plain = text.encode()
        found |= {
            f"utf-8{form}": plain,
            f"latin-1{form}": text.encode("latin-1", "replace"),
            f"utf-16-le{form}": text.encode("utf-16-le"),
            f"utf-16-be{form}": text.encode("utf-16-be"),
            f"hex{form}": plain.hex().encode(),
            f"HEX{form}": plain.hex().upper().encode(),
            f"address{form}": quote(text).encode(),
            f"json{form}": json.dumps(text)[1:-1].encode(),
            **{f"base64/{shift}{form}": _base64(plain, shift) for shift in range(3)},
        }
    return found


def _base64(plain: bytes, shift: int) -> bytes:
    """Return what of ``plain`` shows in base64 when it begins ``shift`` bytes after a boundary of three."""
    whole = base64.b64encode(b"\0" * shift + plain)
    return whole[-(-8 * shift // 6) : 8 * (shift + len(plain)) // 6]


def places_of(word: str, folders: Iterable[Path]) -> set[str]:
    """Return where ``word`` was found in all files at or below ``folders``: file, how it was spelt, whether packed."""
    needles = spellings(word)
    found = set()
    for path in _files(folders):
        content = path.read_bytes()
        found |= {
            f"{path}: {name}" for name, needle in needles.items() if needle in content or needle in path.name.encode()
        }
        for part in unpacked(content):
            found |= {f"{path}: packed {name}" for name, needle in needles.items() if needle in part}
    return found


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        paths = [folder] if folder.is_file() else sorted(folder.rglob("*"))
        yield from (path for path in paths if path.is_file() and not path.is_symlink())


def unpacked(content: bytes) -> Iterator[bytes]:
    """Yield what unpacks out of ``content``, wherever it begins: gzip, zlib, members of a zip."""
    for hit in _PACKED.finditer(content):
        at, bits = hit.start(), zlib.MAX_WBITS
        if hit[0] == _GZIP:
            bits |= 16
        elif hit[0] == _ZIP:
            names = int.from_bytes(content[at + 26 : at + 28], "little")
            extra = int.from_bytes(content[at + 28 : at + 30], "little")
            at, bits = at + 30 + names + extra, -zlib.MAX_WBITS
        try:
            yield zlib.decompressobj(bits).decompress(content[at:], _MOST_UNPACKED)
        except zlib.error:
            continue
