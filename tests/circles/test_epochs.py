"""Epoch keys are believed only where they lead back to what was seen; each fault is planted and refused."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tejido.circles.actions import begin_epoch, memberships_of, open_keyring
from tejido.circles.epochs import Signer, Vouching, commitment, grant
from tejido.circles.membership import remove_member
from tejido.circles.models import EpochKey, KnownKeys, Member
from tejido.circles.standings import AlteredStanding
from tejido.domain.errors import DamagedSeal, WorkspaceLocked
from tejido.vault import member_keys, passphrase
from tejido.vault.journal import writing
from tejido.vault.keyring import FILE_KEY, Keyring, using
from tejido.vault.member_keys import OwnKeys, PublicKeys, SubstitutedKey, seal_to, sign, statement, verify
from tejido.vault.slots import Master
from tests.circles.companions import TODAY, House, house
from tests.conftest import TEST_FILE_KEY


@pytest.fixture
def ribera(db: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setattr(passphrase, "MEMORY_KIB", 64)
    monkeypatch.setattr(passphrase, "TIME", 1)
    yield house(tmp_path / "w")
    FILE_KEY.put(TEST_FILE_KEY)


def new_epoch(place: House, master: Master) -> None:
    """Begin an epoch as the account of ``master``."""
    with place.at_work(master) as by, writing(by=by, action="circle.begin_epoch") as entry:
        begin_epoch(by.circle_id, entry)


def intruder(line: EpochKey, victim: PublicKeys, *, epoch: int) -> EpochKey:
    """Return a line that seals a key of an intruder's own making to ``victim``."""
    signer = Signer(line.account, os.urandom(32))
    return grant(line.circle_id, epoch, b"\x66" * 32, to=line.account, keys=victim, signer=signer)


def test_a_member_accepts_an_epoch_begun_by_somebody_who_came_later(ribera: House) -> None:
    bruno = ribera.joined("Bruno", "coordinator")
    open_keyring(bruno)
    carla = ribera.joined("Carla", "coordinator")
    new_epoch(ribera, carla)
    new_epoch(ribera, ribera.founder)
    assert {max(one) for one in open_keyring(bruno).exported().values()} == {3}


def test_an_epoch_begun_by_somebody_let_go_is_refused(ribera: House) -> None:
    """Bruno kept his keys and can write to the database: he lays an epoch of his own over the circle's."""
    bruno, carla = ribera.joined("Bruno", "coordinator"), ribera.joined("Carla")
    open_keyring(carla)
    held = open_keyring(bruno)
    with ribera.at_work(ribera.founder) as alba:
        (his,) = memberships_of(bruno.account, today=TODAY)
        remove_member(by=alba, workspace=ribera.place, member_id=his.pk)
    open_keyring(carla)
    circle = EpochKey.objects.all()[0].circle_id
    public = {master.account: OwnKeys(master.secret).public for master in (bruno, carla)}
    for epoch, key in ((2, b"\x66" * 32), (3, b"\x66" * 32)):
        for account, keys in public.items():
            EpochKey.objects.filter(circle_id=circle, epoch=epoch, account=account).delete()
            grant(circle, epoch, key, to=account, keys=keys, signer=Signer.of(held)).save()
    with pytest.raises(SubstitutedKey):
        open_keyring(carla)


Fault = Callable[[EpochKey, PublicKeys], object]


def _save(line: EpochKey, **values: object) -> None:
    EpochKey.objects.filter(pk=line.pk).update(**values)


def _replace(line: EpochKey, other: EpochKey) -> None:
    line.delete()
    other.save()


