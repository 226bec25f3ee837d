"""A full disk, a disk that only reads, a clock set back, many at the door at once: told, bounded, and nothing lost."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tejido.vault import passphrase
from tests.attacks.importing import MAPPING
from tests.attacks.serving import environment, tejido

ROWS = 400
#: Root writes where the permissions forbid it; without these powers it does not.
WITHOUT_POWERS = ["setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner", "--inh-caps=-all"]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A room with a workspace of one small import, a larger list, and the passphrase."""
    base = tmp_path_factory.mktemp("media")
    (base / "cwd").mkdir()
    (base / "cwd" / "phrase").write_text("seis palabras para estas pruebas\n")
    for name, many in (("small", 3), ("large", ROWS)):
        rows = "".join(f"{name}{number},Person {number},Group {number % 7}\n" for number in range(many))
        (base / "cwd" / f"{name}.csv").write_text("id,name,group\n" + rows)
        (base / "cwd" / f"{name}.yml").write_text(MAPPING.format(round=name))
    tejido(base, "init", "--dir", "../workspace", "--passphrase-file", "phrase")
    tejido(
        base, "import", "small.csv", "--mapping", "small.yml", "--dir", "../workspace", "--passphrase-file", "phrase"
    )
    return base


ONE_AFTER_THE_OTHER = """
import json, sys
from tejido.cli import main
for words in json.loads(sys.argv[1]):
    sys.stdout.write(f"\\0{main(words)}\\0")
    sys.stdout.flush()
"""


def run(
    room: Path, *commands: str, dir_: str, first: Callable[[], None] | None = None, powers: bool = True
) -> list[tuple[int, str]]:
    """Run commands one after the other in one process; return the exit code of each and what it said."""
    words = [[*one.split(), "--dir", dir_, "--passphrase-file", "phrase"] for one in commands]
    command = [sys.executable, "-c", ONE_AFTER_THE_OTHER, json.dumps(words)]
    if not powers and os.geteuid() == 0:
        command = [*WITHOUT_POWERS, *command]
    done = subprocess.run(
        command, cwd=room / "cwd", env=environment(room), preexec_fn=first, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    said = done.stdout.split("\0")[:-1]
    assert len(said) == 2 * len(commands), done.stdout
    return [(int(code), text) for text, code in zip(said[::2], said[1::2], strict=True)]


def actors(told: tuple[int, str]) -> int:
    code, said = told
    assert code == 0, said
    return len(json.loads(said[said.index("[") :]))


def full_at(size: int) -> Callable[[], None]:
    """Let no file of the process grow beyond ``size`` bytes: what a full disk answers, for every file."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


LIST, IMPORT = "list actors --json", "import large.csv --mapping large.yml"


def test_a_full_disk_is_said_and_nothing_is_half_done(room: Path) -> None:
    shutil.copytree(room / "workspace", room / "full")
    room_left = (room / "full" / "workspace.db").stat().st_size + 64 * 1024
    ((code, said),) = run(room, IMPORT, dir_="../full", first=full_at(room_left))
    assert code != 0 and "Traceback" not in said and "Person" not in said
    ((code, said),) = run(room, "backup full.tejido", dir_="../full", first=full_at(8 * 1024))
    assert code != 0 and "Traceback" not in said
    assert not (room / "cwd" / "full.tejido").exists()
    assert [one for one in (room / "cwd").glob("full.tejido*") if one.stat().st_size] == []
    before, (code, said), after = run(room, LIST, IMPORT, LIST, dir_="../full")
    assert code == 0, said
    assert actors(before) == 3 + 3
    assert actors(after) == 3 + 3 + ROWS + 7


def test_a_disk_that_only_reads_is_said_and_stays_as_it_was(room: Path) -> None:
    kept = room / "readonly"
    shutil.copytree(room / "workspace", kept)
    before = {one.name: one.read_bytes() for one in kept.iterdir() if one.is_file()}
    for one in [*kept.rglob("*"), kept]:
        one.chmod(0o500 if one.is_dir() else 0o400)
    try:
        for number, (code, said) in enumerate(run(room, IMPORT, LIST, "check", dir_="../readonly", powers=False)):
            assert "Traceback" not in said and "Error" not in said, said
            assert (code != 0) is (number == 0), said
        assert {one.name: one.read_bytes() for one in kept.iterdir() if one.is_file()} == before
    finally:
        kept.chmod(0o700)


CLOCK_BACK = """
import datetime as real, sys
class Earlier(real.datetime):
    @classmethod
    def now(cls, tz=None):
        return super().now(tz) - real.timedelta(days=400)
real.datetime = Earlier
from tejido.cli import main
sys.exit(main(sys.argv[1:]))
"""


def test_a_clock_that_was_set_back_is_found_by_the_check(room: Path) -> None:
    words = ["check", "--json", "--dir", "../workspace", "--passphrase-file", "phrase"]
    told = {}
    for name, command in (("right", ["-m", "tejido.cli"]), ("back", ["-c", CLOCK_BACK])):
        done = subprocess.run(
            [sys.executable, *command, *words], cwd=room / "cwd", env=environment(room), capture_output=True, text=True
        , check=False)  # fmt: skip
        told[name] = done.returncode, {one["check"]: one["level"] for one in json.loads(done.stdout)}
    assert told["right"][0] == 0 and told["right"][1]["clock"] == "good"
    assert told["back"][0] == 1 and told["back"][1]["clock"] == "fault"


MANY_AT_THE_DOOR = """
import resource, sys
from concurrent.futures import ThreadPoolExecutor
from tejido.vault import passphrase
passphrase.TIME = 1
passphrase.MEMORY_KIB = 8 * 1024
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
passphrase.stretch("one", b"0" * 16)
one = peak()
with ThreadPoolExecutor(200) as pool:
    list(pool.map(lambda n: passphrase.stretch(f"words {n}", b"0" * 16), range(200)))
print((peak() - one) / passphrase.MEMORY_KIB)
"""


def test_two_hundred_log_ins_at_once_take_the_memory_of_a_few() -> None:
    done = subprocess.run(
        [sys.executable, "-c", MANY_AT_THE_DOOR],
        # The C library gives such memory back at once, and does not keep it for the next.
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "MALLOC_MMAP_THRESHOLD_": str(1 << 20)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert float(done.stdout) < 8, "stretchings that the memory grew by, over one; the threads themselves take some"


@pytest.mark.parametrize(("places", "is_held"), [(2, True), (4, False)])
def test_no_more_log_ins_stretch_at_once_than_there_are_places(
    monkeypatch: pytest.MonkeyPatch, places: int, is_held: bool
) -> None:
    if not is_held:  # without the bound four are inside together: what is counted here can exceed two
        monkeypatch.setattr(passphrase, "_in_flight", threading.BoundedSemaphore(places))
    together, inside, most, door = threading.Barrier(places), 0, 0, threading.Lock()

    def stretched(*_: Any) -> bytes:
        nonlocal inside, most
        with door:
            inside += 1
            most = max(most, inside)
        together.wait(timeout=60)
        with door:
            inside -= 1
        return b"0" * 32

    monkeypatch.setattr(passphrase, "hash_secret_raw", stretched)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: passphrase.stretch(f"words {n}", b"0" * 16), range(8)))
    assert (most <= 2) is is_held
