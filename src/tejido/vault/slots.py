"""The key slots of a workspace, in ``workspace.json``.

::

    format    2
    id        the workspace's own random id
    database  a PostgreSQL address, or null for the encrypted file
    kdf       how a passphrase is stretched: Argon2id and its parameters, one salt
    slots     kind, name, holder, wrapped: one for each way in
    renewed   a newer key of the file, sealed to each account, where there is one (see ``renewing``)
    seal      a keyed digest over all of it

A slot is anonymous. What is typed (passphrase, handle, key file) is stretched **once**, whoever asks; from that come
the *name* of a slot, which is compared with every slot there is, and the key that unwraps it. No handle is stored,
so there is none to find. What a slot wraps is the account's root secret and the key of the file; *holder* says to
those who have the key of the file, and to nobody else, whose slot it is. Who alters the file in any way, the address
of the database too, is found out by the seal before a connection is made.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal
from uuid import UUID

from tejido.domain.errors import BadInput, DamagedSeal, WrongPassphrase
from tejido.domain.words import N_
from tejido.vault import renewing
from tejido.vault.member_keys import PublicKeys
from tejido.vault.passphrase import SALT, Stretched, parameters, stretch
from tejido.vault.seal import derive, unwrap, wrap

FORMAT: Final = 2
Kind = Literal["passphrase", "invitation", "recovery", "guardians", "paper"]
Config = Mapping[str, Any]
_PAYLOAD = 64  # bytes: an account's root and the key of the file
_TAKEN = N_("These words cannot be used here. Nothing was changed; choose another handle or another passphrase.")


@dataclass(frozen=True)
class Master:
    """What a slot opens: the root ``secret`` of an account and, with it, the key of the file.

    ``shared`` is that key; where it is not given it follows from the secret: that is so for whoever founded the
    workspace.
    """

    secret: bytes
    shared: bytes = b""

    def __post_init__(self) -> None:
        if not self.shared:
            object.__setattr__(self, "shared", derive(self.secret, "file"))

    @property
    def account(self) -> UUID:
        """The account's opaque id."""
        return UUID(bytes=derive(self.secret, "account", 16))

    @property
    def file_key(self) -> bytes:
        """The raw key of the encrypted database file."""
        return self.shared

    @property
    def circle_wrapping_key(self) -> bytes:
        """The key under which the first version wrapped circle keys."""
        return derive(self.secret, "circles")


def plain_handle(handle: str) -> str:
    """Return a handle as it is compared: one way of writing it, capitals and outer spaces aside."""
    return " ".join(unicodedata.normalize("NFKC", handle).casefold().split())


def new_config(database: str | None) -> dict[str, Any]:
    """Return the content of a new ``workspace.json``, without a slot yet."""
    kdf = {**parameters(), "salt": _text(os.urandom(SALT))}
    return {"format": FORMAT, "id": os.urandom(16).hex(), "database": database, "kdf": kdf, "slots": [], "seal": ""}


def stretched_for(config: Config, passphrase: str, *, handle: str = "", key_file: bytes = b"") -> Stretched:
    """Stretch what was typed, once, for this workspace.

    ``DamagedSeal`` if the stored parameters are not those this version writes: weakened ones are never obeyed.
    """
    kdf = config.get("kdf")
    expected = parameters()
    if not isinstance(kdf, dict) or {name: kdf.get(name) for name in expected} != expected:
        raise DamagedSeal
    salt = _bytes(kdf.get("salt"))
    if len(salt) != SALT:
        raise DamagedSeal
    mixed = hashlib.sha256(salt + plain_handle(handle).encode("utf-8", "surrogatepass")).digest()[:SALT]
    return stretch(passphrase, mixed, key_file=key_file)


def with_slot(config: Config, stretched: Stretched, master: Master, *, kind: Kind = "passphrase") -> dict[str, Any]:
    """Return ``config`` with one more slot; ``BadInput`` if the same words open another one already."""
    name = _name(stretched)
    if _found(config, name) is not None:
        raise BadInput(_TAKEN)
    payload = master.secret + master.file_key
    slot = {
        "kind": kind,
        "name": _text(name),
        "holder": _text(
            wrap(_holders(master.file_key), master.account.bytes, purpose=_purpose(config, "holder", name))
        ),
        "wrapped": _text(wrap(stretched.key, payload, purpose=_purpose(config, kind, name))),
    }
    return {**config, "slots": [*_slots(config), slot]}


def without_slot(config: Config, stretched: Stretched) -> dict[str, Any]:
    """Return ``config`` without the slot that these words open."""
    gone = _found(config, _name(stretched))
    return {**config, "slots": [slot for slot in _slots(config) if slot is not gone]}


def without_account(config: Config, file_key: bytes, account: UUID) -> dict[str, Any]:
    """Return ``config`` without any slot of ``account``."""
    return {**config, "slots": [slot for slot in _slots(config) if holder_of(config, slot, file_key) != account]}


