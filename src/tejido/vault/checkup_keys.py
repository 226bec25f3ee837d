"""Whether keys, sealed files and backups go with the records: none missing, none left over, none too old."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from django.apps import apps
from django.db.models import Max, Q

from tejido.domain.errors import DossierGone, TejidoError
from tejido.domain.words import N_
from tejido.vault import keystore
from tejido.vault.checkup_remarks import Remark, remark
from tejido.vault.dossier_keys import UNDER_EPOCH, WrappingKey
from tejido.vault.hanging import root_models
from tejido.vault.keyring import current
from tejido.vault.keystore import KeyRow
from tejido.vault.known_backups import known
from tejido.vault.models import Erasure, SealedRecord

_SAMPLE: Final = 500
_OLD: Final = 30  # days
_DAY: Final = 24 * 3600  # seconds
_SUFFIX: Final = ".sealed"
#: The columns that name sealed files: table and column. A test compares this register with what names them.
FILES_NAMED: Final[dict[str, str]] = {
    "circles_approval": "file",
    "exchange_import": "waiting",
    "incidents_evidence": "file",
}


def remarks(directory: Path, *, now: datetime, closely: bool) -> Iterator[Remark]:
    """Look at the key store, at sealed files and at backups; ``closely`` also opens what names files."""
    try:
        yield from _keys(closely=closely)
    except TejidoError:
        yield remark(
            "keys",
            "fault",
            N_("The key store (keys.db) is damaged. Stop working, keep a copy of it, and restore the last backup."),
        )
    if Erasure.objects.exists():
        yield remark(
            "erasures",
            "warning",
            N_("An erasure was begun and not finished. It is finished when somebody opens the notebook."),
        )
    if closely:
        yield from _files(directory / "sealed", now)
    yield from _backups(now)


def _keys(*, closely: bool) -> Iterator[Remark]:
    rows = keystore.of_process().every_row()
    ours = current().exported()
    late = sum(row.circle in ours and row.epoch < max(ours[row.circle]) for row in rows)
    if late:
        yield remark(
            "rotation",
            "warning",
            N_(
                "Keys of dossiers that are still under an earlier key of the circle: {late}. A "
                "coordinator who opens the notebook finishes that."
            ),
            late=late,
        )
    mine = [row for row in rows if row.circle in ours]
    broken = sum(not _unwraps(row, ours) for row in (mine if closely else mine[:_SAMPLE]))
    lost = _lost({row.dossier for row in rows}) if closely else 0
    if broken or lost:
        yield remark(
            "keys",
            "fault",
            N_(
                "Dossiers that cannot be opened, as their key is missing or was altered: {many}. Do not "
                "change them; restore the last backup."
            ),
            many=broken + lost,
        )
    else:
        yield remark("keys", "good", N_("The key store is whole; keys in it: {many}."), many=len(rows))


def _unwraps(row: KeyRow, ours: dict[UUID, dict[int, bytes]]) -> bool:
    """Say whether the key of a row opens; True for one that is not under a key of ours."""
    key = ours.get(row.circle, {}).get(row.epoch)
    if key is None or row.wrapped[:1] != bytes([UNDER_EPOCH]):
        return True
    try:
        WrappingKey(key, circle=row.circle, epoch=row.epoch).unwrap(row)
    except TejidoError:
        return False
    return True


def _lost(keyed: set[UUID]) -> int:
    """Count the dossiers of ours whose values are sealed under a key that is not there."""
    missing = 0
    for model in root_models():
        ids = model._default_manager.filter(Q(circle__in=current().circles)).values_list("pk", flat=True)
        without = [pk for pk in ids.iterator() if pk not in keyed]
        current().dossiers.forget(without)  # what is held in memory says nothing of the store
        for start in range(0, len(without), _SAMPLE):
            for record in model._default_manager.filter(pk__in=without[start : start + _SAMPLE]):
                missing += _is_lost(record)
    return missing


def _is_lost(record: SealedRecord) -> bool:
    """Say whether a record without a key of its own needs one; earlier versions sealed without."""
    try:
        record.open_all()
    except DossierGone:
        return True
    except TejidoError:  # altered, which is told of the records
        return False
    return False


def _files(folder: Path, now: datetime) -> Iterator[Remark]:
    there = {one.name.removesuffix(_SUFFIX): one for one in folder.glob(f"*{_SUFFIX}")}
    named, complete = _named()
    missing = named - set(there)
    old = now.timestamp() - _DAY
    left = [name for name, one in there.items() if name not in named and one.stat().st_mtime < old] if complete else []
    if missing:
        yield remark(
            "files",
            "fault",
            N_("Sealed files that records name and that are missing: {many}. Restore the last backup."),
            many=len(missing),
        )
    elif left:
        yield remark(
            "files",
            "warning",
            N_(
                "Sealed files that belong to no record: {many}. Nothing opens them; delete them from the "
                "folder sealed/."
            ),
            many=len(left),
        )
    else:
        yield remark("files", "good", N_("Every sealed file that a record names is there."))


def _named() -> tuple[set[str], bool]:
    """Return the names of files that records give, and whether all records could be asked."""
    named: set[str] = set()
    complete = True
    for model in apps.get_models():
        column = FILES_NAMED.get(model._meta.db_table)
        if column is None:
            continue
        for record in model._default_manager.iterator():
            try:
                named.update(_ids_in(getattr(record, column)))
            except TejidoError:
                complete = False
    return named, complete


def _ids_in(kept: object) -> Iterator[str]:
    """Yield every id of a sealed file in what a record keeps."""
    if not isinstance(kept, dict):
        return
    if "id" in kept and "key" in kept:
        yield UUID(str(kept["id"])).hex
    for part in kept.values():
        yield from _ids_in(part)


def _backups(now: datetime) -> Iterator[Remark]:
    places = known()
    newest = _newest(places)
    if not places:
        if _something_written():
            yield remark(
                "backup",
                "warning",
                N_("No backup was made here yet. Make one now, and keep it in another place: tejido backup."),
            )
        return
    if newest is None:
        yield remark(
            "backup",
            "warning",
            N_(
                "The backups made here were carried away, so how old they are is not known. Make one if the last is "
                "more than {days} days old."
            ),
            days=_OLD,
        )
        return
    days = max(0, int((now.timestamp() - newest) // _DAY))
    if days > _OLD:
        yield remark(
            "backup",
            "warning",
            N_("Days since the newest backup: {days}. Make one now, and keep it in another place: tejido backup."),
            days=days,
        )
    else:
        yield remark(
            "backup",
            "good",
            N_("Days since the newest backup: {days}. See that a copy of it lies in another place."),
            days=days,
        )


def _newest(places: Iterable[Path]) -> float | None:
    """Return when the newest backup within reach was made (seconds since 1970)."""
    times = []
    for place in places:
        try:
            times.append(place.stat().st_mtime)
        except OSError:
            continue
    return max(times, default=None)


def _something_written() -> bool:
    """Say whether anything that a backup would save was written."""
    return any((model._default_manager.aggregate(Max("stamp"))["stamp__max"] or 0) > 0 for model in root_models())
