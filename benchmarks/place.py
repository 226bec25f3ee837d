"""A workspace of its own for one run: made in a temporary directory, encrypted, in this very process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tejido.circles.models import Member

PASSPHRASE = "six words only for measuring this"


@contextmanager
def workspace(directory: Path, *, database: str | None = None) -> Iterator[Member]:
    """Open the workspace in ``directory``, made first if need be, for the block; yield who works in it.

    ``database`` is the address of an empty PostgreSQL database to use instead of the encrypted file. Django can be
    set up only once in a process: one process, one workspace.
    """
    os.environ["TEJIDO_DIR"] = str(directory)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tejido.settings")
    from tejido.vault.workspace import Workspace

    place = Workspace(directory)
    fresh = not place.exists
    master = place.create(PASSPHRASE, database=database) if fresh else place.unlock(PASSPHRASE)
    import django

    django.setup()
    from tejido.circles.actions import found_circle, only_member, open_keyring
    from tejido.vault.keyring import FILE_KEY, using
    from tejido.vault.schema import bring_up_to_date

    FILE_KEY.put(master.file_key)
    bring_up_to_date()
    if fresh:
        found_circle(name="Medida", member_name="Alba", master=master)
    with using(open_keyring(master)):
        yield only_member()
