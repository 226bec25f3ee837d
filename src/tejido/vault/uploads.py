"""Uploads are sealed while they arrive: Django never sees a temporary file, nor the disk a plain byte."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, BinaryIO
from uuid import uuid4

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from tejido.vault.files import SealedFile, SealedFiles, SealingWriter

if TYPE_CHECKING:
    _Uploaded = UploadedFile[bytes]
else:
    _Uploaded = UploadedFile

#: The largest file taken, in bytes.
LARGEST = 512 * 1024 * 1024


class SealedUpload(_Uploaded):
    """An uploaded file, already sealed; ``sealed`` names it, ``open_plain`` reads it."""

    def __init__(self, sealed: SealedFile, files: SealedFiles, **about: Any) -> None:
        super().__init__(file=None, size=sealed.size, **about)
        self.sealed = sealed
        self._files = files

    def open_plain(self) -> BinaryIO:
        """Open the content for reading, frame by frame, in memory only."""
        return self._files.open(self.sealed)


class SealedUploadHandler(FileUploadHandler):
    """Seals each chunk as it arrives and hashes it in the same pass."""

    def new_file(self, *args: Any, **options: Any) -> None:
        super().new_file(*args, **options)
        self._files = SealedFiles(settings.WORKSPACE.directory / "sealed")
        self._identity, self._key = uuid4(), secrets.token_bytes(32)
        self._path = self._files.writing(self._identity)
        self._target = self._path.open("xb")
        self._writer = SealingWriter(self._target, self._key)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if self._writer.size + len(raw_data) > LARGEST:
            self.upload_interrupted()
            raise StopUpload(connection_reset=False)
        self._writer.write(raw_data)
        return None

    def file_complete(self, file_size: int) -> SealedUpload:
        digest = self._writer.close()
        self._target.close()
        sealed = SealedFile(self._identity, self._key, digest, self._writer.size)
        return SealedUpload(
            sealed,
            self._files,
            name=self.file_name,
            content_type=self.content_type,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )

    def upload_interrupted(self) -> None:
        """Leave nothing of an upload that broke off."""
        target = getattr(self, "_target", None)
        if target is not None:
            target.close()
            self._path.unlink(missing_ok=True)
