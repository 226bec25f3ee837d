"""Reading ahead, once keys are in place: what the first pages would otherwise wait for.

``settings.TEJIDO_WARM`` names functions without arguments, by their dotted names and in their order; slices above this
one are reached in no other way. They run in a thread of their own with the keys of whoever opened the workspace. If
it is locked meanwhile they find no key, and what they hold is dropped with it, as always.
"""

from __future__ import annotations

import logging
import threading
from uuid import UUID

from django.conf import settings
from django.db import connections
from django.utils.module_loading import import_string

from tejido.domain.errors import WorkspaceLocked
from tejido.vault.keyring import FILE_KEY, Keyring, using

logger = logging.getLogger(__name__)


def warm_up(keyring: Keyring, *, circle: UUID) -> threading.Thread | None:
    """Begin reading ahead in ``circle`` with ``keyring`` and return at once; None where nothing is to be read."""
    return in_the_background(tuple(getattr(settings, "TEJIDO_WARM", ())), keyring, circle=circle)


def in_the_background(names: tuple[str, ...], keyring: Keyring, *, circle: UUID) -> threading.Thread | None:
    """Call functions by their dotted names in a thread of its own; None where nothing is read ahead at all."""
    if not names or not getattr(settings, "TEJIDO_WARM", ()):
        return None
    thread = threading.Thread(target=_read_ahead, args=(names, keyring, circle), name="reading ahead", daemon=True)
    thread.start()
    return thread


def _read_ahead(names: tuple[str, ...], keyring: Keyring, circle: UUID) -> None:
    generation = FILE_KEY.generation
    try:
        with using(keyring, circle=circle):
            for name in names:
                # On PostgreSQL the store opens without the file key; nothing is to be held over the lock there either.
                FILE_KEY.get()
                import_string(name)()
        if FILE_KEY.generation != generation:
            FILE_KEY.forget_held()
    except WorkspaceLocked:
        return
    except Exception:
        # Connections are closed under it when the workspace is locked: nothing is wrong then, and nobody waits for it.
        if FILE_KEY.generation == generation:
            logger.exception("reading ahead stopped")
    finally:
        connections.close_all()
