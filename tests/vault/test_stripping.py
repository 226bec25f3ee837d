"""A copy for sharing says what it shows and nothing of who made it, where and when."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image, ImageChops

from tejido.domain.errors import BadInput, DamagedSeal
from tejido.vault import confining
from tejido.vault.stripping import REMAINS, REMOVED, CleanCopy, strip
from tests.vault import hostile
from tests.vault.hostile import WORD, everything_in

PICTURES = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "tiff": "TIFF"}
MAKERS = {"pdf": hostile.pdf, "docx": hostile.docx, "xlsx": hostile.xlsx, "odt": hostile.odt}


def stripped(content: bytes, media: str) -> CleanCopy:
    return strip(io.BytesIO(content), media, len(content))


def refused(content: bytes, media: str) -> str:
    with pytest.raises(BadInput) as told:
        stripped(content, media)
    return str(told.value)


@pytest.mark.parametrize("media", PICTURES)
def test_a_picture_keeps_its_points_and_loses_the_rest(media: str) -> None:
    content = hostile.picture(PICTURES[media])
    assert WORD.encode() in content
    clean = stripped(content, media)
    assert WORD.encode() not in clean.content and b"Exif" not in clean.content and b"xmp" not in clean.content.lower()
    assert {"exif", *(["gps"] if media != "tiff" else [])} <= set(clean.removed) and clean.remains == ("picture",)
    with Image.open(io.BytesIO(clean.content)) as after, Image.open(io.BytesIO(content)) as before:
        assert after.size == before.size and not after.getexif().get_ifd(0x8825)
        if media in {"png", "tiff"}:
            assert ImageChops.difference(after.convert("RGB"), before.convert("RGB")).getbbox() is None


def test_a_picture_is_turned_before_it_forgets_how_it_was_held() -> None:
    exif, target = Image.Exif(), io.BytesIO()
    exif[0x0112] = 6
    Image.new("RGB", (40, 20), "red").save(target, "JPEG", exif=exif)
    with Image.open(io.BytesIO(stripped(target.getvalue(), "jpeg").content)) as after:
        assert after.size == (20, 40)


def test_all_pages_of_a_scan_and_all_pictures_of_a_moving_one_stay() -> None:
    for media, kind in (("tiff", "TIFF"), ("webp", "WEBP"), ("png", "PNG")):
        frames = [Image.new("RGB", (30, 20), colour) for colour in ("red", "green", "blue")]
        target = io.BytesIO()
        frames[0].save(target, kind, save_all=True, append_images=frames[1:])
        with Image.open(io.BytesIO(stripped(target.getvalue(), media).content)) as after:
            assert getattr(after, "n_frames", 1) == 3, media


@pytest.mark.parametrize("media", MAKERS)
def test_a_document_keeps_its_words_and_loses_the_rest(media: str) -> None:
    content = MAKERS[media]()
    assert WORD.encode() in everything_in(content)
    clean = stripped(content, media)
    found = everything_in(clean.content)
    assert WORD.encode() not in found and b"Exif" not in found
    assert WORD.encode("utf-16-be") not in found
    assert clean.media == media and {"words"} <= set(clean.remains)
    assert "exif" in clean.removed or media == "xlsx"


def test_a_pdf_has_no_scripts_files_properties_or_history_left() -> None:
    clean = stripped(hostile.pdf(), "pdf")
    assert {"properties", "xmp", "scripts", "files", "notes", "history", "exif"} <= set(clean.removed)
    with pikepdf.open(io.BytesIO(clean.content)) as opened:
        assert len(opened.pages) == 1 and "/Info" not in opened.trailer
        assert set(opened.Root.keys()) <= {"/Type", "/Pages", "/Version"}
        (image,) = opened.pages[0].get_images().values()
        assert isinstance(image, pikepdf.Stream)
        assert pikepdf.PdfImage(image).as_pil_image().size == (64, 48)


def test_a_text_of_word_says_what_stands_and_not_what_was_struck_out() -> None:
    clean = stripped(hostile.docx(), "docx")
    assert {"comments", "history", "marks", "properties"} <= set(clean.removed)
    with zipfile.ZipFile(io.BytesIO(clean.content)) as archive:
        text = archive.read("word/document.xml").decode()
        assert "Lo que pasó" in text and "en la escuela" in text and "tachado" not in text
        assert "comment" not in text and "rsid" not in text
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        relations = archive.read("word/_rels/document.xml.rels").decode()
        assert "media/image1.jpeg" in relations and "comments" not in relations and "Template" not in relations
        assert "comments" not in archive.read("[Content_Types].xml").decode()


def test_an_open_document_begins_with_its_kind_and_lists_what_it_holds() -> None:
    with zipfile.ZipFile(io.BytesIO(stripped(hostile.odt(), "odt").content)) as archive:
        assert archive.infolist()[0].filename == "mimetype" and not archive.infolist()[0].compress_type
        manifest = archive.read("META-INF/manifest.xml").decode()
        assert "content.xml" in manifest and "meta.xml" not in manifest
        text = archive.read("content.xml").decode()
        assert "Lo que pasó en la escuela" in text and "tachado" not in text


def test_a_text_loses_only_what_cannot_be_seen() -> None:
    clean = stripped("\ufeffLo que pasó\u200b\U000e0041 aquí\n".encode(), "text")
    assert clean.content.decode() == "Lo que pasó aquí\n" and clean.removed == ("unseen",)


@pytest.mark.parametrize(
    "media", ["heic", "mp4", "mp3", "svg", "html", "zip", "program", "old_office", "pptx", "gif", "unknown", "nothing"]
)
def test_what_cannot_be_cleaned_is_refused_with_a_way_out(media: str) -> None:
    said = refused(b"x" * 100, media)
    assert "no copy was made" in said and said.count(".") >= 2


def test_the_content_is_never_written_and_the_keys_never_given(tmp_path: Path, monkeypatch: Any) -> None:
    seen: list[Any] = []
    real = subprocess.Popen

    def spied(command: list[str], **options: Any) -> Any:
        seen.append((command, options))
        return real(command, **options)

    monkeypatch.setattr(subprocess, "Popen", spied)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv("TEJIDO_SECRET", "secret")
    stripped(hostile.picture(), "jpeg")
    ((command, options),) = seen
    assert "TEJIDO_SECRET" not in options["env"] and options["cwd"] == "/"
    assert not any(WORD in word for word in command) and list(tmp_path.iterdir()) == []


def test_the_confined_process_can_make_no_file(tmp_path: Path) -> None:
    planted = (
        "import tejido.vault.confined as c; c._bound()\n"
        f"f = open({str(tmp_path / 'planted')!r}, 'wb'); f.write(b'x' * 10); f.flush()"
    )
    ran = subprocess.run([sys.executable, "-c", planted], capture_output=True, check=False)
    assert ran.returncode != 0 and b"".join(path.read_bytes() for path in tmp_path.iterdir()) == b""


def test_a_process_that_answers_nonsense_or_nothing_is_not_believed(monkeypatch: Any) -> None:
    for answer in (b"", b"{}\n", b"[1]\nx", b'{"size": 5}\nabc', b'{"size": 3}\n' + b"x" * 4, b"\xff" * 100):
        with pytest.raises(BadInput, match="could not be read safely"):
            confining._answer(answer)
    says = {"media": "planted", "size": 1, "removed": [], "remains": []}
    monkeypatch.setattr("tejido.vault.stripping.take_apart", lambda *args, **more: confining.Answer(says, b"x"))
    assert "could not be read safely" in refused(b"x", "jpeg")


def test_a_process_that_hangs_is_ended(tmp_path: Path, monkeypatch: Any) -> None:
    hanging = tmp_path / "hanging"
    hanging.write_text("#!/bin/sh\nexec tail -f /dev/null\n")
    hanging.chmod(0o700)
    monkeypatch.setattr(confining, "PATIENCE", 0.2)
    monkeypatch.setattr(sys, "executable", str(hanging))
    with pytest.raises(BadInput):
        confining.take_apart("strip", "jpeg", io.BytesIO(b"x"), 1)


def test_what_does_not_open_any_more_is_no_fault_of_the_file() -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise DamagedSeal

    with pytest.raises(DamagedSeal):
        strip(Broken(), "jpeg", 10)


def test_a_file_too_large_is_not_even_begun() -> None:
    with pytest.raises(BadInput, match="larger than 64 MB"):
        strip(io.BytesIO(), "jpeg", 65 * 1024 * 1024)


def test_each_code_has_a_sentence() -> None:
    assert all(text.strip() for text in (*REMOVED.values(), *REMAINS.values()))
