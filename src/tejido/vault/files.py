"""Sealed files: what is uploaded rests encrypted from its first byte.

A sealed file is a secretstream (XChaCha20-Poly1305, libsodium): a header, then frames of 64 KiB, the last one
tagged final. A file cut at a frame boundary lacks the final tag and is refused; a frame altered, moved or
repeated does not open. Each file has its own random key, which only the record that names the file holds
(sealed like everything else), or the session of whoever is uploading it.
"""

from __future__ import annotations

import hashlib
import io
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID, uuid4

from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_ABYTES as TAG_BYTES,
)
from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_HEADERBYTES as HEADER_BYTES,
)
from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_init_pull as init_pull,
)
from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_init_push as init_push,
)
from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_pull as pull,
)
from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_push as push,
)
from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_state as State,  # noqa: N812
)
from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_TAG_FINAL as FINAL,
)
from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_TAG_MESSAGE as MESSAGE,
)
from nacl.exceptions import CryptoError

from tejido.domain.errors import DamagedSeal, NotFound

FRAME = 64 * 1024
MAGIC = b"tejido-sealed-1\n"


@dataclass(frozen=True)
class SealedFile:
    """A sealed file at rest: its opaque id, its key, the SHA-256 of its plain content and its size in bytes."""

    id: UUID
    key: bytes
    sha256: str
    size: int

    def as_json(self) -> dict[str, object]:
        """Return it in a form that a sealed field or a sealed session can keep."""
        return {"id": self.id.hex, "key": self.key.hex(), "sha256": self.sha256, "size": self.size}

    @classmethod
    def from_json(cls, kept: dict[str, object]) -> SealedFile:
        """Return the file that ``as_json`` kept."""
        return cls(
            UUID(str(kept["id"])),
            bytes.fromhex(str(kept["key"])),
            str(kept["sha256"]),
            int(str(kept["size"])),
        )


class SealingWriter:
    """Writes one sealed file, hashing the plain bytes in the same pass; ``close`` writes the final frame."""

    def __init__(self, target: BinaryIO, key: bytes) -> None:
        self._target, self._state = target, State()
        self._pending = bytearray()
        self._hash = hashlib.sha256()
        self.size = 0
        target.write(MAGIC + init_push(self._state, key))

    def write(self, data: bytes) -> None:
        """Take in plain bytes."""
        self._hash.update(data)
        self.size += len(data)
        self._pending += data
        while len(self._pending) > FRAME:
            self._target.write(push(self._state, bytes(self._pending[:FRAME]), None, MESSAGE))
            del self._pending[:FRAME]

    def close(self) -> str:
        """Write the final frame; return the SHA-256 of the plain content."""
        self._target.write(push(self._state, bytes(self._pending), None, FINAL))
        self._pending.clear()
        return self._hash.hexdigest()


class _OpeningReader(io.RawIOBase):
    """Reads a sealed file; ``DamagedSeal`` at the first frame that does not open, or if the end is missing."""

    def __init__(self, source: BinaryIO, key: bytes) -> None:
        self._source, self._state = source, State()
        head = source.read(len(MAGIC) + HEADER_BYTES)
        if len(head) != len(MAGIC) + HEADER_BYTES or not head.startswith(MAGIC):
            source.close()
            raise DamagedSeal
        init_pull(self._state, head[len(MAGIC) :], key)
        self._frames = self._plain_frames()
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._left:
            frame = next(self._frames, None)
            if frame is None:
                return 0
            self._left = frame
        part, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)

    def close(self) -> None:
        self._source.close()
        super().close()

    def _plain_frames(self) -> Iterator[bytes]:
        while True:
            sealed = self._source.read(FRAME + TAG_BYTES)
            try:
                plain, tag = pull(self._state, sealed, None)
            except (CryptoError, ValueError, RuntimeError):
                raise DamagedSeal from None
            if tag == FINAL:
                if self._source.read(1):
                    raise DamagedSeal
                yield plain
                return
            if tag != MESSAGE or len(plain) != FRAME:
                raise DamagedSeal
            yield plain


def opened_stream(source: BinaryIO, key: bytes) -> io.RawIOBase:
    """Return the plain content of a sealed stream that begins at the present position of ``source``."""
    return _OpeningReader(source, key)


def new_private(path: Path) -> BinaryIO:
    """Make a file that only its owner may read, whatever the umask; ``FileExistsError`` if the name is taken."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags, 0o600), "wb")


class SealedFiles:
    """The sealed files of one directory, each under an opaque name."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def keep(self, source: BinaryIO) -> SealedFile:
        """Seal everything ``source`` yields; the plain bytes never touch the disk."""
        identity, key = uuid4(), secrets.token_bytes(32)
        with new_private(self.writing(identity)) as target:
            writer = SealingWriter(target, key)
            while chunk := source.read(FRAME):
                writer.write(chunk)
            digest = writer.close()
        return SealedFile(identity, key, digest, writer.size)

    def open(self, sealed: SealedFile) -> io.BufferedReader:
        """Open a sealed file for reading; ``NotFound`` if it is gone, ``DamagedSeal`` if it was altered or cut."""
        path = self._path(sealed.id)
        if not path.is_file():
            raise NotFound
        return io.BufferedReader(_OpeningReader(path.open("rb"), sealed.key), FRAME)

    def discard(self, sealed: SealedFile) -> None:
        """Forget a sealed file."""
        self._path(sealed.id).unlink(missing_ok=True)

    def writing(self, identity: UUID) -> Path:
        """Return the path under which a new file is written."""
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self._path(identity)

    def _path(self, identity: UUID) -> Path:
        return self._directory / f"{identity.hex}.sealed"


__all__ = ["FRAME", "SealedFile", "SealedFiles", "SealingWriter", "new_private", "opened_stream"]
