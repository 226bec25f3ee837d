"""Lists that were sent in and wait, sealed, until somebody has seen what they would do."""

from __future__ import annotations

from django.conf import settings

from tejido.domain.errors import BadInput
from tejido.domain.words import N_
from tejido.exchange.models import Import
from tejido.exchange.opening import Source
from tejido.exchange.shapes import NO_MAP_FILE, Files
from tejido.vault.files import SealedFile, SealedFiles
from tejido.vault.journal import By, writing
from tejido.vault.records import change, create, remove
from tejido.vault.uploads import SealedUpload

_LARGEST_MAPPING = 1_000_000
_NOT_TEXT = N_("The mapping is not a text in UTF-8. Nothing was kept; please save it as such and send it again.")
_LONG = N_("The mapping is longer than {most} characters. Nothing was kept.")
_GONE = N_("This list does not wait here any more. Nothing was imported; please send it in again.")


def sealed_files() -> SealedFiles:
    """Return where sealed files of this workspace are."""
    return SealedFiles(settings.WORKSPACE.directory / "sealed")


def keep_waiting(*, by: By, file: SealedUpload, mapping: SealedUpload | None, map_file: SealedUpload | None) -> Import:
    """Keep a list, sealed, until it is imported or dropped; its mapping becomes part of the record."""
    text = _mapping_text(mapping) if mapping is not None else ""
    waiting: dict[str, object] = {"file": file.sealed.as_json()}
    if map_file is not None:
        waiting["map"] = map_file.sealed.as_json()
        waiting["map_name"] = map_file.name or ""
    with writing(by=by, action="exchange.upload") as entry:
        record = Import(circle_id=by.circle_id, file_name=file.name or "", mapping=text, waiting=waiting)
        create(record, entry)
        entry.about("exchange.import", record.pk)
    return record


def keep_mapping(*, by: By, record: Import, text: str) -> Import:
    """Keep the mapping of a list that waits."""
    with writing(by=by, action="exchange.mapping") as entry:
        entry.about("exchange.import", record.pk)
        return change(record, entry, mapping=text)


def drop_waiting(*, by: By, record: Import) -> None:
    """Forget a list that was never imported."""
    files = _sealed(record)
    with writing(by=by, action="exchange.drop") as entry:
        entry.about("exchange.import", record.pk)
        remove(record, entry)
    discard(files)


def discard(files: list[SealedFile]) -> None:
    """Forget sealed files."""
    for sealed in files:
        sealed_files().discard(sealed)


def source_of(record: Import) -> Source:
    """Return the list that waits; ``BadInput`` when it is no longer here."""
    if "file" not in record.waiting:
        raise BadInput(_GONE)
    sealed = SealedFile.from_json(record.waiting["file"])
    return Source(record.file_name, lambda: sealed_files().open(sealed), sealed.size)


def files_of(record: Import) -> Files:
    """Return how the map file that came with a list is found: whatever its name, it is the one that was sent."""

    def found(name: str) -> bytes:
        if "map" not in record.waiting:
            raise BadInput(NO_MAP_FILE, file=name)
        with sealed_files().open(SealedFile.from_json(record.waiting["map"])) as content:
            return content.read()

    return found


def _sealed(record: Import) -> list[SealedFile]:
    return [SealedFile.from_json(record.waiting[name]) for name in ("file", "map") if name in record.waiting]


def sealed_of(record: Import) -> list[SealedFile]:
    """Return the sealed files of a list that waits."""
    return _sealed(record)


def _mapping_text(upload: SealedUpload) -> str:
    try:
        with upload.open_plain() as content:
            data = content.read(_LARGEST_MAPPING + 1)
        if len(data) > _LARGEST_MAPPING:
            raise BadInput(_LONG, most=_LARGEST_MAPPING)
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(_NOT_TEXT) from None
    finally:
        sealed_files().discard(upload.sealed)
