"""Key slots: each opens its own account, none says whose it is, and nothing in the file can be altered unseen."""

from __future__ import annotations

import base64
import contextlib
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tejido.domain.errors import BadInput, DamagedSeal, WrongPassphrase
from tejido.vault import passphrase, slots
from tejido.vault.slots import Master
from tejido.vault.workspace import Workspace
from tests.personas import PASSPHRASE, WRONG_PASSPHRASE

OTHER = "other six words for somebody else"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stretch little: what is tested here is not the stretching."""
    monkeypatch.setattr(passphrase, "MEMORY_KIB", 64)
    monkeypatch.setattr(passphrase, "TIME", 1)


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    """A workspace of the founder, who has no handle, and of Bruno, who has one."""
    made = Workspace(tmp_path / "w")
    founder = made.create(PASSPHRASE)
    made.add_slot(Master(b"\x05" * 32, founder.file_key), OTHER, handle="Bruno")
    return made


def _content(place: Workspace) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((place.directory / "workspace.json").read_text())
    return content


def _write(place: Workspace, content: dict[str, Any]) -> None:
    (place.directory / "workspace.json").write_text(json.dumps(content))


def test_each_opens_their_own_account_and_all_the_same_file(place: Workspace) -> None:
    founder, bruno = place.unlock(PASSPHRASE), place.unlock(OTHER, handle=" BRUNO ")
    assert founder.file_key == bruno.file_key
    assert founder.secret != bruno.secret == b"\x05" * 32
    assert founder.account != bruno.account
    assert place.accounts(file_key=founder.file_key) == [founder.account, bruno.account]


@pytest.mark.parametrize(
    ("phrase", "handle"), [(PASSPHRASE, "Bruno"), (OTHER, ""), (OTHER, "Carla"), (WRONG_PASSPHRASE, "Bruno")]
)
def test_a_handle_and_a_passphrase_belong_together(place: Workspace, phrase: str, handle: str) -> None:
    with pytest.raises(WrongPassphrase):
        place.unlock(phrase, handle=handle)


def test_whoever_asks_one_stretching_is_done(place: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[bytes] = []
    stretch = passphrase.stretch

    def counted(phrase: str, salt: bytes, **more: bytes) -> passphrase.Stretched:
        done.append(salt)
        return stretch(phrase, salt, **more)

    monkeypatch.setattr(slots, "stretch", counted)
    for phrase, handle in ((PASSPHRASE, ""), (OTHER, "Bruno"), (WRONG_PASSPHRASE, "Bruno"), ("x" * 12, "nobody")):
        before = len(done)
        with contextlib.suppress(WrongPassphrase):
            place.unlock(phrase, handle=handle)
        assert len(done) == before + 1


def test_no_handle_and_no_account_stand_in_the_file(place: Workspace) -> None:
    text = (place.directory / "workspace.json").read_text()
    bruno = place.unlock(OTHER, handle="Bruno")
    assert "bruno" not in text.casefold()
    assert bruno.account.hex not in text
    raw = [base64.b64decode(slot["holder"]) for slot in _content(place)["slots"]]
    assert not any(bruno.account.bytes in one for one in raw)


def test_a_key_file_is_asked_for_as_well(tmp_path: Path) -> None:
    made = Workspace(tmp_path / "w")
    master = made.create(PASSPHRASE, key_file=b"a picture")
    assert made.unlock(PASSPHRASE, key_file=b"a picture").account == master.account
    for other in (b"", b"another picture"):
        with pytest.raises(WrongPassphrase):
            made.unlock(PASSPHRASE, key_file=other)


def test_changing_ones_words_leaves_the_others_alone(place: Workspace) -> None:
    bruno = place.unlock(OTHER, handle="Bruno")
    place.change_passphrase(OTHER, WRONG_PASSPHRASE, handle="Bruno", new_handle="B")
    assert place.unlock(WRONG_PASSPHRASE, handle="b").secret == bruno.secret
    assert place.unlock(PASSPHRASE)
    with pytest.raises(WrongPassphrase):
        place.unlock(OTHER, handle="Bruno")
    with pytest.raises(WrongPassphrase):
        place.change_passphrase(OTHER, "yet other words for it", handle="Bruno")


def test_words_that_open_another_slot_are_not_taken_twice(place: Workspace) -> None:
    founder = place.unlock(PASSPHRASE)
    with pytest.raises(BadInput):
        place.add_slot(Master(b"\x06" * 32, founder.file_key), OTHER, handle="bruno")
    with pytest.raises(BadInput):
        place.change_passphrase(PASSPHRASE, OTHER, new_handle="bruno")
    assert place.unlock(PASSPHRASE) == founder


def test_a_dropped_account_finds_no_way_in(place: Workspace) -> None:
    founder, bruno = place.unlock(PASSPHRASE), place.unlock(OTHER, handle="Bruno")
    place.drop_slots(bruno.account, file_key=founder.file_key)
    with pytest.raises(WrongPassphrase):
        place.unlock(OTHER, handle="Bruno")
    assert place.unlock(PASSPHRASE) == founder


def test_an_invitation_opens_no_session(place: Workspace) -> None:
    founder = place.unlock(PASSPHRASE)
    code = "a join code of some length"
    place.add_slot(Master(b"\x07" * 32, founder.file_key), code, kind="invitation")
    assert place.open_invitation(code).secret == b"\x07" * 32
    with pytest.raises(WrongPassphrase):
        place.unlock(code)
    with pytest.raises(WrongPassphrase):
        place.open_invitation(PASSPHRASE)


def _altered(content: dict[str, Any]) -> list[dict[str, Any]]:
    """Every way of altering the file that keeps the founder's own slot findable."""
    one, two = content["slots"]
    return [
        {**content, "database": "postgresql://intruder@elsewhere/n"},
        {**content, "id": "00" * 16},
        {**content, "slots": [one]},
        {**content, "slots": [two, one]},
        {**content, "slots": [one, two, two]},
        {**content, "slots": [{**one, "wrapped": two["wrapped"]}, two]},
        {**content, "slots": [{**one, "holder": two["holder"]}, two]},
        {**content, "slots": [one, {**two, "kind": "guardians"}]},
        {**content, "more": 1},
        {**content, "seal": ""},
        {**content, "seal": base64.b64encode(bytes(32)).decode()},
    ]