def without_kinds(
    config: Config, file_key: bytes, account: UUID, kinds: Collection[str], *, but: Stretched | None = None
) -> dict[str, Any]:
    """Return ``config`` without those slots of ``account`` that are of one of ``kinds``; the slot of ``but`` stays."""
    stays = _found(config, _name(but)) if but else None
    gone = [
        slot
        for slot in _slots(config)
        if slot.get("kind") in kinds and slot is not stays and holder_of(config, slot, file_key) == account
    ]
    return {**config, "slots": [slot for slot in _slots(config) if slot not in gone]}


def renewed(config: Config, old: bytes, new: bytes, holders: Mapping[UUID, PublicKeys]) -> dict[str, Any] | None:
    """Return ``config`` under a ``new`` key of the file, sealed to ``holders``; None if they are not everybody."""
    accounts = {holder_of(config, slot, old) for slot in _slots(config)}
    if not accounts <= set(holders):
        return None
    slots_now = [_held_under(config, slot, old, new) for slot in _slots(config)]
    kept = {name: value for name, value in config.items() if name != renewing.DUE}
    keys = renewing.sealed_keys(config, new, {account: holders[account] for account in accounts})
    return {**kept, "slots": slots_now, renewing.KEYS: keys, renewing.FORMER: renewing.former_kept(new, old)}


def _held_under(config: Config, slot: dict[str, Any], old: bytes, new: bytes) -> dict[str, Any]:
    account, purpose = holder_of(config, slot, old), _purpose(config, "holder", _bytes(slot.get("name")))
    return {**slot, "holder": _text(wrap(_holders(new), account.bytes, purpose=purpose))}


def kinds_of(config: Config, file_key: bytes, account: UUID) -> list[str]:
    """Return of which kinds the ways into ``account`` are."""
    return [str(slot.get("kind")) for slot in _slots(config) if holder_of(config, slot, file_key) == account]


def demand_seal(config: Config, file_key: bytes) -> None:
    """Raise ``DamagedSeal`` if anything in the file was altered."""
    if not hmac.compare_digest(_digest(config, file_key), _bytes(config.get("seal"))):
        raise DamagedSeal


def holder_of(config: Config, slot: Config, file_key: bytes) -> UUID:
    """Return whose slot it is."""
    name = _bytes(slot.get("name"))
    raw = unwrap(_holders(file_key), _bytes(slot.get("holder")), purpose=_purpose(config, "holder", name))
    return UUID(bytes=raw)


def opened(config: Config, stretched: Stretched, *, kind: Kind = "passphrase") -> Master:
    """Return what the slot of these words wraps, once the seal of the whole file holds.

    Every slot is compared, in the same time whichever it is. ``WrongPassphrase`` if none is of these words,
    ``DamagedSeal`` if it, or anything else of the file, was altered.
    """
    master = _unwrapped(config, stretched, kind)
    demand_seal(config, master.file_key)
    return master


def opened_portable(kept: Config, passphrase: str, *, handle: str = "", key_file: bytes = b"") -> Master:
    """Return what the slot of these words in a backup's head wraps; the backup's own stream proves the rest of it."""
    return _unwrapped(kept, stretched_for(kept, passphrase, handle=handle, key_file=key_file), "passphrase")


def sealed_config(config: Config, file_key: bytes) -> dict[str, Any]:
    """Return ``config`` with its seal."""
    return {**config, "seal": _text(_digest(config, file_key))}


def portable(config: Config) -> dict[str, Any]:
    """Return what a backup carries: everything but where the database was."""
    return {name: value for name, value in config.items() if name not in {"database", "seal", renewing.FORMER}}


def _unwrapped(config: Config, stretched: Stretched, kind: Kind) -> Master:
    name = _name(stretched)
    slot = _found(config, name)
    if slot is None or slot.get("kind") != kind:
        raise WrongPassphrase
    payload = unwrap(stretched.key, _bytes(slot.get("wrapped")), purpose=_purpose(config, kind, name))
    if len(payload) != _PAYLOAD:
        raise DamagedSeal
    root, in_slot = payload[:32], payload[32:]
    return Master(root, renewing.current_key(config, root, Master(root).account, in_slot))


def _slots(config: Config) -> list[dict[str, Any]]:
    slots = config.get("slots")
    if not isinstance(slots, list) or not all(isinstance(slot, dict) for slot in slots):
        raise DamagedSeal
    return slots


def _found(config: Config, name: bytes) -> dict[str, Any] | None:
    found = None
    for slot in _slots(config):
        if hmac.compare_digest(_bytes(slot.get("name")), name):
            found = slot
    return found


def _digest(config: Config, file_key: bytes) -> bytes:
    said = json.dumps({name: value for name, value in config.items() if name != "seal"}, sort_keys=True)
    return hmac.digest(derive(file_key, "workspace file"), said.encode("utf-8", "surrogatepass"), "sha256")


def _name(stretched: Stretched) -> bytes:
    return stretched.verifier


def _holders(file_key: bytes) -> bytes:
    return derive(file_key, "slot holders")


def _purpose(config: Config, kind: str, name: bytes) -> str:
    return f"slot/{FORMAT}/{config.get('id')}/{kind}/{name.hex()}"


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _bytes(text: object) -> bytes:
    try:
        return base64.b64decode(str(text), validate=True)
    except (ValueError, binascii.Error):
        raise DamagedSeal from None
