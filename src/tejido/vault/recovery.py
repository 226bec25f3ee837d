"""What a recovery key opens: a backup whose own key was sealed to it. Needs no database.

``circles.recovering`` makes the key and seals to it.
"""

from __future__ import annotations

import base64
import binascii
from pathlib import Path
from typing import Final

from tejido.domain.errors import BadInput, DamagedSeal
from tejido.domain.words import N_
from tejido.vault.backup_form import FileKeys, Head, keys_from
from tejido.vault.backup_reading import Backup
from tejido.vault.member_keys import OwnKeys, PublicKeys, seal_to, statement
from tejido.vault.paper import root_of_sheets
from tejido.vault.slots import Master

_KEY: Final = 32  # bytes
_INFO: Final = statement("backup to recovery key")
_NOT_TO_IT: Final = N_(
    "This backup was not made for this recovery key, or was altered. Nothing was changed; look for a later backup, "
    "or open it with a passphrase."
)


def sealed_for(keys: PublicKeys, fresh: bytes, shared: bytes) -> str:
    """Return a backup's own key, and what every account of its workspace holds, sealed to a recovery key."""
    return base64.b64encode(seal_to(keys.seal, fresh + shared, info=_INFO)).decode()


def unlock_with_words(path: Path, words: str) -> tuple[Backup, Master]:
    """Open a backup with the words of a recovery key, or of enough sheets; return it and who restores it.

    Raises ``BadInput`` if the words are not those of a key, or the backup was not made for it.
    """
    own = OwnKeys(root_of_sheets(words))
    found: list[Master] = []

    def keys_of(head: Head) -> FileKeys:
        for sealed in head.content.get("recovery", ()):
            try:
                plain = own.open(base64.b64decode(str(sealed), validate=True), info=_INFO)
            except (DamagedSeal, binascii.Error):
                continue
            found.append(Master(own.root, plain[_KEY:]))
            return keys_from(plain[:_KEY], head)
        raise BadInput(_NOT_TO_IT)

    return Backup(path, keys_of), found[0]