@pytest.mark.parametrize("which", range(11))
def test_an_altered_file_is_refused(place: Workspace, which: int) -> None:
    _write(place, _altered(_content(place))[which])
    with pytest.raises(DamagedSeal):
        place.unlock(PASSPHRASE)


def test_the_seal_is_what_finds_the_altered_address(place: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: a version that does not look at the seal obeys whoever wrote another address into the file."""
    _write(place, {**_content(place), "database": "postgresql://intruder@elsewhere/n"})
    monkeypatch.setattr(slots, "_digest", lambda config, key: base64.b64decode(config["seal"]))
    assert place.unlock(PASSPHRASE)


def test_an_older_copy_of_a_slot_in_a_newer_file_is_refused(place: Workspace) -> None:
    before = _content(place)
    place.change_passphrase(OTHER, WRONG_PASSPHRASE, handle="Bruno")
    now = _content(place)
    _write(place, {**now, "slots": [now["slots"][0], before["slots"][1]]})
    with pytest.raises(DamagedSeal):
        place.unlock(OTHER, handle="Bruno")


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32), st.data())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_flipped_bit_anywhere_in_a_wrap_is_refused(secret: bytes, shared: bytes, data: st.DataObject) -> None:
    config = slots.new_config(None)
    stretched = slots.stretched_for(config, PASSPHRASE, handle="x")
    master = Master(secret, shared)
    config = slots.sealed_config(slots.with_slot(config, stretched, master), master.file_key)
    assert slots.opened(config, stretched) == master
    raw = bytearray(base64.b64decode(config["slots"][0]["wrapped"]))
    at = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[at // 8] ^= 1 << at % 8
    bent = {**config, "slots": [{**config["slots"][0], "wrapped": base64.b64encode(raw).decode()}]}
    with pytest.raises(DamagedSeal):
        slots.opened(bent, stretched)


@given(st.text(max_size=30))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_handle_is_the_same_however_it_is_written(text: str) -> None:
    plain = slots.plain_handle(text)
    assert slots.plain_handle(f"  {plain} ") == plain
    assert slots.plain_handle("PI\u00d1A") == slots.plain_handle(" pin\u0303a ")


def test_two_processes_change_the_file_one_after_the_other(place: Workspace) -> None:
    """A child adds a slot while the parent holds the file: it waits, and neither change is lost."""
    founder = place.unlock(PASSPHRASE)
    with place._changing() as config:
        child = os.fork()
        if child == 0:
            slots_added = Workspace(place.directory)
            slots_added.add_slot(Master(b"\x08" * 32, founder.file_key), "words of the child process", handle="c")
            os._exit(0)
        stretched = slots.stretched_for(config, "words of the parent process", handle="p")
        more = slots.with_slot(config, stretched, Master(b"\x09" * 32, founder.file_key))
        place._write(slots.sealed_config(more, founder.file_key))
    assert os.waitpid(child, 0)[1] == 0
    assert place.unlock("words of the child process", handle="c").secret == b"\x08" * 32
    assert place.unlock("words of the parent process", handle="p").secret == b"\x09" * 32
