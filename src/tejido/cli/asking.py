"""Who asks: the handle, the key file and the circle that came with a command, beside its passphrase."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from tejido.domain.errors import BadInput
from tejido.domain.words import N_

_LARGEST = 16 * 1024 * 1024  # bytes, as on the page
_NO_KEY_FILE = N_("There is no such key file, or it is larger than 16 MB. Nothing was changed.")
_NO_CIRCLE = N_("This is not a circle's id. List your circles to find it: tejido circle list.")


@dataclass(frozen=True)
class Asking:
    """What came beside the passphrase."""

    handle: str = ""
    key_file: bytes = b""
    circle: UUID | None = None


_asking: ContextVar[Asking] = ContextVar("tejido_asking")


def asking() -> Asking:
    """Return who asks: whoever has no handle, unless a command said otherwise."""
    return _asking.get(Asking())


@contextmanager
def asked_with(options: argparse.Namespace) -> Iterator[None]:
    """Let the block know what was typed beside the passphrase."""
    token = _asking.set(
        Asking(
            handle=str(getattr(options, "handle", None) or ""),
            key_file=_content(getattr(options, "key_file", None)),
            circle=_id(getattr(options, "work_in", None)),
        )
    )
    try:
        yield
    finally:
        _asking.reset(token)


def _content(path: Path | None) -> bytes:
    if path is None:
        return b""
    if not path.is_file() or path.stat().st_size > _LARGEST:
        raise BadInput(_NO_KEY_FILE)
    return path.read_bytes()


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise BadInput(_NO_CIRCLE) from None
