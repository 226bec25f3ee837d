"""PDF: written anew with what its pages show, and nothing else: no properties, no scripts, no files, no history."""

from __future__ import annotations

import io
import struct
from typing import Final

import pikepdf
from pikepdf import Dictionary, Name, Object, Pdf

from tejido.vault.stripped import Clean, Refused

MOST_PAGES: Final = 2000
#: What may stay on the root, on a page, and on the knots of the tree of pages.
_ROOT: Final = {"/Type", "/Pages", "/PageLabels", "/Lang", "/OCProperties", "/Version"}
_PAGE: Final = {
    "/Type", "/Parent", "/Resources", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Contents",
    "/Rotate", "/Group", "/UserUnit",
}  # fmt: skip
_KNOT: Final = {"/Type", "/Parent", "/Kids", "/Count", "/Resources", "/MediaBox", "/CropBox", "/Rotate"}
#: What goes wherever it stands.
_ANYWHERE: Final = {
    "/Metadata": "xmp", "/PieceInfo": "properties", "/LastModified": "properties", "/Thumb": "thumbnail",
    "/AF": "files", "/AA": "scripts", "/OPI": "properties", "/StructParent": "", "/StructParents": "",
}  # fmt: skip
#: Segments of applications but JFIF's and Adobe's, which say how colours are meant; and comments.
_JPEG_DROPPED: Final = {*range(0xE1, 0xEE), 0xEF, 0xFE}


def stripped_pdf(content: bytes) -> Clean:
    """Return the document with its pages as they look; ``Refused`` when it is locked or cannot be read."""
    try:
        with Pdf.open(io.BytesIO(content)) as pdf:
            if len(pdf.pages) > MOST_PAGES:
                raise Refused("too_much")
            removed = _cleaned(pdf)
            target = io.BytesIO()
            pdf.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate, linearize=False)
    except pikepdf.PasswordError:
        raise Refused("locked") from None
    except (pikepdf.PdfError, pikepdf.ForeignObjectError, ValueError, TypeError, KeyError, RecursionError):
        raise Refused("damaged") from None
    made = target.getvalue()
    if content.rstrip().count(b"%%EOF") > 1:
        removed.add("history")
    return Clean(made, "pdf", frozenset(removed - {""}), frozenset({"picture", "words", "bars"}))


def _cleaned(pdf: Pdf) -> set[str]:
    removed = set()
    if "/AcroForm" in pdf.Root or any("/Annots" in page for page in pdf.pages):
        # What forms and notes look like becomes part of the page; what they are goes with their names and dates.
        pdf.generate_appearance_streams()
        pdf.flatten_annotations("screen")
        removed.add("notes")
    if "/Info" in pdf.trailer:
        removed.add("properties")
        del pdf.trailer["/Info"]
    for name in ("/ID", "/DocChecksum"):
        if name in pdf.trailer:
            del pdf.trailer[name]
    removed |= _root_told(pdf.Root)
    _keep(pdf.Root, _ROOT)
    for page in pdf.pages:
        removed |= _anywhere(page.obj)
        _keep(page.obj, _PAGE)
    for thing in pdf.objects:
        removed |= _thing(thing)
    return removed


def _root_told(root: Object) -> set[str]:
    known = (("/Metadata", "xmp"), ("/OpenAction", "scripts"), ("/AA", "scripts"))
    told = {code for name, code in known if name in root}
    names = root.get("/Names")
    if isinstance(names, Dictionary):
        told |= {"scripts"} if "/JavaScript" in names else set()
        told |= {"files"} if "/EmbeddedFiles" in names else set()
    return told


def _keep(thing: Object, names: set[str]) -> None:
    for name in set(thing.keys()) - names:
        del thing[name]


def _thing(thing: Object) -> set[str]:
    """Clean one object of the document: dictionaries, and pictures that carry their own properties."""
    if not isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
        return set()
    kind = thing.get("/Type")
    if kind == Name.Pages:
        _keep(thing, _KNOT)
    removed = _anywhere(thing)
    if isinstance(thing, pikepdf.Stream):
        filters = thing.get("/Filter")
        sole = filters[0] if isinstance(filters, pikepdf.Array) and len(filters) == 1 else filters
        if sole == Name.DCTDecode:
            raw = thing.read_raw_bytes()
            clean = plain_jpeg(raw)
            if clean != raw:
                told = thing.get("/DecodeParms")
                how = told if isinstance(told, (pikepdf.Dictionary, pikepdf.Array)) else None
                thing.write(clean, filter=Name.DCTDecode, decode_parms=how)
                removed.add("exif")
        elif sole == Name.JPXDecode:
            raise Refused("jpx")
    return removed


def _anywhere(thing: Object) -> set[str]:
    removed = set()
    for name, code in _ANYWHERE.items():
        if name in thing:
            del thing[name]
            removed.add(code)
    return removed


def plain_jpeg(raw: bytes) -> bytes:
    """Return a JPEG without its properties and comments: only what is needed to decode it (ITU-T T.81, annex B)."""
    if not raw.startswith(b"\xff\xd8"):
        raise Refused("damaged")
    kept, at = [raw[:2]], 2
    while at + 4 <= len(raw):
        if raw[at] != 0xFF:
            raise Refused("damaged")
        marker = raw[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xD9:
            break
        end = at + 2 + struct.unpack_from(">H", raw, at + 2)[0]
        if marker == 0xDA:
            end = _end_of_scan(raw, end)
        other = marker == 0xE0 and not raw.startswith(b"JFIF\0", at + 4)
        if not (marker in _JPEG_DROPPED or other):
            kept.append(raw[at:end])
        at = end
    return b"".join([*kept, b"\xff\xd9"])


def _end_of_scan(raw: bytes, at: int) -> int:
    """Return where the coded picture that begins at ``at`` ends: at the next marker that is none of its own."""
    while (at := raw.find(b"\xff", at)) >= 0 and at + 1 < len(raw):
        if raw[at + 1] != 0 and not 0xD0 <= raw[at + 1] <= 0xD7:
            return at
        at += 2
    return len(raw)
