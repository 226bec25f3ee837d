"""Each dossier has its own key: what is altered, moved, swapped, replayed or of an unknown version is refused."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from tejido.domain.errors import DamagedSeal, DossierGone, TejidoError, WorkspaceLocked
from tejido.fabric.models import Actor, Presence
from tejido.incidents.models import Incident
from tejido.vault import keystore, seal
from tejido.vault.dossier_keys import WrappingKey
from tejido.vault.dossier_paths import CIRCLE_WIDE, DOSSIER_PATHS, ROOT, TOLD
from tejido.vault.journal import writing
from tejido.vault.keyring import Keyring, current, using
from tejido.vault.keystore import KeyRow, KeyStore
from tejido.vault.models import SealedRecord
from tejido.vault.records import change, create, create_all
from tejido.vault.seal import DossierKey, Place, dossier_of

KEY, CIRCLE, DOSSIER = b"\5" * 32, UUID(int=1), UUID(int=2)
PLACE = Place("fabric_actor", UUID(int=3), "names", 4)


def _key(key: bytes = KEY, dossier: UUID = DOSSIER, circle: UUID = CIRCLE) -> DossierKey:
    return DossierKey(key, dossier=dossier, circle=circle)


@given(st.binary(max_size=3000))
def test_what_was_sealed_opens_where_it_was_sealed(plain: bytes) -> None:
    sealed = _key().seal(plain, PLACE)
    assert dossier_of(sealed) == DOSSIER
    assert _key().open(sealed, PLACE) == plain
    assert plain not in sealed or len(plain) < 8


def test_every_flipped_byte_and_every_cut_is_refused() -> None:
    sealed = _key().seal(b"Ana", PLACE)
    for at in range(len(sealed)):
        bent = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        for wrong in (bent, sealed[:at]):
            with pytest.raises(DamagedSeal):
                _key().open(wrong, PLACE)


@pytest.mark.parametrize(
    ("opener", "place"),
    [
        (_key(), PLACE._replace(table="incidents_incident")),
        (_key(), PLACE._replace(field="about")),
        (_key(), PLACE._replace(record=UUID(int=9))),
        (_key(), PLACE._replace(revision=3)),
        (_key(dossier=UUID(int=9)), PLACE),
        (_key(circle=UUID(int=9)), PLACE),
        (_key(key=b"\6" * 32), PLACE),
    ],
)
def test_a_value_in_another_place_does_not_open(opener: DossierKey, place: Place) -> None:
    sealed = _key().seal(b"Ana", PLACE)
    with pytest.raises(DamagedSeal):
        opener.open(sealed, place)


def test_the_guard_of_places_is_what_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    """A planted fault: without the associated data, an old revision would open."""
    monkeypatch.setattr(DossierKey, "_associated", lambda *_: b"")
    assert _key().open(_key().seal(b"Ana", PLACE), PLACE._replace(revision=3)) == b"Ana"


def test_the_commitment_is_what_refuses_a_second_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """A planted fault: it is asked before anything is decrypted."""
    asked: list[bytes] = []

    def never(one: bytes, _other: bytes) -> bool:
        asked.append(one)
        return False

    monkeypatch.setattr("tejido.vault.seal.hmac.compare_digest", never)
    with pytest.raises(DamagedSeal):
        _key().open(_key().seal(b"Ana", PLACE), PLACE)
    assert len(asked) == 1


@pytest.mark.parametrize("version", [0, 3, 255])
def test_unknown_versions_are_refused(version: int) -> None:
    sealed = bytes([version]) + _key().seal(b"Ana", PLACE)[1:]
    with pytest.raises(DamagedSeal):
        dossier_of(sealed)
    with pytest.raises(DamagedSeal):
        _key().open(sealed, PLACE)


def _rewrite(change_row: Callable[[KeyRow], KeyRow]) -> KeyRow:
    row = WrappingKey(b"\1" * 32, circle=CIRCLE, epoch=3).wrap(DOSSIER, KEY)
    return change_row(row)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda row: row._replace(dossier=UUID(int=9)),
        lambda row: row._replace(circle=UUID(int=9)),
        lambda row: row._replace(epoch=2),
        lambda row: row._replace(wrapped=b"\x03" + row.wrapped[1:]),
        lambda row: row._replace(wrapped=row.wrapped[:-1]),
        lambda row: row._replace(wrapped=row.wrapped[:-1] + bytes([row.wrapped[-1] ^ 1])),
    ],
)
def test_a_wrapped_key_in_anothers_row_does_not_open(wrong: Callable[[KeyRow], KeyRow]) -> None:
    unwrapping = WrappingKey(b"\1" * 32, circle=CIRCLE, epoch=3)
    assert unwrapping.unwrap(_rewrite(lambda row: row)) == KEY
    with pytest.raises(DamagedSeal):
        unwrapping.unwrap(_rewrite(wrong))


def test_every_sealed_table_says_which_dossier_it_belongs_to() -> None:
    tables = {model._meta.db_table: model for model in apps.get_models() if issubclass(model, SealedRecord)}
    said = [*DOSSIER_PATHS, *TOLD, *CIRCLE_WIDE]
    assert len(said) == len(set(said))
    assert set(said) == set(tables)
    for table, path in DOSSIER_PATHS.items():
        if path != ROOT:
            tables[table]._default_manager.filter(**{path: uuid.uuid4()}).query.sql_with_params()
    for table, column in TOLD.items():
        tables[table]._meta.get_field(column)


def _actor(by: Any, name: str) -> Actor:
    with writing(by=by, action="test.make") as entry:
        return create(Actor(circle_id=by.circle_id, kind="person", names=[{"text": name}], about="nota"), entry)


def test_a_new_dossier_has_its_key_on_the_disk_and_nowhere_else(at_work: Any) -> None:
    made = _actor(at_work, "Ana")
    (row,) = KeyStore(keystore.of_process().path).rows(made.pk)
    assert row.circle == at_work.circle_id
    key = current().dossiers.opening(at_work.circle_id, made.pk).key
    assert key not in keystore.of_process().path.read_bytes()
    assert keystore.of_process().path.stat().st_mode & 0o777 == 0o600
    keystore.of_process().destroy([made.pk])
    with using(Keyring(current().exported())), pytest.raises(DossierGone):
        _ = Actor.objects.get(pk=made.pk).names


def test_values_swapped_between_dossiers_or_tables_do_not_open(at_work: Any) -> None:
    one, two = _actor(at_work, "Ana"), _actor(at_work, "Luz")
    with writing(by=at_work, action="test.make") as entry:
        incident = create(Incident(circle_id=at_work.circle_id, title="x", summary="nota"), entry)
    with connection.cursor() as cursor:
        cursor.execute("SELECT about FROM fabric_actor ORDER BY born")
        first, second = (bytes(row[0]) for row in cursor.fetchall()[-2:])
    about, summary = Actor._meta.get_field("about"), Incident._meta.get_field("summary")
    assert about.opened(one, first) == about.opened(two, second) == "nota"
    for record, field, sealed in ((one, about, second), (two, about, first), (incident, summary, first)):
        with pytest.raises(TejidoError):
            field.opened(record, sealed)


def test_what_belongs_to_no_dossier_stays_under_the_circles_epoch(at_work: Any) -> None:
    """Version 1 goes on for the circle's own records, and what was sealed so before is still read."""
    assert bytes(type(at_work).objects.values_list("name", flat=True)[0])[0] == seal.UNDER_EPOCH
    made = _actor(at_work, "Ana")
    place = Place("fabric_actor", made.pk, "about", 1)
    old = current().seal(at_work.circle_id, b"antes", place)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE fabric_actor SET about = %s WHERE born = %s", [old, made.born])
    read = Actor.objects.get(pk=made.pk)
    assert read.about == "antes"
    with writing(by=at_work, action="test.change") as entry:
        change(read, entry, about="después")
    sealed = bytes(Actor.objects.filter(pk=made.pk).values_list("about", flat=True)[0])
    assert (sealed[0], dossier_of(sealed)) == (seal.IN_DOSSIER, made.pk)