FAULTS: dict[str, Fault] = {
    "another key, unsigned": lambda line, keys: _save(
        line, wrapped=intruder(line, keys, epoch=line.epoch).wrapped, commitment=commitment(b"\x66" * 32)
    ),
    "another key, signed by a stranger": lambda line, keys: _replace(line, intruder(line, keys, epoch=line.epoch)),
    "a key without its commitment": lambda line, keys: _save(line, commitment=b""),
    "the line of another epoch": lambda line, keys: _save(
        line, wrapped=EpochKey.objects.get(account=line.account, epoch=1).wrapped
    ),
    "the line of another account": lambda line, keys: _save(
        line, wrapped=EpochKey.objects.exclude(account=line.account).filter(epoch=line.epoch)[0].wrapped
    ),
    "an unknown version": lambda line, keys: _save(line, wrapped=b"\x02" + bytes(line.wrapped)[1:]),
    "a flipped bit": lambda line, keys: _save(
        line, wrapped=bytes(line.wrapped)[:-1] + bytes([bytes(line.wrapped)[-1] ^ 1])
    ),
    "a cut": lambda line, keys: _save(line, wrapped=bytes(line.wrapped)[:-3]),
    "somebody else's signature": lambda line, keys: _save(
        line, signature=EpochKey.objects.exclude(pk=line.pk).filter(epoch=line.epoch)[0].signature
    ),
    "another holder": lambda line, keys: _save(line, holder=b"\x00" * 32),
    "nobody vouches": lambda line, keys: EpochKey.objects.filter(epoch=line.epoch).exclude(pk=line.pk).delete(),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_line_is_refused(ribera: House, fault: str) -> None:
    bruno = ribera.joined("Bruno")
    new_epoch(ribera, ribera.founder)
    line = EpochKey.objects.get(account=bruno.account, epoch=2)
    FAULTS[fault](line, OwnKeys(bruno.secret).public)
    with pytest.raises(DamagedSeal):
        open_keyring(bruno)


@pytest.mark.parametrize("fault", ["another key, signed by a stranger", "another holder", "nobody vouches"])
def test_it_is_the_vouching_that_refuses(ribera: House, fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: a version that asks nobody to vouch takes the intruder's key for the circle's."""
    bruno = ribera.joined("Bruno")
    new_epoch(ribera, ribera.founder)
    line = EpochKey.objects.get(account=bruno.account, epoch=2)
    FAULTS[fault](line, OwnKeys(bruno.secret).public)
    monkeypatch.setattr(Vouching, "demand", lambda *given: None)
    assert max(next(iter(open_keyring(bruno).exported().values()))) == 2


def test_an_older_state_laid_over_a_newer_one_is_refused(ribera: House) -> None:
    bruno = ribera.joined("Bruno")
    new_epoch(ribera, ribera.founder)
    open_keyring(bruno)
    EpochKey.objects.filter(epoch=2).delete()
    with pytest.raises(SubstitutedKey):
        open_keyring(bruno)


def test_an_epoch_seen_before_cannot_be_changed_afterwards(ribera: House) -> None:
    bruno = ribera.joined("Bruno")
    line = EpochKey.objects.get(account=bruno.account)
    line.delete()
    intruder(line, OwnKeys(bruno.secret).public, epoch=1).save()
    with pytest.raises(SubstitutedKey):
        open_keyring(bruno)


def test_what_was_seen_is_neither_altered_nor_taken_away(ribera: House) -> None:
    bruno = ribera.joined("Bruno")
    kept = KnownKeys.objects.get(account=bruno.account)
    other = KnownKeys.objects.get(account=ribera.founder.account)
    KnownKeys.objects.filter(account=bruno.account).update(sealed=other.sealed)
    with pytest.raises(DamagedSeal):
        open_keyring(bruno)
    kept.delete()
    with pytest.raises(SubstitutedKey):
        open_keyring(bruno)


def test_keys_are_not_handed_on_to_a_public_key_put_into_a_record(ribera: House) -> None:
    """Somebody who once had the circle's key writes a public key of theirs into Bruno's record."""
    bruno = ribera.joined("Bruno")
    with ribera.at_work(ribera.founder) as alba:
        record = Member.objects.get(account=bruno.account)
        kept = {**record.keys, **OwnKeys(b"\x66" * 32).public.kept()}
        with writing(by=alba, action="member.change_role") as entry:
            record.keys = kept
            record.save()
            entry.about("circles.circle", record.circle_id)
    with pytest.raises(AlteredStanding):
        new_epoch(ribera, ribera.founder)
    assert not EpochKey.objects.filter(epoch=2).exists()


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=80), st.binary(max_size=20), st.data())
@settings(max_examples=25, deadline=None)
def test_what_is_sealed_to_an_account_opens_there_and_unaltered_only(
    root: bytes, plain: bytes, info: bytes, data: st.DataObject
) -> None:
    own = OwnKeys(root)
    sealed = seal_to(own.public.seal, plain, info=info)
    assert own.open(sealed, info=info) == plain
    at = data.draw(st.integers(0, len(sealed) * 8 - 1))
    bent = bytearray(sealed)
    bent[at // 8] ^= 1 << at % 8
    for altered, said in ((bytes(bent), info), (sealed, info + b"x"), (sealed[:-1], info), (b"", info)):
        with pytest.raises(DamagedSeal):
            own.open(altered, info=said)
    with pytest.raises(DamagedSeal):
        OwnKeys(bytes([root[0] ^ 1]) + root[1:]).open(sealed, info=info)


@given(st.lists(st.binary(max_size=9), max_size=4), st.lists(st.binary(max_size=9), max_size=4))
def test_two_statements_are_never_one_text(one: list[bytes], other: list[bytes]) -> None:
    assert (statement("k", *one) == statement("k", *other)) == (one == other)


def test_a_signature_holds_for_one_statement_and_one_key() -> None:
    seed = b"\x01" * 32
    key = member_keys.public_signing_key(seed)
    verify(key, sign(seed, b"this"), b"this")
    for wrong in (
        (key, sign(seed, b"this"), b"that"),
        (b"\x00" * 32, sign(seed, b"this"), b"this"),
        (key, b"", b"this"),
    ):
        with pytest.raises(SubstitutedKey):
            verify(*wrong)


def test_public_keys_of_another_version_or_shape_are_refused() -> None:
    kept = OwnKeys(b"\x01" * 32).public.kept()
    assert PublicKeys.from_kept(kept) == OwnKeys(b"\x01" * 32).public
    for bent in ({**kept, "version": 2}, {**kept, "sign": "AAAA"}, {**kept, "seal": "?"}, {"version": 1}, {}):
        with pytest.raises(DamagedSeal):
            PublicKeys.from_kept(bent)


def test_a_keyring_of_nobody_hands_nothing_on() -> None:
    with pytest.raises(WorkspaceLocked):
        Signer.of(Keyring({}))
    with using(None):
        assert Signer(Master(b"\x01" * 32).account, b"\x02" * 32)
