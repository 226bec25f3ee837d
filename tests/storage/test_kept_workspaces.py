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


def tell(home: Path, *words: str) -> Any:
    """Run a command in a process of its own; return its document."""
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT / "src")}
    for name in ("DJANGO_SETTINGS_MODULE", "TEJIDO_DIR"):
        environment.pop(name, None)
    done = subprocess.run(
        [sys.executable, "-m", "tejido.cli", *words, "--passphrase-file", "phrase", "--json"],
        cwd=home, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def format_of(home: Path) -> int:
    return int(json.loads((home / "w" / "workspace.json").read_text())["format"])


def test_the_first_floor_opens_and_becomes_the_present_format(first_floor: Path) -> None:
    assert format_of(first_floor) == 1
    incidents = tell(first_floor, "list", "incidents", "--dir", "w")
    assert [one["title"] for one in incidents] == ["Killing of Celia Mar", "Death threat of Ana Ríos"]
    assert format_of(first_floor) == 2
    assert len(tell(first_floor, "list", "actors", "--dir", "w")) == 6
    (member,) = tell(first_floor, "member", "list", "--dir", "w")
    assert member["role"] == "coordinator"
    faults = [one for one in tell(first_floor, "check", "--dir", "w") if one["level"] == "fault"]
    assert faults == []


def test_a_backup_of_the_first_floor_comes_back(first_floor: Path) -> None:
    tell(first_floor, "restore", "backup.tejido", "--dir", "back")
    assert len(tell(first_floor, "list", "incidents", "--dir", "back")) == 2


def test_a_wrong_passphrase_upgrades_nothing(first_floor: Path) -> None:
    before = (first_floor / "w" / "workspace.json").read_bytes()
    (first_floor / "phrase").write_text(WRONG_PASSPHRASE + "\n")
    assert main(["list", "actors", "--dir", str(first_floor / "nowhere")]) == 2
    with pytest.raises(AssertionError, match="does not open"):
        tell(first_floor, "list", "actors", "--dir", "w")
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


def test_members_and_dossiers_open_with_all_that_is_in_them(tmp_path: Path) -> None:
    home = unpacked("members-and-dossiers.zip", tmp_path)
    assert format_of(home) == 2
    incidents = tell(home, "list", "incidents", "--dir", "w")
    assert [one["title"] for one in incidents] == ["Amenaza de muerte a Ana Ríos", "Seguimiento a la asamblea"]
    assert len(tell(home, "list", "actors", "--dir", "w")) == 3
    faults = [one for one in tell(home, "check", "--dir", "w") if one["level"] == "fault"]
    assert faults == []
    tell(home, "restore", "backup.tejido", "--dir", "back")
    assert len(tell(home, "list", "incidents", "--dir", "back")) == 2


def _seen(browser: Browser, start: str = "/") -> dict[str, int]:
    """Follow every link there is, each shape of address a few times; return what each address answered."""
    waiting, seen, shapes = [start], {}, Counter[str]()
    while waiting:
        address = waiting.pop(0).split("#")[0]
        shape = re.sub(r"[0-9a-f-]{36}", "ID", address.split("?")[0])
        if address in seen or not address.startswith("/") or shape.startswith("/static/") or shapes[shape] >= 3:
            continue
        shapes[shape] += 1
        answer = browser.get(address)
        seen[address] = answer.status
        if answer.is_page and answer.status == 200:
            waiting += links_of(answer)
    return seen


@pytest.mark.parametrize(("archive", "many"), [("first-floor.zip", 40), ("members-and-dossiers.zip", 60)])
def test_every_page_of_a_kept_workspace_is_shown(tmp_path: Path, archive: str, many: int) -> None:
    unpacked(archive, tmp_path, "workspace")
    with serving(tmp_path) as served:
        browser = Browser(served.address)
        page = browser.get("/unlock/")
        form = next(form for form in read(page).forms if any(one.name == "passphrase" for one in form.fields))
        values = [(one.name, PASSPHRASE if one.name == "passphrase" else one.value) for one in form.fields]
        assert browser.send(page.address, form, values).status == 302
        seen = _seen(browser)
    assert len(seen) >= many, sorted(seen)
    assert {address: status for address, status in seen.items() if status >= 400} == {}
