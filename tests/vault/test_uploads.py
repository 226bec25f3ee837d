"""What is uploaded is sealed from its first byte, and nothing stays of what nobody took."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tejido.vault import uploads
from tejido.vault.keyring import using
from tejido.vault.uploads import SealedUpload, UploadsEndWithTheRequest

WORD = b"Zafirosecreto"
ODD_NAMES = ["../../up.csv", "a\0b.csv", "\u202evsc.exe", "n" * 300 + ".csv", "C:\\x\\..\\y.csv"]


@pytest.fixture(autouse=True)
def _in_a_room_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tejido.vault.workspace import Workspace

    monkeypatch.setattr(settings, "WORKSPACE", Workspace(tmp_path))


def _on_disk(room: Path) -> list[Path]:
    return [path for path in room.rglob("*") if path.is_file()]


def _request(name: str = "list.csv", content: bytes = WORD * 20_000) -> HttpRequest:
    return RequestFactory().post("/", {"file": SimpleUploadedFile(name, content)})


def _answered(request: HttpRequest, view: Any) -> None:
    UploadsEndWithTheRequest(view)(request)


def test_what_a_view_takes_stays_sealed_and_private(at_work: Any, tmp_path: Path) -> None:
    taken = []

    def view(request: HttpRequest) -> HttpResponse:
        upload = request.FILES["file"]
        assert isinstance(upload, SealedUpload)
        with upload.open_plain() as plain:
            assert plain.read() == WORD * 20_000
        taken.append(upload.sealed)
        return HttpResponse()

    _answered(_request(), view)
    (path,) = _on_disk(tmp_path)
    assert path.name == f"{taken[0].id.hex}.sealed"
    assert WORD not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_name_never_reaches_the_disk(at_work: Any, tmp_path: Path, name: str) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        for upload in request.FILES.values():
            assert isinstance(upload, SealedUpload) and upload.sealed.size
        return HttpResponse()

    _answered(_request(name), view)
    for path in _on_disk(tmp_path):
        assert path.parent == tmp_path / "sealed" and len(path.name) == 32 + len(".sealed")


def test_what_no_view_took_is_gone_with_the_request(at_work: Any, tmp_path: Path) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        with request.FILES["file"].open_plain() as plain:  # type: ignore[union-attr]
            assert plain.read(13) == WORD
        assert _on_disk(tmp_path)
        return HttpResponse()

    _answered(_request(), view)
    assert _on_disk(tmp_path) == []


def test_a_line_that_breaks_off_leaves_nothing(at_work: Any, tmp_path: Path) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() > 200_000:
                assert _on_disk(tmp_path)
                raise ConnectionResetError
            return super().read(size)

    whole = encode_multipart(BOUNDARY, {"file": SimpleUploadedFile("a.csv", WORD * 50_000)})
    for stream in (Broken(whole), io.BytesIO(whole[:300_000])):
        request = RequestFactory().generic("POST", "/", b"x", content_type=MULTIPART_CONTENT)
        request.META["CONTENT_LENGTH"] = str(len(whole))
        request._stream = stream

        def view(request: HttpRequest) -> HttpResponse:
            with contextlib.suppress(OSError):
                assert not request.FILES
            return HttpResponse()

        _answered(request, view)
        assert _on_disk(tmp_path) == []


def test_a_file_too_large_is_not_kept(at_work: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "LARGEST", 100_000)

    def view(request: HttpRequest) -> HttpResponse:
        assert not request.FILES
        return HttpResponse()

    _answered(_request(), view)
    assert _on_disk(tmp_path) == []


def test_while_nobody_is_at_work_nothing_is_written(tmp_path: Path) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        assert [upload.name for upload in request.FILES.getlist("file")] == ["list.csv"]
        assert not (tmp_path / "sealed").exists()
        return HttpResponse()

    with using(None):
        _answered(_request(), view)


@pytest.mark.django_db
def test_a_visitor_cannot_fill_the_disk_through_any_page(tmp_path: Path) -> None:
    """Also with the token of a form at hand: the token is read only once the whole body is."""
    visitor = Client(enforce_csrf_checks=True)
    visitor.cookies[settings.CSRF_COOKIE_NAME] = "a" * 32
    for address in ("/", "/unlock/", "/setup/", "/lock/", "/language/", "/imports/"):
        visitor.post(address, {"file": SimpleUploadedFile("a.csv", WORD * 1000), "csrfmiddlewaretoken": "a" * 32})
        assert _on_disk(tmp_path) == [], address
