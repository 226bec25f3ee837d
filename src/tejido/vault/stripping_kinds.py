"""Taking out of a file what betrays where, when and by whom it was made; done inside the confined process.

Each kind of file has its own way. What cannot be cleaned is refused with a code; ``stripping`` has the sentences.
"""

from __future__ import annotations

from tejido.vault.stripped import Clean, Refused
from tejido.vault.stripping_office import OFFICE, stripped_office
from tejido.vault.stripping_pdf import stripped_pdf
from tejido.vault.stripping_pictures import PICTURES, stripped_picture, thumbnail

#: Why a kind of file is not cleaned at all.
_NEVER = {
    "heic": "heic",
    "mp4": "moving",
    "webm": "moving",
    "ogg": "moving",
    "mp3": "moving",
    "wav": "moving",
    "amr": "moving",
    "svg": "active",
    "html": "active",
    "xml": "active",
    "zip": "packed",
    "program": "program",
    "old_office": "old_office",
    "pptx": "slides",
    "gif": "picture",
    "bmp": "picture",
}


def stripped(content: bytes, media: str) -> Clean:
    """Return the content without what can be removed; ``Refused`` when this cannot be done safely."""
    if media in PICTURES:
        return stripped_picture(content, media)
    if media == "pdf":
        return stripped_pdf(content)
    if media in OFFICE:
        return stripped_office(content, media)
    if media == "text":
        return _stripped_text(content)
    raise Refused(_NEVER.get(media, "unknown"))


def _stripped_text(content: bytes) -> Clean:
    """A text carries nothing but itself; the mark at its beginning and what cannot be seen are taken out."""
    code = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = content.decode(code)
    except UnicodeDecodeError:
        raise Refused("unknown") from None
    unseen = dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF])
    tags = dict.fromkeys(range(0xE0000, 0xE0080))
    clean = text.translate(unseen | tags)
    removed = frozenset({"unseen"} if clean != text else ())
    return Clean(clean.encode(), "text", removed, frozenset({"words"}))


__all__ = ["Clean", "Refused", "stripped", "thumbnail"]
