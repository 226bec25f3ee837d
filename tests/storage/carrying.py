"""One workspace in a process of its own, to carry its backup to another: ``fill`` makes one, ``restore`` brings back.

Prints a digest of every value of every record, opened.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

PASSPHRASE = "seis palabras para llevar lejos"


def main(what: str, directory: str, database: str, backup: str) -> None:
    """Do ``what`` in ``directory``, on PostgreSQL at the address ``database`` or, if that is empty, on the file."""
    os.environ["TEJIDO_DIR"] = directory
    os.environ["DJANGO_SETTINGS_MODULE"] = "tejido.settings"
    print(_fill(directory, database, backup) if what == "fill" else _restore(directory, database, backup))


def _fill(directory: str, database: str, backup: str) -> str:
    from tejido.vault.workspace import Workspace

    place = Workspace(Path(directory))
    master = place.create(PASSPHRASE, database=database or None)
    _set_up(master.file_key)
    from django.core.management import call_command

    from tejido.circles.actions import found_circle, open_keyring
    from tejido.circles.models import EpochKey
    from tejido.vault.backup import back_up
    from tejido.vault.journal import writing
    from tejido.vault.keyring import using
    from tejido.vault.models import Checkpoint, Removal
    from tests.storage.one_of_each import make_two_of_each

    call_command("migrate", verbosity=0, interactive=False)
    by = found_circle(name="Ribera", member_name="Alba", master=master)
    with using(open_keyring(master)):
        with writing(by=by, action="test.make") as entry:
            keys = [one.pk for one in make_two_of_each(by, entry) if isinstance(one, EpochKey)]
            EpochKey.objects.filter(pk__in=keys).delete()
            # What a signature or a number of the journal would have to vouch for was never signed or written.
            Checkpoint.objects.all().delete()
            Removal.objects.update(stamp=entry.seq)
        back_up(place, master, Path(backup))
        return _digest()


def _restore(directory: str, database: str, backup: str) -> str:
    from tejido.vault.backup_reading import unlock_backup
    from tejido.vault.workspace import Workspace

    # The kind of database has to be known before Django is set up, and so before the backup can be read.
    head, opener = unlock_backup(Path(backup), PASSPHRASE)
    place = Workspace(Path(directory))
    place.create_from(head["slots"], database=database or None, master=opener)
    master = place.unlock(PASSPHRASE)
    _set_up(master.file_key)
    from tejido.circles.actions import open_keyring
    from tejido.vault.backup import bring_back
    from tejido.vault.keyring import using

    bring_back(place, Path(backup), master)
    with using(open_keyring(master)):
        return _digest()


def _set_up(file_key: bytes) -> None:
    import django

    from tejido.vault.keyring import FILE_KEY

    FILE_KEY.put(file_key)
    django.setup()


def _digest() -> str:
    from tejido.vault.journal import verify
    from tests.storage.one_of_each import every_model

    whole, rows = hashlib.sha256(), 0
    for model in every_model():
        # A session ends with its process; where a backup was made is noted once it was.
        if model._meta.label in {"vault.Session", "vault.KnownBackup"}:
            continue
        for record in model._default_manager.order_by("pk"):
            values = [getattr(record, field.attname) for field in model._meta.concrete_fields]
            plain = [bytes(value) if isinstance(value, bytes | memoryview) else value for value in values]
            whole.update(repr((model._meta.label, plain)).encode())
            rows += 1
    return f"{rows} rows, {verify()} lines of journal, {whole.hexdigest()}"


if __name__ == "__main__":
    main(*sys.argv[1:])
