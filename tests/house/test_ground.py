"""What the house stands on: locks, front-end parts, documents, the server and the browser of the tests."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import psycopg
import pytest

from scripts import audit, browser, docs, parts
from tests.house.tree import ROOT
from tests.postgres import start_postgres

LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
PINNED = re.compile(r"^([a-z0-9][\w.-]*)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)


def pins(name: str) -> set[tuple[str, str]]:
    """Return names and versions of a lock."""
    return set(PINNED.findall((ROOT / "requirements" / f"{name}.txt").read_text("utf-8")))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.stem)
def test_every_line_of_a_lock_is_pinned_and_hashed(lock: Path) -> None:
    logical = re.sub(r"\\\n\s*", " ", lock.read_text("utf-8")).splitlines()
    wanted = [line for line in logical if line.strip() and not line.startswith("#")]
    assert wanted
    assert [line for line in wanted if not PINNED.match(line) or "--hash=sha256:" not in line] == []


def test_what_runs_is_what_was_tested() -> None:
    assert pins("base")
    assert pins("base") <= pins("dev")
    assert pins("build") <= pins("dev")


def test_every_direct_dependency_is_locked() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    groups = project["dependency-groups"]
    for lock, wanted in [
        ("base", project["project"]["dependencies"]),
        ("dev", groups["dev"]),
        ("build", groups["build"]),
        ("node", groups["node"]),
        ("uv", groups["uv"]),
    ]:
        names = {re.split(r"[\[<>=;~ ]", requirement)[0].lower() for requirement in wanted}
        assert names - {name for name, _ in pins(lock)} == set(), lock


def test_the_npm_lock_names_no_host() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert packages
    assert all("integrity" in package and "resolved" not in package for package in packages.values())
    assert all("install" not in json.dumps(package) for package in packages.values())


def test_every_part_is_in_its_place_with_its_licence() -> None:
    for target in parts.PARTS.values():
        assert target.stat().st_size > 0
    folders = {target.parent for target in parts.PARTS.values()}
    assert all(list(folder.glob("*LICENSE*")) for folder in folders)


def stepped(room: Path) -> str:
    """Run one step of set-up in ``room``, made from the file ``input``; return what it said."""
    script = """
        set -euo pipefail
        . "$0/scripts/step.sh"
        make_it() { echo made; cp input output; }
        step example output make_it input
    """
    done = subprocess.run(["bash", "-c", script, str(ROOT)], cwd=room, capture_output=True, text=True, check=True)
    return done.stdout


def test_a_step_of_setup_is_done_once_and_again_only_when_its_input_changed(tmp_path: Path) -> None:
    (tmp_path / ".build").mkdir()
    (tmp_path / "input").write_text("one")
    assert [stepped(tmp_path), stepped(tmp_path)] == ["made\n", ""]
    (tmp_path / "input").write_text("two")
    assert [stepped(tmp_path), stepped(tmp_path)] == ["made\n", ""]
    (tmp_path / "output").unlink()
    assert [stepped(tmp_path), stepped(tmp_path)] == ["made\n", ""]


def test_the_documents_keep_their_promises() -> None:
    assert docs.documents()
    assert docs.faults() == []


def test_a_planted_broken_link_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# A room\n[good](#a-room) [gone](nowhere.md) [away](https://example.org) [part](page.md#no-room)\n"
    )
    assert docs.broken_links(page) == ["nowhere.md", "page.md#no-room"]
    assert docs.unknown_targets("run `make tests`", docs.targets("test: setup\n")) == ["tests"]


def test_an_audit_that_looked_at_nothing_is_no_audit() -> None:
    names, weak = audit.audited('{"dependencies": [{"name": "django", "skip_reason": "not found"}], "fixes": []}')
    assert (names, weak) == (set(), [])
    assert "django" in audit.unlooked(names)


def test_an_audit_names_what_is_weak() -> None:
    answer = {"name": "django", "version": "1.0", "vulns": [{"id": "CVE-1", "fix_versions": ["1.1"]}]}
    _, weak = audit.audited(json.dumps({"dependencies": [answer]}))
    assert weak == ["django 1.0: CVE-1, mended in 1.1"]


def test_a_missing_browser_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEJIDO_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(browser.BrowserMissing, match="apt-get install chromium"):
        browser.chromium()


def test_the_postgres_of_the_tests_answers_and_is_gone_afterwards() -> None:
    with start_postgres() as server:
        with psycopg.connect(server.dsn()) as connection:
            row = connection.execute("select current_user, current_setting('listen_addresses')").fetchone()
        assert row == (server.user, "")
        assert int(server.version.split(".")[0]) >= 15
        room = Path(server.host)
        assert room.stat().st_mode & 0o077 == 0
    assert not room.exists()


@pytest.mark.django_db
def test_the_migrations_say_all_that_the_models_say() -> None:
    from io import StringIO

    from django.core.management import call_command

    printed = StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=printed)
    assert "No changes detected" in printed.getvalue()
