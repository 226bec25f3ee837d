"""Files as they come: with what betrays their makers, and as somebody who means harm makes them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pikepdf
from PIL import Image

#: Stands in everything that must not come through.
WORD = "Zafirosecreto"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48)) -> bytes:
    """Return a picture with everything a telephone writes into it."""
    image = Image.effect_noise(size, 40).convert("RGB")
    exif = Image.Exif()
    exif[0x010F], exif[0x013B] = WORD, WORD
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", (4.0, 35.0, 53.0)
    gps[29] = WORD
    target = io.BytesIO()
    xmp = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{WORD}</x:xmpmeta>".encode()
    options: dict[str, object] = {"exif": exif}
    if kind == "JPEG":
        options |= {"comment": WORD.encode(), "xmp": xmp}
    if kind == "WEBP":
        options |= {"xmp": xmp}
    if kind == "PNG":
        from PIL.PngImagePlugin import PngInfo

        info = PngInfo()
        info.add_text("Comment", WORD)
        info.add_itxt("XML:com.adobe.xmp", xmp.decode())
        options |= {"pnginfo": info}
    image.save(target, kind, **options)
    return target.getvalue()


def pdf() -> bytes:
    """Return a PDF with properties, scripts, a file within, notes, a photograph that tells, and a history."""
    target = io.BytesIO()
    with pikepdf.new() as made:
        page = made.add_blank_page(page_size=(200, 200))
        made.docinfo["/Author"] = WORD
        with made.open_metadata() as about:
            about["dc:creator"] = [WORD]
        made.attachments["hidden.txt"] = pikepdf.AttachedFileSpec(  # type: ignore[call-arg]  # its stubs ask for what it has defaults for
            made, WORD.encode(), filename=f"{WORD}.txt"
        )
        script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String(f"app.alert('{WORD}')"))
        made.Root.OpenAction = made.make_indirect(script)
        photograph = pikepdf.Stream(made, picture())
        photograph.Type, photograph.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        photograph.Width, photograph.Height, photograph.BitsPerComponent = 64, 48, 8
        photograph.ColorSpace, photograph.Filter = pikepdf.Name.DeviceRGB, pikepdf.Name.DCTDecode
        page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=photograph))
        page.obj.Contents = made.make_stream(b"q 100 0 0 100 50 50 cm /I Do Q")
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 20, 20], T=WORD, Contents=WORD
        )
        page.obj.Annots = pikepdf.Array([made.make_indirect(note)])
        page.obj.PieceInfo = pikepdf.Dictionary(Word=pikepdf.Dictionary(LastModified=WORD))
        made.save(target, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return target.getvalue() + f"\n% an older state {WORD}\n%%EOF\n".encode()


def zipped(parts: dict[str, str | bytes]) -> bytes:
    """Return a ZIP of these parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            kind = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(name, body, compress_type=kind)
    return target.getvalue()


def _relations(*lines: str) -> str:
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(lines)}</Relationships>'


def _relation(ident: str, kind: str, target: str, more: str = "") -> str:
    return f'<Relationship Id="{ident}" Type="{_OFFICE}/{kind}" Target="{target}" {more}/>'


def docx_parts() -> dict[str, str | bytes]:
    """Return the parts of a text with comments, corrections, sittings, properties and a photograph."""
    who = f'w:id="1" w:author="{WORD}" w:date="2025-11-17T08:00:00Z"'
    body = (
        f'<w:p w:rsidR="00{WORD}"><w:commentRangeStart w:id="0"/><w:r><w:t>Lo que pasó</w:t></w:r>'
        f'<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>'
        f"<w:del {who}><w:r><w:delText>{WORD} tachado</w:delText></w:r></w:del>"
        f"<w:ins {who}><w:r><w:t> en la escuela</w:t></w:r></w:ins></w:p>"
    )
    types = "".join(
        f'<Override PartName="/{name}" ContentType="application/xml"/>'
        for name in ("word/document.xml", "word/comments.xml", "docProps/core.xml")
    )
    head = '<?xml version="1.0"?>'
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">{types}</Types>',
        "_rels/.rels": _relations(
            _relation("a", "officeDocument", "word/document.xml"),
            _relation("b", "core-properties", "docProps/core.xml"),
        ),
        "word/document.xml": f"{head}<w:document {_W} {_R}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": _relations(
            _relation("c", "comments", "comments.xml"),
            _relation("d", "image", "media/image1.jpeg"),
            _relation("e", "attachedTemplate", f"file:///C:/Users/{WORD}/n.dotm", 'TargetMode="External"'),
        ),
        "word/settings.xml": f'<w:settings {_W} {_R}><w:attachedTemplate r:id="e"/><w:rsids><w:rsid w:val="{WORD}"/>'
        f"</w:rsids></w:settings>",
        "word/comments.xml": f'<w:comments {_W}><w:comment w:author="{WORD}"/></w:comments>',
        "word/_rels/comments.xml.rels": _relations(
            _relation("f", "hyperlink", f"http://{WORD}/", 'TargetMode="External"')
        ),
        "word/people.xml": f"<p>{WORD}</p>",
        "word/media/image1.jpeg": picture(),
        "docProps/core.xml": f"<c>{WORD}</c>",
        "docProps/thumbnail.jpeg": picture(),
        "customXml/item1.xml": f"<c>{WORD}</c>",
    }


