"""Uploads are sealed while they arrive: Django never sees a temporary file, nor the disk a plain byte.

What arrives while nobody is at work is read and dropped. What a request leaves behind that no view took, or that
broke off half-way, is gone when the request ends. A file that is too large, or for which the disk has no room, is
dropped alone: the rest of the form and the other files arrive, and ``refused_uploads`` says which and why.
"""

from __future__ import annotations

import contextlib
import io
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn
from uuid import uuid4

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from tejido.domain.errors import WorkspaceLocked
from tejido.domain.words import N_
from tejido.vault.files import SealedFile, SealedFiles, SealingWriter, new_private
from tejido.vault.keyring import current

if TYPE_CHECKING:
    _Uploaded = UploadedFile[bytes]
else:
    _Uploaded = UploadedFile

#: The largest file taken, in bytes.
LARGEST = 512 * 1024 * 1024

TOO_LARGE = N_("it is larger than {most} MB. Cut it into parts, or make it smaller.")
NO_ROOM = N_("there was no room for it on the disk. Make room and send it again.")


@dataclass(frozen=True, slots=True)
class RefusedUpload:
    """A file that was not taken in: its field, its name as it was sent, and why, as a message id."""

    field: str
    name: str
    why: str


def workspace_files() -> SealedFiles:
    """Return where the sealed files of this workspace are."""
    return SealedFiles(settings.WORKSPACE.directory / "sealed")


def refused_uploads(request: HttpRequest) -> tuple[RefusedUpload, ...]:
    """Return the files of a request that were not taken in; to be asked once its form was read."""
    handlers = getattr(request, "_upload_handlers", ())
    return tuple(one for handler in handlers if isinstance(handler, SealedUploadHandler) for one in handler.refused)


class SealedUpload(_Uploaded):
    """An uploaded file, already sealed; ``sealed`` names it, ``open_plain`` reads it."""

    def __init__(self, sealed: SealedFile, files: SealedFiles, **about: Any) -> None:
        super().__init__(file=None, size=sealed.size, **about)
        self._sealed, self._files, self._taken = sealed, files, False

    @property
    def sealed(self) -> SealedFile:
        """The sealed file. Whoever asks for it keeps it or discards it; otherwise it goes with the request."""
        self._taken = True
        return self._sealed

    def open_plain(self) -> BinaryIO:
        """Open the content for reading, frame by frame, in memory only."""
        return self._files.open(self._sealed)

    def forget_unless_taken(self) -> None:
        """Leave nothing on the disk, unless somebody asked for the sealed file."""
        if not self._taken:
            self._files.discard(self._sealed)


class SealedUploadHandler(FileUploadHandler):
    """Seals each chunk as it arrives and hashes it in the same pass."""

    _writer: SealingWriter | None = None

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self._made: list[SealedUpload] = []
        self.refused: list[RefusedUpload] = []

    def new_file(self, *args: Any, **options: Any) -> None:
        super().new_file(*args, **options)
        self._writer = None
        if not _somebody_is_at_work():
            return
        self._files = workspace_files()
        self._identity, self._key = uuid4(), secrets.token_bytes(32)
        try:
            self._path = self._files.writing(self._identity)
            self._target = new_private(self._path)
            self._writer = SealingWriter(self._target, self._key)
        except OSError:
            self._refuse(NO_ROOM)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if self._writer is None:
            return None
        if self._writer.size + len(raw_data) > LARGEST:
            self._refuse(TOO_LARGE)
        try:
            self._writer.write(raw_data)
        except OSError:
            self._refuse(NO_ROOM)
        return None

    def file_complete(self, file_size: int) -> _Uploaded | None:
        about: dict[str, Any] = {
            "name": self.file_name,
            "content_type": self.content_type,
            "charset": self.charset,
            "content_type_extra": self.content_type_extra,
        }
        if self._writer is None:
            return UploadedFile(io.BytesIO(), size=0, **about)
        try:
            digest = self._writer.close()
            self._target.close()
        except OSError:
            self.refused.append(RefusedUpload(self.field_name or "", self.file_name or "", NO_ROOM))
            self.upload_interrupted()
            return None
        sealed = SealedFile(self._identity, self._key, digest, self._writer.size)
        self._writer = None
        self._made.append(SealedUpload(sealed, self._files, **about))
        return self._made[-1]

    def upload_interrupted(self) -> None:
        """Leave nothing of an upload that broke off."""
        if self._writer is not None:
            self._writer = None
            with contextlib.suppress(OSError):
                self._target.close()
            self._path.unlink(missing_ok=True)

    def _refuse(self, why: str) -> NoReturn:
        """Drop this file alone; Django goes on with what comes after it."""
        self.refused.append(RefusedUpload(self.field_name or "", self.file_name or "", why))
        self.upload_interrupted()
        raise SkipFile

    def end(self) -> None:
        """Leave nothing of what broke off, nor of what nobody took."""
        self.upload_interrupted()
        for upload in self._made:
            upload.forget_unless_taken()


class UploadsEndWithTheRequest:
    """Sees to it that nothing stays on the disk of files that a request brought and no view took."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            return self.get_response(request)
        finally:
            for handler in request._upload_handlers:  # type: ignore[attr-defined]
                if isinstance(handler, SealedUploadHandler):
                    handler.end()


def _somebody_is_at_work() -> bool:
    try:
        current()
    except WorkspaceLocked:
        return False
    return True
