"""Office files: the ZIP written anew with the parts that make the text, each without who wrote it and when.

Word and Calc name the parts they know; a part of any other name is refused rather than passed on unread.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from typing import Final

from lxml import etree

from tejido.vault.stripped import Clean, Refused
from tejido.vault.stripping_marks import cleaned_document, forget_references, is_main_part
from tejido.vault.stripping_pictures import stripped_picture

MOST_PARTS: Final = 3000
MOST_UNPACKED: Final = 300 * 1024 * 1024
_LARGEST_XML: Final = 100 * 1024 * 1024
_DAY: Final = (1980, 1, 1, 0, 0, 0)
_RELATIONS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES: Final = "{http://schemas.openxmlformats.org/package/2006/content-types}Override"
_MANIFEST: Final = "{urn:oasis:names:tc:opendocument:xmlns:manifest:1.0}"
OFFICE: Final = {"docx", "xlsx", "odt", "ods", "odp"}
_PICTURES: Final = {"jpg": "jpeg", "jpeg": "jpeg", "png": "png", "tif": "tiff", "tiff": "tiff", "webp": "webp"}
#: By kind: parts that make the document, and parts that are left out with what was in them.
_KEPT: Final = {
    "docx": r"\[Content_Types\]\.xml|_rels/\.rels|word/_rels/[^/]+\.rels|word/(document|styles|stylesWithEffects|"
    r"settings|fontTable|webSettings|numbering|footnotes|endnotes|header\d*|footer\d*)\.xml|word/theme/[^/]+\.xml|"
    r"word/theme/_rels/[^/]+\.rels",
    "xlsx": r"\[Content_Types\]\.xml|_rels/\.rels|xl/(_rels|worksheets/_rels|drawings/_rels|charts/_rels)/[^/]+\.rels|"
    r"xl/(workbook|styles|sharedStrings|metadata)\.xml|xl/(worksheets|theme|tables|drawings|charts)/[^/]+\.xml",
    "odt": r"mimetype|content\.xml|styles\.xml|META-INF/manifest\.xml|manifest\.rdf",
}
_LEFT_OUT: Final = {
    "docx": {
        r"docProps/.*": "properties", r"customXml/.*": "properties", r"docMetadata/.*": "properties",
        r"word/(comments\w*|people)\.xml": "comments", r"word/glossary/.*": "properties",
        r"word/fonts/.*": "fonts", r"_xmlsignatures/.*": "properties", r"word/printerSettings/.*": "properties",
    },
    "xlsx": {
        r"docProps/.*": "properties", r"customXml/.*": "properties", r"docMetadata/.*": "properties",
        r"xl/(comments\d*|threadedComments/.*|persons/.*|comments/.*)(\.xml)?": "comments",
        r"xl/drawings/vmlDrawing\d*\.vml": "comments", r"xl/drawings/_rels/vmlDrawing\d*\.vml\.rels": "comments",
        r"xl/printerSettings/.*": "properties", r"xl/calcChain\.xml": "properties", r"_xmlsignatures/.*": "properties",
        r"xl/revisions/.*": "history",
    },
    "odt": {
        r"meta\.xml": "properties", r"settings\.xml": "properties", r"Thumbnails/.*": "thumbnail",
        r"Configurations2/.*": "properties", r"layout-cache": "properties", r"Versions/.*": "history",
        r"VersionList\.xml": "history", r"META-INF/(documentsignatures|macrosignatures)\.xml": "properties",
        r"(Basic|Scripts|Dialogs)/.*": "scripts", r"Fonts/.*": "fonts",
    },
}  # fmt: skip
_MEDIA: Final = re.compile(r"(?:word/media|xl/media|Pictures|media)/[^/]+\.(\w+)")


def stripped_office(content: bytes, media: str) -> Clean:
    """Return the document without properties, comments, traces of its authors and of what was corrected in it."""
    family = "odt" if media in {"odt", "ods", "odp"} else media
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = _parts(archive)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, RuntimeError, EOFError, OSError, ValueError, KeyError):
        raise Refused("damaged") from None
    except Exception as error:
        # zlib and its kind have errors of their own.
        raise error if isinstance(error, (Refused, MemoryError)) else Refused("damaged") from None
    if not any(is_main_part(name, family) for name in parts):
        raise Refused("not_that_kind")
    removed: set[str] = set()
    kept = {name: body for name, body in parts.items() if _is_kept(name, family, removed)}
    made = _rewritten(kept, family, removed)
    return Clean(_packed(made), media, frozenset(removed), frozenset({"words", "hidden"}))


def _parts(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """Read the parts, within bounds whatever the archive says of itself."""
    members = [member for member in archive.infolist() if not member.is_dir()]
    names = [member.filename for member in members]
    if len(members) > MOST_PARTS or sum(member.file_size for member in members) > MOST_UNPACKED:
        raise Refused("too_much")
    if len(set(names)) != len(names) or any(_is_unsafe(name) for name in names):
        raise Refused("unsafe")
    if any(member.flag_bits & 1 for member in members):
        raise Refused("locked")
    parts, total = {}, 0
    for member in members:
        with archive.open(member) as part:
            body = part.read(MOST_UNPACKED - total + 1)
        total += len(body)
        if total > MOST_UNPACKED:
            raise Refused("too_much")
        parts[member.filename] = body
    return parts


def _is_unsafe(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ":" in name or "\0" in name or ".." in name.split("/")


def _is_kept(name: str, family: str, removed: set[str]) -> bool:
    for pattern, code in _LEFT_OUT[family].items():
        if re.fullmatch(pattern, name, re.IGNORECASE):
            removed.add(code)
            return False
    if re.fullmatch(_KEPT[family], name) or _MEDIA.fullmatch(name):
        return True
    lower = name.lower()
    if "vba" in lower or "activex" in lower or "macro" in lower:
        raise Refused("macros")
    raise Refused("embedded")


def _rewritten(parts: dict[str, bytes], family: str, removed: set[str]) -> dict[str, bytes]:
    made: dict[str, bytes] = {}
    dangling: dict[str, set[str]] = {}
    for name, body in parts.items():
        if name.endswith(".rels") and (name == "_rels/.rels" or _source_of(name) in parts):
            made[name], dangling[_source_of(name)] = _relations(name, body, parts)
    for name, body in parts.items():
        if name.endswith(".rels"):
            continue
        picture = _MEDIA.fullmatch(name)
        if picture:
            made[name] = _picture(body, picture[1].lower(), removed)
        elif name.endswith((".xml", ".rdf")):
            made[name] = _document(name, body, family, parts, dangling.get(name, set()), removed)
        else:
            made[name] = body
    made.pop("manifest.rdf", None)
    return made


def _picture(body: bytes, ending: str, removed: set[str]) -> bytes:
    if ending not in _PICTURES:
        raise Refused("embedded")
    clean = stripped_picture(body, _PICTURES[ending])
    removed.update(clean.removed)
    return clean.content


def _document(
    name: str, body: bytes, family: str, parts: dict[str, bytes], dangling: set[str], removed: set[str]
) -> bytes:
    root = parsed(body)
    if name == "[Content_Types].xml":
        for one in [one for one in root.iter(_TYPES) if one.get("PartName", "").lstrip("/") not in parts]:
            root.remove(one)
    elif name == "META-INF/manifest.xml":
        for one in list(root):
            path = one.get(f"{_MANIFEST}full-path", "")
            if one.find(f"{_MANIFEST}encryption-data") is not None:
                raise Refused("locked")
            if (path != "/" and path not in parts) or path == "manifest.rdf":
                root.remove(one)
    else:
        removed |= forget_references(root, dangling)
        removed |= cleaned_document(root, family)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def parsed(body: bytes) -> etree._Element:
    """Return the root of an XML part; one that declares anything of its own (DTD, entities) is refused."""
    if len(body) > _LARGEST_XML:
        raise Refused("too_much")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        # The parser itself gives up over some declarations, such as those that unfold into billions.
        declares = any("<!DOCTYPE".encode(code) in body for code in ("utf-8", "utf-16-le", "utf-16-be"))
        raise Refused("declares" if declares else "damaged") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise Refused("declares")
    return root


def _source_of(name: str) -> str:
    """Return the part whose relations stand in ``name``: ``word/_rels/document.xml.rels`` → ``word/document.xml``."""
    folder, last = posixpath.split(name)
    return posixpath.normpath(posixpath.join(posixpath.dirname(folder), last.removesuffix(".rels")))


def _relations(name: str, body: bytes, parts: dict[str, bytes]) -> tuple[bytes, set[str]]:
    """Return the relations that lead to what is kept, and the ids of those that do not."""
    root, gone = parsed(body), set()
    base = posixpath.dirname(_source_of(name))
    for one in list(root.iter(f"{{{_RELATIONS}}}Relationship")):
        target, kind = one.get("Target", ""), one.get("Type", "").rsplit("/", 1)[-1]
        if one.get("TargetMode") == "External":
            keep = kind == "hyperlink" and target.startswith(("http:", "https:", "mailto:"))
        else:
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(base, target))
            keep = path in parts or target.startswith("#")
        if not keep:
            gone.add(one.get("Id", ""))
            root.remove(one)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)), gone


def _packed(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(parts, key=lambda name: (name != "mimetype", name != "[Content_Types].xml", name)):
            info = zipfile.ZipInfo(name, _DAY)
            info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(info, parts[name])
    return target.getvalue()