def test_whoever_has_no_key_of_the_circle_opens_nothing(at_work: Any) -> None:
    made = _actor(at_work, "Ana")
    with using(Keyring({UUID(int=5): {1: KEY}})), pytest.raises(WorkspaceLocked):
        _ = Actor.objects.get(pk=made.pk).names


def test_many_dossiers_are_begun_in_one_write(at_work: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[int] = []
    plain = KeyStore.add

    def counted(store: KeyStore, rows: Any) -> None:
        written.append(len(rows))
        plain(store, rows)

    monkeypatch.setattr(KeyStore, "add", counted)
    with writing(by=at_work, action="test.make") as entry:
        create_all(Actor, [Actor(circle_id=at_work.circle_id, kind="person", about="x") for _ in range(50)], entry)
    assert written == [50]


def test_reading_a_child_opens_it_without_asking_its_parent(at_work: Any, django_assert_num_queries: Any) -> None:
    from tejido.fabric.models import Territory

    made = _actor(at_work, "Ana")
    with writing(by=at_work, action="test.make") as entry:
        place = create(Territory(circle_id=at_work.circle_id, kind="region", name="Valle"), entry)
        create(Presence(circle_id=at_work.circle_id, actor=made, territory=place, words="allí"), entry)
    read = Presence.objects.get()
    with django_assert_num_queries(0):
        assert read.words == "allí"


def test_rewrapping_keeps_every_key_and_leaves_what_was_destroyed_destroyed(tmp_path: Path) -> None:
    store = KeyStore(tmp_path / "keys.db")
    old, new = (WrappingKey(bytes([n]) * 32, circle=CIRCLE, epoch=n) for n in (1, 2))
    rows = [old.wrap(UUID(int=n), KEY) for n in range(100)]
    store.add(rows)
    fresh = [new.wrap(row.dossier, old.unwrap(row)) for row in rows]
    store.destroy([UUID(int=7)])
    assert store.rewrap(CIRCLE, fresh, old_epoch=1) == 99
    assert {row.epoch for row in store.every_row()} == {2}
    assert store.rows(UUID(int=7)) == []
    assert all(new.unwrap(row) == KEY for row in store.every_row())


def test_a_destroyed_key_leaves_no_bytes_in_the_file(tmp_path: Path) -> None:
    store = KeyStore(tmp_path / "keys.db")
    wrapping = WrappingKey(b"\1" * 32, circle=CIRCLE, epoch=1)
    rows = [wrapping.wrap(UUID(int=n), KEY) for n in range(300)]
    store.add(rows)
    assert rows[150].wrapped in store.path.read_bytes(), "the control"
    store.destroy([rows[150].dossier])
    assert rows[150].wrapped not in store.path.read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["keys.db"]


@pytest.mark.parametrize("content", [b"not a database, but long enough to be looked at " * 40, None])
def test_a_damaged_key_store_is_told(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "keys.db"
    if content is None:
        store = KeyStore(path)
        store.many()
        with store._writing() as raw:
            raw.execute("PRAGMA user_version = 77")
        store.close()
    else:
        path.write_bytes(content)
    with pytest.raises(DamagedSeal):
        KeyStore(path).many()
