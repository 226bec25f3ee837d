"""Files made to harm: each is met with a sentence, and nothing of it is written, unfolded or run."""

from __future__ import annotations

import io
import resource
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tejido.domain.errors import BadInput
from tejido.incidents.models import Evidence, Incident
from tejido.vault import uploads
from tejido.vault.stripping import strip
from tejido.vault.workspace import Workspace
from tests.attacks.searching import places_of
from tests.incidents.telling import incident
from tests.vault import hostile
from tests.vault.hostile import WORD

MEGABYTE = 1024 * 1024


def _zip_bomb() -> bytes:
    """Return a Word text of half a megabyte that unfolds into half a gigabyte, made piece by piece."""
    target = io.BytesIO(hostile.zipped({"word/styles.xml": "<a/>"}))
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("word/document.xml", "w") as part:
        for _ in range(500):
            part.write(bytes(MEGABYTE))
    return target.getvalue()


def _lying_zip() -> bytes:
    """Return a ZIP that says it is small, and is not."""
    whole = bytearray(hostile.docx_with(**{"word/document.xml": b"a" * (10 * MEGABYTE)}))
    size = (10 * MEGABYTE).to_bytes(4, "little")
    return bytes(whole.replace(size, (10).to_bytes(4, "little")))


def _doubled() -> bytes:
    target = io.BytesIO(hostile.docx())
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(target, "a") as archive:
        archive.writestr("word/document.xml", "<other/>")
    return target.getvalue()


def _cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _utf_16(text: str) -> bytes:
    return text.replace("?>", " encoding='utf-16'?>").encode("utf-16")


