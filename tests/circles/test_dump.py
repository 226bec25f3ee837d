"""Whoever carries a dump away while two members are logged in opens nothing with it and becomes nobody.

Everything that rests is taken: every cell of every table, the key store, the first file. Each stored value is tried as
every kind of key, and as a cookie.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from tejido.circles.actions import open_keyring
from tejido.circles.epochs import _info
from tejido.circles.models import EpochKey, KnownKeys
from tejido.domain.errors import DamagedSeal
from tejido.fabric.models import Actor
from tejido.vault import keystore, slots
from tejido.vault.dossier_keys import WrappingKey, is_granted
from tejido.vault.keyring import Keyring
from tejido.vault.member_keys import OwnKeys
from tejido.vault.models import JournalEntry, Session
from tejido.vault.seal import DossierKey, Place, derive, unwrap
from tejido.vault.sessions import BOOT_SECRET
from tests.circles.both import HERE, THERE, Two
from tests.circles.test_sharing import shared

Browsers = Callable[[str, str], Client]
_SMALLEST, _STRIDE = 16, 16


@dataclass
class Taken:
    """What was carried away, and who was logged in meanwhile."""

    two: Two
    bruno: Client
    carla: Client
    cells: set[bytes]
    config: dict[str, Any]


@pytest.fixture
def taken(two: Two, browsers: Browsers) -> Taken:
    """Two members at work in two circles, one dossier shared between them."""
    shared(two, two.people_of[HERE])
    bruno, carla = browsers("Bruno", HERE), browsers("Carla", THERE)
    assert bruno.get("/").status_code == carla.get("/").status_code == 200
    assert Session.objects.count() == 2
    config = json.loads((two.house.place.directory / "workspace.json").read_text())
    ours = (*two.people_of.values(), *two.incidents.values())
    rows = [(row.dossier.bytes, row.wrapped) for row in keystore.of_process().rows_of(ours)]
    texts = [text for slot in config["slots"] for text in slot.values()] + [config["seal"], config["kdf"]["salt"]]
    cells = {*_cells(), *(part for row in rows for part in row), *(text.encode() for text in texts)}
    return Taken(two, bruno, carla, cells, config)


def _cells() -> Iterator[bytes]:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                yield from (
                    bytes(one) if isinstance(one, bytes | memoryview) else str(one).encode() for one in row if one
                )


def _candidates(cells: Iterable[bytes]) -> set[bytes]:
    """Return what of the stored values could be a key: as it is, in pieces, read as hex or base64, hashed."""
    found: set[bytes] = set()
    for cell in cells:
        raw = [cell]
        with suppress(ValueError):
            raw.append(bytes.fromhex(cell.decode()))
        with suppress(ValueError):
            raw.append(b64decode(cell, validate=True))
        for one in raw:
            if len(one) >= _SMALLEST:
                pieces = [one[at : at + 32] for at in range(0, min(len(one), 512), _STRIDE)]
                found |= {piece for piece in (*pieces, one[-32:], hashlib.sha256(one).digest()) if len(piece) == 32}
    return found


class Locks:
    """One of everything that is sealed; ``opened_by`` says which a key opens."""

    def __init__(self, taken: Taken) -> None:
        self.config, self.slot = taken.config, taken.config["slots"][0]
        self.sessions, self.notes = list(Session.objects.all()), KnownKeys.objects.all()[0]
        rows = keystore.of_process().rows(taken.two.people_of[HERE])
        self.row = next(row for row in rows if not is_granted(row))
        self.line = EpochKey.objects.exclude(wrapped=b"").order_by("pk")[0]
        self.entry = JournalEntry.objects.order_by("seq")[0]
        actor = Actor.objects.get(pk=self.row.dossier)
        self.place = Place("fabric_actor", actor.pk, "names", actor.revision)
        self.names = bytes(actor.__dict__["names"])

    def opened_by(self, key: bytes) -> set[str]:
        tries: dict[str, Callable[[], object]] = {
            "session": lambda: [self._session(one, key) for one in self.sessions],
            "other session": lambda: [self._session(one, key) for one in reversed(self.sessions)],
            "notes": lambda: unwrap(key, bytes(self.notes.sealed), purpose=f"known keys/{self.notes.account.hex}"),
            "slot": lambda: self._slot("wrapped", key, self.slot["kind"]),
            "file": lambda: self._slot("holder", derive(key, "slot holders"), "holder"),
            "dossier key": lambda: WrappingKey(key, circle=self.row.circle, epoch=self.row.epoch).unwrap(self.row),
            "root": lambda: OwnKeys(key).open(
                bytes(self.line.wrapped), info=_info(self.line.circle_id, self.line.epoch, self.line.account)
            ),
            "dossier": lambda: DossierKey(key, dossier=self.row.dossier, circle=self.row.circle).open(
                self.names, self.place
            ),
            "epoch": lambda: Keyring({self.entry.circle: {1: key}}).open(
                self.entry.circle, bytes(self.entry.body), Place("vault_journal", self.entry.id, "body", 1)
            ),
        }
        opened = set()
        for name, attempt in tries.items():
            with suppress(DamagedSeal):
                attempt()
                opened.add(name)
        return opened

    def _session(self, one: Session, key: bytes) -> bytes:
        return unwrap(key, bytes(one.data), purpose=f"session/{one.row}")

    def _slot(self, part: str, key: bytes, kind: str) -> bytes:
        purpose = slots._purpose(self.config, kind, b64decode(self.slot["name"]))
        return unwrap(key, b64decode(self.slot[part]), purpose=purpose)


def _cookie(browser: Client) -> str:
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


def _comes_in(cookie: str) -> bool:
    browser = Client(headers={"accept-language": "en"})
    browser.cookies[settings.SESSION_COOKIE_NAME] = cookie
    return browser.get("/").status_code == 200


def test_no_stored_value_opens_anything(taken: Taken) -> None:
    locks, tried = Locks(taken), _candidates(taken.cells)
    assert len(tried) > 1000
    assert {name for key in tried for name in locks.opened_by(key)} == set()


def test_a_key_that_lay_among_the_stored_values_would_be_found(taken: Taken) -> None:
    """Planted: each key that matters, as somebody might have written it down."""
    locks, house = Locks(taken), taken.two.house
    ring = open_keyring(house.founder)
    epoch = ring.exported()[locks.row.circle][locks.row.epoch]
    data_key = WrappingKey(epoch, circle=locks.row.circle, epoch=locks.row.epoch).unwrap(locks.row)
    first = ring.exported()[locks.entry.circle][1]
    masters = {master.account: master for master in taken.two.people.values()}
    notes = OwnKeys(masters[locks.notes.account].secret).notes_key
    cookie = derive(_cookie(taken.bruno).encode() + BOOT_SECRET, "session data")
    planted = {
        "dossier key": epoch, "dossier": data_key, "epoch": first, "notes": notes,
        "root": masters[locks.line.account].secret, "file": house.founder.file_key,
    }  # fmt: skip
    for name, key in planted.items():
        for written in (key, key.hex().encode(), b"before it, 16 B." + key):
            assert name in {one for tried in _candidates([written]) for one in locks.opened_by(tried)}, name
    assert [one.row for one in locks.sessions if _opens(locks, one, cookie)] != []


def _opens(locks: Locks, one: Session, key: bytes) -> bool:
    with suppress(DamagedSeal):
        return bool(locks._session(one, key))
    return False


def test_no_stored_value_is_a_cookie(taken: Taken) -> None:
    assert _comes_in(_cookie(taken.bruno)) and _comes_in(_cookie(taken.carla))
    for one in Session.objects.all():
        data = bytes(one.data)
        digests = [bytes.fromhex(one.row), bytes.fromhex(one.boot), data[:32], data[12:44], data[-32:]]
        forms = [text for raw in digests for text in (raw.hex(), urlsafe_b64encode(raw).decode().rstrip("="))]
        assert not [text for text in (one.row, one.boot, *forms) if _comes_in(text)]


def test_whoever_can_write_to_the_database_takes_over_no_session(taken: Taken) -> None:
    mine, theirs = (hashlib.sha256(b"row" + _cookie(one).encode()).hexdigest() for one in (taken.bruno, taken.carla))
    Session.objects.filter(row=mine).update(data=Session.objects.get(row=theirs).data)
    assert not _comes_in(_cookie(taken.bruno)), "what was sealed for another session opens none"
    assert _comes_in(_cookie(taken.carla))
    Session.objects.filter(row=theirs).update(row=hashlib.sha256(b"row" + b"chosen").hexdigest())
    assert not _comes_in("chosen")
