"""The files of evidence within an export: out in clear, each under the id of its item; in again under a new seal."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from uuid import UUID

from tejido.domain.errors import BadInput
from tejido.domain.words import N_
from tejido.incidents.evidence_actions import has_content, is_unchanged, sealed_of
from tejido.incidents.models import Evidence
from tejido.vault.files import FRAME, SealedFile
from tejido.vault.journal import By
from tejido.vault.uploads import workspace_files

NOUN: Final = "evidence"
_TOLD: Final = ("sha256", "size")
_ALTERED: Final = N_("A file of evidence in the export is not what its record says. Nothing was imported.")


def without_key(noun: str, column: str, value: Any) -> Any:
    """Return a value as it leaves: of a sealed file its hash and size, never its key or its place."""
    if (noun, column) != (NOUN, "file") or not isinstance(value, dict):
        return value
    return {name: value[name] for name in _TOLD}


def files_out(by: By) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Yield the name and the content of each file that is kept and still is what was received."""
    for item in Evidence.objects.filter(circle=by.circle_id).order_by("pk").iterator(chunk_size=200):
        if has_content(item) and is_unchanged(item):
            yield f"files/{item.pk}", _frames(sealed_of(item))


class FilesIn:
    """Seals the files of an export anew; none stays when it was not brought in after all."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive, self._names = archive, frozenset(archive.namelist())
        self._made: list[SealedFile] = []

    def file(self, identity: UUID, told: Any) -> dict[str, object]:
        """Return what the record of an item says of its file; without a key when the export does not hold it."""
        if not isinstance(told, dict) or set(told) != set(_TOLD):
            raise BadInput(_ALTERED)
        if f"files/{identity}" not in self._names:
            return {name: told[name] for name in _TOLD}
        with self._archive.open(f"files/{identity}") as content:
            sealed = workspace_files().keep(content)  # type: ignore[arg-type]
        self._made.append(sealed)
        if (sealed.sha256, sealed.size) != (told["sha256"], told["size"]):
            raise BadInput(_ALTERED)
        return sealed.as_json()

    @contextmanager
    def kept_if_all_is_well(self) -> Iterator[None]:
        """Within the block files may come in; none of them stays if it ends badly."""
        try:
            yield
        except BaseException:
            for sealed in self._made:
                workspace_files().discard(sealed)
            raise


def _frames(sealed: SealedFile) -> Iterator[bytes]:
    with workspace_files().open(sealed) as content:
        while chunk := content.read(FRAME):
            yield chunk