def docx() -> bytes:
    """Return a text as Word keeps it."""
    return zipped(docx_parts())


def xlsx() -> bytes:
    """Return a table as Excel keeps it, with where it lay and who remarked upon it."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    ac = "http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac"
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
            "_rels/.rels": _relations(_relation("a", "officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": f'<workbook xmlns="{main}" {_R}><fileSharing userName="{WORD}"/>'
            f'<x:absPath xmlns:x="{ac}" '
            f'url="C:\\Users\\{WORD}\\"/><sheets><sheet name="Lista" sheetId="1" r:id="s"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": _relations(_relation("s", "worksheet", "worksheets/sheet1.xml")),
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}" {_R}><sheetData>'
            '<row r="1"><c r="A1"><v>5</v></c></row>'
            '</sheetData><pageSetup r:id="p"/><legacyDrawing r:id="v"/></worksheet>',
            "xl/worksheets/_rels/sheet1.xml.rels": _relations(
                _relation("v", "vmlDrawing", "../drawings/vmlDrawing1.vml"),
                _relation("p", "printerSettings", "../printerSettings/printerSettings1.bin"),
                _relation("k", "comments", "../comments1.xml"),
            ),
            "xl/comments1.xml": f"<c>{WORD}</c>",
            "xl/drawings/vmlDrawing1.vml": f"<c>{WORD}</c>",
            "xl/printerSettings/printerSettings1.bin": WORD.encode(),
            "docProps/app.xml": f"<c>{WORD}</c>",
        }
    )


def odt() -> bytes:
    """Return a text as LibreOffice keeps it."""
    names = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:officeooo="http://openoffice.org/2009/office" '
        'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
    )
    manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    listed = "".join(
        f'<m:file-entry m:full-path="{name}"/>' for name in ("/", "content.xml", "meta.xml", "Pictures/a.png")
    )
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document-content {names}><office:body><office:text><text:tracked-changes>"
            f"<text:p>{WORD} tachado</text:p></text:tracked-changes><text:p>Lo que pasó<office:annotation>"
            f"<dc:creator>{WORD}</dc:creator></office:annotation> en la escuela</text:p></office:text></office:body>"
            f"</office:document-content>",
            "styles.xml": f'<office:document-styles {names}><style:a officeooo:rsid="{WORD}"/>'
            f"</office:document-styles>",
            "meta.xml": f"<m>{WORD}</m>",
            "settings.xml": f"<m>{WORD}</m>",
            "Thumbnails/thumbnail.png": picture("PNG"),
            "Pictures/a.png": picture("PNG"),
            "META-INF/manifest.xml": f'<m:manifest xmlns:m="{manifest}">{listed}</m:manifest>',
        }
    )


def picture_bomb(side: int = 50_000) -> bytes:
    """Return a small PNG that unfolds into ``side`` × ``side`` points."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    packed = zlib.compress(b"\0" * 1_000_000, 9)
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def entity_bomb() -> str:
    """Return an XML of a few lines that unfolds into billions (“billion laughs”)."""
    lines = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    return f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a0 "ja">{lines}]><w:document {_W}>&a11;</w:document>'


def outside_entity() -> str:
    """Return an XML that asks for a file of this machine (XXE)."""
    return (
        f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><w:document {_W}>&x;</w:document>'
    )


def docx_with(**parts: str | bytes) -> bytes:
    """Return a Word text in which parts are others: ``docx_with(**{"word/document.xml": …})``."""
    return zipped({**docx_parts(), **parts})


def everything_in(content: bytes) -> bytes:
    """Return a file with all that is packed in it unpacked beside it, for a search."""
    found = [content]
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found += [name.encode() + b"\n" + archive.read(name) for name in archive.namelist()]
            found += [info.comment + info.extra for info in archive.infolist()]
    if content.startswith(b"%PDF"):
        with pikepdf.open(io.BytesIO(content)) as opened:
            for thing in opened.objects:
                found.append(repr(thing).encode() if not isinstance(thing, pikepdf.Stream) else thing.read_raw_bytes())
                if isinstance(thing, pikepdf.Stream):
                    found.append(repr(dict(thing.items())).encode())
    return b"\n".join(found)