#: What comes, as what kind, and a word of the sentence.
REFUSED: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "a ZIP bomb": (_zip_bomb, "docx", "unfolds into more"),
    "a ZIP that lies about its size": (_lying_zip, "docx", "damaged"),
    "a PNG bomb": (hostile.picture_bomb, "png", "more points"),
    "an XML bomb": (lambda: hostile.docx_with(**{"word/document.xml": hostile.entity_bomb()}), "docx", "declarations"),
    "a file of this machine asked for": (
        lambda: hostile.docx_with(**{"word/document.xml": hostile.outside_entity()}), "docx", "declarations",
    ),
    "the same in another alphabet": (
        lambda: hostile.docx_with(**{"word/document.xml": _utf_16(hostile.outside_entity())}), "docx", "declarations",
    ),
    "a declaration in relations": (
        lambda: hostile.docx_with(**{"word/_rels/document.xml.rels": hostile.outside_entity()}), "docx",
        "declarations",
    ),
    "parts that lead outside": (lambda: hostile.docx_with(**{"../../up.xml": "<a/>"}), "docx", "lead outside"),
    "parts from the root": (lambda: hostile.docx_with(**{"/etc/up.xml": "<a/>"}), "docx", "lead outside"),
    "parts of another system": (lambda: hostile.docx_with(**{"word\\..\\up.xml": "<a/>"}), "docx", "lead outside"),
    "two parts of one name": (_doubled, "docx", "lead outside"),
    "macros": (lambda: hostile.docx_with(**{"word/vbaProject.bin": b"x"}), "docx", "macros"),
    "a file within": (lambda: hostile.docx_with(**{"word/embeddings/a.bin": b"x"}), "docx", "cannot be cleaned"),
    "a drawing with a script within": (
        lambda: hostile.docx_with(**{"word/media/a.svg": "<svg onload='x()'/>"}), "docx", "cannot be cleaned",
    ),
    "a broken picture within": (
        lambda: hostile.docx_with(**{"word/media/image1.jpeg": _cut(hostile.picture())}), "docx", "cut short",
    ),
    "a drawing with a script": (lambda: b"<svg onload='x()'/>", "svg", "scripts"),
    "a JPEG cut short": (lambda: _cut(hostile.picture(size=(600, 400))), "jpeg", "cut short"),
    "a PNG cut short": (lambda: _cut(hostile.picture("PNG", (600, 400))), "png", "cut short"),
    "a PDF cut short": (lambda: b"%PDF-1.7\n1 0 obj<<", "pdf", "damaged"),
    "a Word text cut short": (lambda: _cut(hostile.docx()), "docx", "damaged"),
    "a picture that says it is a PDF": (hostile.picture, "pdf", "damaged"),
    "a PDF that says it is a picture": (hostile.pdf, "jpeg", "damaged"),
    "a picture in the place of another kind": (lambda: hostile.picture("PNG"), "jpeg", "damaged"),
    "a table that says it is a text": (hostile.xlsx, "docx", "not what it says"),
    "nothing": (lambda: b"", "jpeg", "damaged"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_each_is_refused_with_a_sentence_and_within_bounds(what: str, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    make, media, word = REFUSED[what]
    content = make()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(BadInput) as told:
        strip(io.BytesIO(content), media, len(content))
    assert word in str(told.value), str(told.value)
    assert "{" not in str(told.value) and "Traceback" not in str(told.value)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024  # kB
    assert list(tmp_path.iterdir()) == []


def test_what_hangs_on_behind_or_before_a_picture_does_not_come_through() -> None:
    """A file that is a picture for one program and a packed file for another."""
    both = hostile.picture() + hostile.zipped({"a.txt": WORD})
    assert zipfile.is_zipfile(io.BytesIO(both))
    clean = strip(io.BytesIO(both), "jpeg", len(both))
    assert not zipfile.is_zipfile(io.BytesIO(clean.content)) and WORD.encode() not in clean.content
    assert "tail" in clean.removed


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace of its own for sealed files."""
    monkeypatch.setattr(settings, "WORKSPACE", Workspace(tmp_path))
    return tmp_path


def _send(browser: Client, told: Incident, *files: tuple[str, bytes]) -> Any:
    sent = [SimpleUploadedFile(name, content) for name, content in files]
    return browser.post(f"/incidents/{told.pk}/evidence/new/", {"kind": "document", "title": "", "sent": sent})


NAMES = {
    "../../../etc/cron.d/planted": "planted",
    "..\\..\\planted.docx": "planted.docx",
    "a\0b.png": "ab.png",
    "foto\u202egpj.exe": "fotogpj.exe",
    "\u200b\u200d.jpg": ".jpg",
    "CON": "CON",
    "%2e%2e%2fup.png": "%2e%2e%2fup.png",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_leads_nowhere_and_turns_no_text_around(name: str, room: Path, signed_in: Client, at_work: Any) -> None:
    told = incident(at_work, "Un panfleto")
    assert _send(signed_in, told, (name, hostile.picture())).status_code == 302
    item = Evidence.objects.get()
    assert item.file_name == NAMES[name]
    assert [path.parent for path in room.rglob("*.sealed")] == [room / "sealed"]
    assert [path for path in room.rglob("*") if "planted" in path.name or "up" in path.name] == []
    page = signed_in.get(f"/evidence/{item.pk}/").content.decode()
    assert "\u202e" not in page and "\0" not in page


def test_a_name_of_three_hundred_bytes_is_cut_and_keeps_its_ending(
    room: Path, signed_in: Client, at_work: Any
) -> None:
    told = incident(at_work, "Un panfleto")
    assert _send(signed_in, told, ("ñ" * 146 + ".jpg", hostile.picture())).status_code == 302
    name = Evidence.objects.get().file_name
    assert len(name) <= 120 and name.endswith("….jpg")


def test_a_file_of_nothing_is_refused_and_the_others_are_kept(room: Path, signed_in: Client, at_work: Any) -> None:
    told = incident(at_work, "Un panfleto")
    answer = _send(signed_in, told, ("a.jpg", b""), ("b.jpg", hostile.picture()), ("c.txt", b"Lo que vi"))
    page = answer.content.decode()
    assert answer.status_code == 400 and "it is empty" in page and "a.jpg" in page
    assert Evidence.objects.count() == 2
    assert len(list((room / "sealed").iterdir())) == 2


def test_a_file_too_large_is_refused_alone(room: Path, signed_in: Client, at_work: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(uploads, "LARGEST", 100_000)
    told = incident(at_work, "Un panfleto")
    answer = _send(signed_in, told, ("a.bin", b"x" * 300_000), ("b.txt", b"Lo que vi"))
    page = answer.content.decode()
    assert "it is larger than" in page and "a.bin" in page and Evidence.objects.count() == 1
    assert len(list((room / "sealed").iterdir())) == 1


def test_a_full_disk_is_said_and_leaves_nothing(
    room: Path, signed_in: Client, at_work: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = incident(at_work, "Un panfleto")

    def full(self: object, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tejido.vault.uploads.SealingWriter.write", full)
    answer = _send(signed_in, told, ("a.txt", b"Lo que vi"))
    assert answer.status_code == 400 and "no room for it on the disk" in answer.content.decode()
    assert not Evidence.objects.exists() and list((room / "sealed").iterdir()) == []


def test_what_pretends_to_be_something_else_is_kept_and_said(room: Path, signed_in: Client, at_work: Any) -> None:
    told = incident(at_work, "Un panfleto")
    assert _send(signed_in, told, ("foto.jpg", b"MZ\x90\0" + b"x" * 500)).status_code == 302
    item = Evidence.objects.get()
    page = signed_in.get(f"/evidence/{item.pk}/").content.decode()
    assert "Its name says it is something else" in page and "a program" in page
    answer = signed_in.post(f"/evidence/{item.pk}/copy/", follow=True)
    assert "This is a program, so no copy was made" in answer.content.decode()
    assert Evidence.objects.count() == 1


def test_nothing_that_was_sent_lies_anywhere_in_clear(
    room: Path, signed_in: Client, at_work: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sent, looked at, copied, handed over: the word that stands in all of them is nowhere on the disk."""
    monkeypatch.setattr("tempfile.tempdir", str(room))
    told = incident(at_work, "Un panfleto")
    files = [("a.jpg", hostile.picture()), ("b.pdf", hostile.pdf()), ("c.docx", hostile.docx())]
    assert _send(signed_in, told, *files).status_code == 302
    for item in Evidence.objects.all():
        for step, said in (("look", {}), ("copy", {}), ("check", {}), ("open", {"why": WORD})):
            answer = signed_in.post(f"/evidence/{item.pk}/{step}/", said)
            assert answer.status_code in {200, 302}, step
            answer.getvalue() if answer.streaming else None
    assert Evidence.objects.count() == 6
    assert places_of(WORD, [room]) == set()
    (room / "planted").write_bytes(hostile.picture())
    assert places_of(WORD, [room]) != set()
