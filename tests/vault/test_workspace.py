"""A workspace's first file: made once, whoever asks at the same time; obeyed only as it was written."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from tejido.domain.errors import BadInput, DamagedSeal, TejidoError
from tejido.vault import passphrase as passphrase_module
from tejido.vault import slots
from tejido.vault.passphrase import stretch
from tejido.vault.workspace import Master, Workspace, database_settings_from
from tests.personas import PASSPHRASE

ROOT = Path(__file__).resolve().parents[2]


def test_of_two_who_create_at_once_one_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have looked and found nothing before either writes: a form sent twice."""
    place = Workspace(tmp_path / "w")
    together, slot = threading.Barrier(2), slots.with_slot

    def slowly(*given: Any) -> dict[str, object]:
        made = slot(*given)
        together.wait(timeout=60)
        return made

    monkeypatch.setattr(slots, "with_slot", slowly)
    made: list[Master] = []
    refused: list[BadInput] = []

    def create() -> None:
        try:
            made.append(place.create(PASSPHRASE))
        except BadInput as error:
            refused.append(error)

    threads = [threading.Thread(target=create) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(made), len(refused)) == (1, 1)
    assert place.unlock(PASSPHRASE).secret == made[0].secret
    assert sorted(path.name for path in place.directory.iterdir()) == ["sealed", "workspace.json"]


def test_the_first_file_is_private_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        place = Workspace(tmp_path / "deep" / "w")
        place.create(PASSPHRASE)
        place.change_passphrase(PASSPHRASE, "other six words for it")
    finally:
        os.umask(before)
    modes = {path.name: path.stat().st_mode & 0o777 for path in [place.directory, *place.directory.iterdir()]}
    assert modes == {"w": 0o700, "sealed": 0o700, "workspace.json": 0o600}


def _bent(place: Workspace, **changes: Any) -> None:
    path = place.directory / "workspace.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


@pytest.mark.parametrize(
    "kdf",
    [
        {"memory_kib": 8},
        {"memory_kib": 2**40},
        {"time": 1},
        {"lanes": 10**9},
        {"name": "argon2i"},
        {"memory_kib": "65536"},
        {"salt": base64.b64encode(b"abc").decode()},
        {"salt": ""},
        {"salt": None},
        {"salt": base64.b64encode(bytes(10_000)).decode()},
    ],
)
def test_weakened_or_odd_parameters_are_refused(tmp_path: Path, kdf: dict[str, object]) -> None:
    place = Workspace(tmp_path / "w")
    place.create(PASSPHRASE)
    _bent(place, kdf={**json.loads((place.directory / "workspace.json").read_text())["kdf"], **kdf})
    with pytest.raises(DamagedSeal):
        place.unlock(PASSPHRASE)


@pytest.mark.parametrize("changes", [{"slots": {}}, {"slots": ["x"]}, {"slots": None}, {"format": 1}, {"format": 3}])
def test_a_file_of_another_shape_is_told(tmp_path: Path, changes: dict[str, object]) -> None:
    place = Workspace(tmp_path / "w")
    place.create(PASSPHRASE)
    _bent(place, **changes)
    with pytest.raises(DamagedSeal):
        place.unlock(PASSPHRASE)


@pytest.mark.parametrize("text", ["", "{", "[]", "[" * 100_000, '{"format": ' + "9" * 10_000 + "}", "\x00", "\ud800"])
def test_a_first_file_that_cannot_be_read_is_told(tmp_path: Path, text: str) -> None:
    place = Workspace(tmp_path / "w")
    place.create(PASSPHRASE)
    (place.directory / "workspace.json").write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(DamagedSeal):
        place.unlock(PASSPHRASE)


@pytest.mark.parametrize(
    "address",
    [
        "sqlite:///x",
        "postgresql://h",
        "postgresql://[/n",
        "postgresql://h:x/n",
        "postgresql://h:99999/n",
        "postgresql://u:p@h/n",
    ],
)
def test_an_odd_database_address_is_told(address: str) -> None:
    with pytest.raises(BadInput):
        database_settings_from(address)


def test_a_passphrase_is_the_same_however_it_was_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passphrase_module, "MEMORY_KIB", 64)
    salt = bytes(16)
    ways = ["piña  del río \ud800", " pin\u0303a del ri\u0301o\t\ud800\n", "\uff50iña\u00a0del río \ud800"]
    assert len({stretch(way, salt).key for way in ways}) == 1


GUARDED = """
import os, resource
from tejido.vault.process import guard_process
guard_process()
open("made", "w").close()
assert os.stat("made").st_mode & 0o777 == 0o600
assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)
status = open("/proc/self/status").read() if os.path.exists("/proc/self/status") else ""
if os.path.exists("/proc/self/coredump_filter"):
    import ctypes
    assert ctypes.CDLL(None).prctl(3, 0, 0, 0, 0) == 0  # PR_GET_DUMPABLE
print("guarded")
"""


def test_a_guarded_process_leaves_no_image_and_no_open_file(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", GUARDED],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "guarded\n", done.stderr
    with pytest.raises(TejidoError):
        Workspace(tmp_path).create(PASSPHRASE)
