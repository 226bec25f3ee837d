"""Inside the parts of an office file: marks of who wrote or corrected what and when, and what was struck out."""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

_MAIN: Final = {"docx": r"word/document\.xml", "xlsx": r"xl/workbook\.xml", "odt": r"content\.xml"}
_W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_REFERENCE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_OFFICE: Final = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_TEXT: Final = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_META: Final = "urn:oasis:names:tc:opendocument:xmlns:meta:1.0"
_DC: Final = "http://purl.org/dc/elements/1.1/"
_SCRIPT: Final = "urn:oasis:names:tc:opendocument:xmlns:script:1.0"

#: Attributes by which one sitting of writing, one writer or one machine can be told from another.
_TELLING: Final = re.compile(
    r"rsid\w*|paraId|textId|author|date|dateUtc|initials|userId|providerId|codeName|refreshedBy|userName|"
    r"lastModifiedBy|paragraph-rsid|durableId|docId"
)
#: Elements that go with all they hold, and the code of what was in them.
_GONE: Final = {
    f"{{{_W}}}{name}": code
    for code, names in {
        "comments": ("commentRangeStart", "commentRangeEnd", "commentReference", "annotationRef"),
        "history": (
            "del", "moveFrom", "rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "tcPrChange", "trPrChange",
            "tblGridChange", "tblPrExChange", "numberingChange", "moveFromRangeStart", "moveFromRangeEnd",
            "moveToRangeStart", "moveToRangeEnd", "customXmlInsRangeStart", "customXmlInsRangeEnd",
            "customXmlDelRangeStart", "customXmlDelRangeEnd", "trackRevisions",
        ),
        "marks": ("rsids", "docVars", "attachedTemplate", "dataBinding", "documentProtection", "writeProtection"),
        "fonts": ("embedRegular", "embedBold", "embedItalic", "embedBoldItalic", "embedTrueTypeFonts"),
    }.items()
    for name in names
} | {
    f"{{{_OFFICE}}}annotation": "comments",
    f"{{{_OFFICE}}}annotation-end": "comments",
    f"{{{_OFFICE}}}scripts": "scripts",
    f"{{{_OFFICE}}}event-listeners": "scripts",
    f"{{{_SCRIPT}}}event-listener": "scripts",
    f"{{{_TEXT}}}tracked-changes": "history",
    f"{{{_TEXT}}}change": "history",
    f"{{{_TEXT}}}change-start": "history",
    f"{{{_TEXT}}}change-end": "history",
    f"{{{_DC}}}creator": "marks",
    f"{{{_DC}}}date": "marks",
}  # fmt: skip
#: Elements that go, by their name alone: they stand in namespaces that grow with each version.
_GONE_BY_NAME: Final = {"absPath": "marks", "fileSharing": "marks", "docId": "marks", "revisionPtr": "history"}
#: Marks around what was added: the mark goes, what it holds stays.
_UNWRAPPED: Final = {f"{{{_W}}}ins", f"{{{_W}}}moveTo"}


def is_main_part(name: str, family: str) -> bool:
    """Say whether ``name`` is the part without which there is no document of this family."""
    return re.fullmatch(_MAIN[family], name) is not None


def forget_references(root: etree._Element, gone: set[str]) -> set[str]:
    """Take out what refers to relations that are no more; return codes of what went."""
    removed: set[str] = set()
    if not gone:
        return removed
    for one in list(root.iter(etree.Element)):
        names = [name for name, text in one.attrib.items() if name.startswith(f"{{{_REFERENCE}}}") and text in gone]
        if not names:
            continue
        local = etree.QName(one).localname
        if local in {"pageSetup", "blip", "hyperlink"}:
            for name in names:
                del one.attrib[name]
        else:
            _take_out(one)
            removed.add("marks")
    return removed


def cleaned_document(root: etree._Element, family: str) -> set[str]:
    """Clean one part in place; return codes of what was in it."""
    removed: set[str] = set()
    if family == "docx":
        _drop_struck_rows(root, removed)
    for one in list(root.iter(etree.Element)):
        code = _GONE.get(one.tag) or _GONE_BY_NAME.get(etree.QName(one).localname)
        if code is None and etree.QName(one).namespace == _META:
            code = "marks"
        if code is not None and one is not root:
            _take_out(one)
            removed.add(code)
            continue
        for name in [name for name in one.attrib if _tells(one, name, family)]:
            del one.attrib[name]
            removed.add("marks")
    for one in [one for one in root.iter(*_UNWRAPPED) if one.getparent() is not None]:
        _unwrap(one)
        removed.add("history")
    return removed


def _tells(one: etree._Element, name: str, family: str) -> bool:
    """Say whether an attribute tells a writer; in Calc and Excel some of these names carry the content."""
    local = etree.QName(name)
    if _TELLING.fullmatch(local.localname) is None:
        return False
    if family == "docx":
        return bool(local.namespace)
    if family == "odt":
        return "rsid" in local.localname
    return local.localname in {"codeName", "refreshedBy", "userName", "lastModifiedBy", "userId", "author"}


def _drop_struck_rows(root: etree._Element, removed: set[str]) -> None:
    """A row of a table is struck out by a mark in its properties."""
    for mark in list(root.iter(f"{{{_W}}}del")):
        above = mark.getparent()
        if above is not None and above.tag == f"{{{_W}}}trPr" and (row := above.getparent()) is not None:
            _take_out(row)
            removed.add("history")


def _take_out(one: etree._Element) -> None:
    """Remove an element with all it holds; text that follows it stays."""
    above = one.getparent()
    if above is None:
        return
    if one.tail:
        before = one.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + one.tail
        else:
            above.text = (above.text or "") + one.tail
    above.remove(one)


def _unwrap(one: etree._Element) -> None:
    """Put what an element holds in its place."""
    above = one.getparent()
    if above is None:
        return
    place = above.index(one)
    for inner in list(one):
        above.insert(place, inner)
        place += 1
    _take_out(one)
