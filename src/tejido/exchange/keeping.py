"""Keys of lists: which record of the workspace a key of a list means, and what the list last said of it."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from tejido.circles.models import CircleRecord
from tejido.domain.errors import DossierGone
from tejido.exchange.models import ExternalKey
from tejido.fabric.models import Actor, Presence, Territory, Tie
from tejido.incidents.models import Incident
from tejido.vault.keyring import current

#: The kinds of record that a list knows by a key, and their models.
KEYED: dict[str, type[CircleRecord]] = {
    "territory": Territory,
    "actor": Actor,
    "tie": Tie,
    "presence": Presence,
    "incident": Incident,
}
_MOST_AT_ONCE = 400
_MOST_REMEMBERED = 20_000


@dataclass(slots=True)
class Known:
    """A key that the workspace knew before: its row, and whether the record it means is still there."""

    line: ExternalKey
    there: bool

    @property
    def said(self) -> dict[str, str]:
        """What the list last said, per field, as digests; nothing if it went with an erased dossier."""
        if not self.opens:
            return {}
        return cast("dict[str, str]", self.line.told.get("said", {}))

    @property
    def opens(self) -> bool:
        """Whether what the list said can still be opened; not after its dossier was erased."""
        try:
            return self.line.told is not None
        except DossierGone:
            return False


def dossier_of_keyed(kind: str, identity: UUID, values: Mapping[str, object]) -> UUID | None:
    """Return the dossier of a record that a list knows by a key, by its ``kind``, its id and its values."""
    if kind in ("actor", "incident"):
        return identity
    holder = values.get({"tie": "from_actor_id", "presence": "actor_id"}.get(kind, ""))
    return holder if isinstance(holder, UUID) else None


class Keys:
    """The keys of one list in one circle."""

    def __init__(self, circle: UUID, list_name: str) -> None:
        self._secret = current().derived(circle, "external keys")
        self._list = " ".join(list_name.casefold().split())
        self._circle = circle
        self._any = ExternalKey.objects.filter(circle=circle).exists()
        self._before: dict[bytes, Known] = {}
        self._digests: dict[tuple[str, str], bytes] = {}

    @property
    def list_name(self) -> str:
        """The name of the list, in its one form."""
        return self._list

    def digest(self, kind: str, key: str) -> bytes:
        """Return the keyed digest of a key."""
        place = (kind, key)
        known = self._digests.get(place)
        if known is None:
            if len(self._digests) >= _MOST_REMEMBERED:
                self._digests.clear()
            known = self._digests[place] = digest(self._secret, self._list, kind, key)
        return known

    @property
    def is_empty(self) -> bool:
        """Say whether no list was ever taken in here, so that there is nothing to look up."""
        return not self._any

    def look_up(self, wanted: Iterable[bytes]) -> None:
        """Find which of the ``wanted`` digests the workspace knows."""
        self._before.clear()
        if not self._any:
            return
        digests = list(dict.fromkeys(wanted))
        lines: list[ExternalKey] = []
        for start in range(0, len(digests), _MOST_AT_ONCE):
            part = digests[start : start + _MOST_AT_ONCE]
            lines.extend(ExternalKey.objects.filter(digest__in=part))
        there: set[UUID] = set()
        for kind, model in KEYED.items():
            ids = [line.subject for line in lines if line.noun == kind]
            for start in range(0, len(ids), _MOST_AT_ONCE):
                there.update(
                    model._default_manager.filter(pk__in=ids[start : start + _MOST_AT_ONCE]).values_list(
                        "pk", flat=True
                    )
                )
        for line in lines:
            self._before[bytes(line.digest)] = Known(line, line.subject in there)

    def before(self, digest: bytes) -> Known | None:
        """Return what the workspace knew under ``digest``, among those looked up."""
        return self._before.get(digest)

    def told(self, key: str, said: dict[str, str]) -> dict[str, object]:
        """Return what to keep, sealed, of a key."""
        return {"list": self._list, "key": key, "said": said}


def digest(secret: bytes, list_name: str, kind: str, key: str) -> bytes:
    """Return the keyed digest of a key of a list."""
    return hmac.digest(secret, f"{kind}|{list_name}|{key}".encode("utf-8", "surrogatepass"), "sha256")
