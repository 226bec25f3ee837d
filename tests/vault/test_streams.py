"""Backups and sealed files that were cut, patched together or are of an unknown version: all refused."""

from __future__ import annotations

import io
import json
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from nacl.bindings import crypto_secretstream_xchacha20poly1305_pull as pull

from tejido.circles.actions import found_circle, open_keyring
from tejido.domain.errors import BadInput, DamagedSeal, TejidoError, WrongPassphrase
from tejido.fabric.models import Actor
from tejido.vault import files as sealed_files
from tejido.vault import passphrase
from tejido.vault.backup import back_up, verify_backup
from tejido.vault.backup_form import read_head, record_size
from tejido.vault.backup_reading import unlock_backup
from tejido.vault.files import FRAME, MAGIC, SealedFiles, opened_stream
from tejido.vault.journal import writing
from tejido.vault.keyring import using
from tejido.vault.records import create
from tejido.vault.slots import Master
from tejido.vault.workspace import Workspace
from tests.personas import PASSPHRASE

_FRAME = FRAME + 17  # as it rests: a frame, its tag and what says whether it is the last
_HEAD = len(MAGIC) + 24


class Made(NamedTuple):
    """A backup: who opens it, where it lies, its bytes, where its keys and its stream begin."""

    master: Master
    path: Path
    whole: bytes
    keys: int
    stream: int

    @property
    def frames(self) -> list[bytes]:
        """The frames of the stream."""
        first = self.stream + _HEAD
        return [self.whole[at : at + _FRAME] for at in range(first, len(self.whole), _FRAME)]

    def refuses(self, other: bytes) -> bool:
        """Say whether other bytes in its place are refused with a sentence."""
        self.path.write_bytes(other)
        return self.is_refused()

    def is_refused(self) -> bool:
        """Say whether the file as it lies there is refused with a sentence."""
        try:
            verify_backup(self.path, self.master)
        except TejidoError as error:
            return bool(error.message)
        return False


@pytest.fixture
def made(db: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Made]:
    monkeypatch.setattr(passphrase, "MEMORY_KIB", 64)
    monkeypatch.setattr(passphrase, "TIME", 1)
    yield _made(tmp_path, "one")


def _made(home: Path, name: str) -> Made:
    """Make a workspace with three dossiers and a sealed file, and its backup of several frames."""
    place = Workspace(home / name)
    master = place.create(PASSPHRASE)
    by = found_circle(name="Ribera", member_name="Alba", master=master)
    with using(open_keyring(master)):
        with writing(by=by, action="test.make") as entry:
            for _ in range(3):
                create(Actor(circle_id=by.circle_id, kind="person", about="una"), entry)
        (place.directory / "sealed" / "ab.sealed").write_bytes(secrets.token_bytes(3 * FRAME))
        path = home / f"{name}.tejido"
        back_up(place, master, path)
    with path.open("rb") as source:
        head = read_head(source)
    keys = sum(many * record_size(size) for many, size in head.sections)
    return Made(master, path, path.read_bytes(), len(head.line), len(head.line) + keys)


def test_a_backup_cut_at_any_boundary_is_refused(made: Made) -> None:
    records = (made.stream - made.keys) // record_size(61)
    boundaries = {made.keys + n * record_size(61) for n in range(records + 1)}
    boundaries |= {made.stream + _HEAD + n * _FRAME for n in range(len(made.frames))}
    assert len(made.frames) >= 4 and records >= 3
    for boundary in sorted(boundaries):
        assert all(made.refuses(made.whole[:cut]) for cut in (boundary - 1, boundary, boundary + 1)), boundary
    assert not made.refuses(made.whole)


def test_a_backup_whose_frames_were_taken_out_doubled_or_exchanged_is_refused(made: Made) -> None:
    start, frames = made.whole[: made.stream + _HEAD], made.frames
    for at in range(len(frames)):
        without, doubled, swapped = frames[:at] + frames[at + 1 :], [*frames[: at + 1], *frames[at:]], list(frames)
        swapped[at], swapped[at - 1] = swapped[at - 1], swapped[at]
        for other in (without, doubled, swapped, [*frames, frames[at]]):
            assert made.refuses(start + b"".join(other)), at


