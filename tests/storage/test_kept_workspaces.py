"""Workspaces of earlier versions, kept as they were written, open with this one; also after a killed upgrade."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tejido.cli import main
from tejido.vault.keyring import FILE_KEY
from tejido.vault.workspace import Workspace
from tests.attacks.browsing import Browser, links_of, read
from tests.attacks.serving import serving
from tests.personas import PASSPHRASE, WRONG_PASSPHRASE

KEPT = Path(__file__).parent / "kept"
ROOT = Path(__file__).resolve().parents[2]


#: Which workspaces are kept, and how many pages there are at least to be seen in each.
ARCHIVES = {"first-floor.zip": 32, "members-and-dossiers.zip": 45}
LISTS = ("list incidents --dir w", "list actors --dir w", "member list --dir w", "check --dir w")


@dataclass(frozen=True)
class Opened:
    """A kept workspace that this version has opened once, with all that came of it."""

    home: Path
    format_before: int
    told: list[Any]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Opened]:
    """Open each kept workspace, which brings it up to date."""
    found = {}
    for archive in ARCHIVES:
        home = unpacked(archive, tmp_path_factory.mktemp("kept"))
        found[archive] = Opened(home, format_of(home), tell(home, *LISTS))
    return found


@pytest.fixture
def first_floor(tmp_path: Path) -> Path:
    """A directory with the first floor's workspace, its backup and its passphrase."""
    return unpacked("first-floor.zip", tmp_path)


def unpacked(archive: str, home: Path, name: str = "w") -> Path:
    """Lay a kept workspace out in ``home``, its backup and its passphrase beside it."""
    with zipfile.ZipFile(KEPT / archive) as packed:
        packed.extractall(home / name)
    shutil.move(home / name / "backup.tejido", home / "backup.tejido")
    (home / name / "sealed").mkdir(exist_ok=True)
    (home / name).chmod(0o700)
    (home / "phrase").write_text(PASSPHRASE + "\n")
    return home


ONE_AFTER_THE_OTHER = """
import json, sys
from tejido.cli import main
for words in json.loads(sys.argv[1]):
    if main([*words, "--passphrase-file", "phrase", "--json"]):
        sys.exit(1)
    print("\\0", end="", flush=True)
"""


def tell(home: Path, *commands: str) -> list[Any]:
    """Run commands one after the other in a process of their own; return the document of each."""
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT / "src")}
    for name in ("DJANGO_SETTINGS_MODULE", "TEJIDO_DIR"):
        environment.pop(name, None)
    done = subprocess.run(
        [sys.executable, "-c", ONE_AFTER_THE_OTHER, json.dumps([words.split() for words in commands])],
        cwd=home, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [json.loads(told) for told in done.stdout.split("\0")[:-1]]


def format_of(home: Path) -> int:
    return int(json.loads((home / "w" / "workspace.json").read_text())["format"])


def test_the_first_floor_opens_and_becomes_the_present_format(opened: dict[str, Opened]) -> None:
    floor = opened["first-floor.zip"]
    incidents, actors, (member,), checks = floor.told
    assert [one["title"] for one in incidents] == ["Killing of Celia Mar", "Death threat of Ana Ríos"]
    assert (floor.format_before, format_of(floor.home)) == (1, 2)
    assert len(actors) == 6 and member["role"] == "coordinator"
    assert [one for one in checks if one["level"] == "fault"] == []


def test_a_backup_of_the_first_floor_comes_back(first_floor: Path) -> None:
    _, incidents = tell(first_floor, "restore backup.tejido --dir back", "list incidents --dir back")
    assert len(incidents) == 2


def test_a_wrong_passphrase_upgrades_nothing(first_floor: Path) -> None:
    before = (first_floor / "w" / "workspace.json").read_bytes()
    (first_floor / "phrase").write_text(WRONG_PASSPHRASE + "\n")
    assert main(["list", "actors", "--dir", str(first_floor / "nowhere")]) == 2
    with pytest.raises(AssertionError, match="does not open"):
        tell(first_floor, "list actors --dir w")
    assert (first_floor / "w" / "workspace.json").read_bytes() == before


KILLED = """
import os, signal, sys
from pathlib import Path
from tejido.vault.workspace import Workspace
from tejido.vault import workspace
place, step = Workspace(Path("w")), sys.argv[1]
if step == "before":
    workspace.new_private = lambda path: os.kill(os.getpid(), signal.SIGKILL)
elif step == "written":
    Path.replace = lambda one, other: os.kill(os.getpid(), signal.SIGKILL)
else:
    replace = Path.replace
    def after(one, other):
        replace(one, other)
        os.kill(os.getpid(), signal.SIGKILL)
    Path.replace = after
place.unlock(open("phrase").readline().strip())
"""


@pytest.mark.parametrize(("step", "left"), [("before", 1), ("written", 1), ("replaced", 2)])
def test_a_killed_upgrade_leaves_the_old_format_or_the_new(first_floor: Path, step: str, left: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, step],
        cwd=first_floor, env={**os.environ, "PYTHONPATH": str(ROOT / "src")}, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL
    assert format_of(first_floor) == left
    before = Workspace(first_floor / "w")
    assert before.unlock(PASSPHRASE) == before.unlock(PASSPHRASE)
    assert format_of(first_floor) == 2
    assert FILE_KEY.is_open


def test_members_and_dossiers_open_with_all_that_is_in_them(opened: dict[str, Opened]) -> None:
    kept = opened["members-and-dossiers.zip"]
    incidents, actors, _, checks = kept.told
    assert (kept.format_before, format_of(kept.home)) == (2, 2)
    assert [one["title"] for one in incidents] == ["Amenaza de muerte a Ana Ríos", "Seguimiento a la asamblea"]
    assert len(actors) == 3
    assert [one for one in checks if one["level"] == "fault"] == []
    _, incidents = tell(kept.home, "restore backup.tejido --dir back", "list incidents --dir back")
    assert len(incidents) == 2


def _seen(browser: Browser, start: str = "/") -> dict[str, int]:
    """Follow every link there is, each shape of address a few times; return what each address answered."""
    waiting, seen, shapes = [start], {}, Counter[str]()
    while waiting:
        address = waiting.pop(0).split("#")[0]
        shape = re.sub(r"[0-9a-f-]{36}", "ID", address.split("?")[0])
        if address in seen or not address.startswith("/") or shape.startswith("/static/") or shapes[shape] >= 2:
            continue
        shapes[shape] += 1
        answer = browser.get(address)
        seen[address] = answer.status
        if answer.is_page and answer.status == 200:
            waiting += links_of(answer)
    return seen


@pytest.mark.parametrize("archive", ARCHIVES)
def test_every_page_of_a_kept_workspace_is_shown(opened: dict[str, Opened], tmp_path: Path, archive: str) -> None:
    shutil.copytree(opened[archive].home / "w", tmp_path / "workspace")
    with serving(tmp_path) as served:
        browser = Browser(served.address)
        page = browser.get("/unlock/")
        form = next(form for form in read(page).forms if any(one.name == "passphrase" for one in form.fields))
        values = [(one.name, PASSPHRASE if one.name == "passphrase" else one.value) for one in form.fields]
        assert browser.send(page.address, form, values).status == 302
        seen = _seen(browser)
    assert len(seen) >= ARCHIVES[archive], sorted(seen)
    assert {address: status for address, status in seen.items() if status >= 400} == {}