def test_a_backup_put_together_from_two_is_refused(made: Made, tmp_path: Path) -> None:
    later = tmp_path / "later.tejido"
    with using(open_keyring(made.master)):
        back_up(Workspace(tmp_path / "one"), made.master, later)
    other = later.read_bytes()
    assert len(other) >= len(made.whole) - FRAME
    assert made.refuses(made.whole[: made.stream] + other[made.stream :]), "the stream of another"
    assert made.refuses(made.whole[: made.keys] + other[made.keys :]), "the head of another"
    size = record_size(61)
    keys = made.whole[made.keys : made.stream]
    turned = keys[size : 2 * size] + keys[:size] + keys[2 * size :]
    assert made.refuses(made.whole[: made.keys] + turned + made.whole[made.stream :]), "keys that changed places"
    from_there = other[made.keys : made.keys + size] + keys[size:]
    assert made.refuses(made.whole[: made.keys] + from_there + made.whole[made.stream :]), "a key of another"


def test_every_altered_byte_of_the_head_is_refused(made: Made) -> None:
    with made.path.open("r+b", buffering=0) as file:
        for at in range(made.keys):
            for byte, refused in ((made.whole[at] ^ 1, True), (made.whole[at], False)):
                file.seek(at)
                file.write(bytes([byte]))
                assert not refused or made.is_refused(), at
    assert not made.is_refused()


@pytest.mark.parametrize("version", [0, 3, 255, "2", None, -1])
def test_a_backup_of_an_unknown_version_is_told(made: Made, version: object) -> None:
    head = json.loads(made.whole[: made.keys])
    made.path.write_bytes(json.dumps({**head, "tejido backup": version}).encode() + b"\n" + made.whole[made.keys :])
    with pytest.raises(BadInput):
        unlock_backup(made.path, PASSPHRASE)


@pytest.mark.parametrize(
    "weaker", [{"memory_kib": 8}, {"time": 0}, {"lanes": 1}, {"name": "argon2d"}, {"memory_kib": 2**31}]
)
def test_weakened_parameters_in_a_backup_are_never_obeyed(made: Made, weaker: dict[str, object]) -> None:
    head = json.loads(made.whole[: made.keys])
    head["slots"][0]["kdf"].update(weaker)
    made.path.write_bytes(json.dumps(head).encode() + b"\n" + made.whole[made.keys :])
    with pytest.raises((DamagedSeal, WrongPassphrase)):
        unlock_backup(made.path, PASSPHRASE)


def _lenient(reader: Any) -> Iterator[bytes]:
    """Planted: a reader for whom a file ends where its bytes end."""
    while sealed := reader._source.read(_FRAME):
        yield pull(reader._state, sealed, None)[0]


def test_it_is_the_last_tag_that_tells_a_whole_stream(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = SealedFiles(tmp_path)
    sealed = store.keep(io.BytesIO(b"x" * (4 * FRAME)))
    path = next(tmp_path.iterdir())
    whole = path.read_bytes()
    opened: Callable[[int], bytes] = lambda cut: opened_stream(io.BytesIO(whole[:cut]), sealed.key).read() or b""  # noqa: E731
    for frames in range(4):
        with pytest.raises(DamagedSeal):
            opened(_HEAD + frames * _FRAME)
    monkeypatch.setattr(sealed_files._OpeningReader, "_plain_frames", _lenient)
    assert opened(_HEAD + 2 * _FRAME) == b"x" * 2 * FRAME, "what would be taken for the whole"


@pytest.mark.parametrize("magic", [b"tejido-sealed-0\n", b"tejido-sealed-2\n", b"\0" * 16])
def test_a_sealed_file_of_an_unknown_version_is_refused(tmp_path: Path, magic: bytes) -> None:
    store = SealedFiles(tmp_path)
    sealed = store.keep(io.BytesIO(b"x" * 9))
    path = next(tmp_path.iterdir())
    path.write_bytes(magic + path.read_bytes()[len(magic) :])
    with pytest.raises(DamagedSeal):
        store.open(sealed)
