"""``tejido plan`` gives what the pages give: the plan, what it lacks, the days it agreed on."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from icalendar import Calendar

from tests.cli.test_commands import Terminal

#: Done in a process of its own, as somebody at the pages would.
_PLANNING = """
from pathlib import Path
from tejido.cli.opening import opened, prepare
workspace = prepare(Path("w"))
with opened(workspace, "six words that open this test") as (_, by):
    from tejido.domain.dates import ImpreciseDate
    from tejido.fabric.models import Actor
    from tejido.protection.actions import MeasureGiven, ThreatGiven, add_measure, start_plan
    group = next(one for one in Actor.objects.all() if one.usual_name == "Asamblea")
    plan = start_plan(by=by, collective=group.pk, threats=[ThreatGiven("Panfletos")], practices=["Guardia"],
                      review_on=ImpreciseDate.month(2031, 3))
    late = MeasureGiven(title="Luz", family="B", owner_words="la radio", due_on=ImpreciseDate.month(2026, 1))
    add_measure(by=by, plan=plan.pk, measure=late)
"""


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    made = Terminal(tmp_path_factory.mktemp("plan"))
    made.told("init", "--dir", "w")
    made.told("import", "list.csv", "--mapping", "map.yml", "--dir", "w")
    plain = {name: value for name, value in os.environ.items() if name not in ("DJANGO_SETTINGS_MODULE", "TEJIDO_DIR")}
    done = subprocess.run(
        [sys.executable, "-c", _PLANNING], cwd=made.home, env=plain, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return made


def test_the_plan_is_shown_in_words_and_as_one_document(terminal: Terminal) -> None:
    told = terminal.told("plan", "show", "Asamblea", "--dir", "w")
    assert [one["words"] for one in told["threats"]] == ["Panfletos"]
    assert {(one["title"], one["status"], one["own"]) for one in told["measures"]} == {
        ("Guardia", "in_place", True), ("Luz", "wanted", False)
    }  # fmt: skip
    paper = terminal.run("plan", "show", told["collective"], "--dir", "w", "--pdf", "plan.pdf", "--lang", "es")
    assert paper.returncode == 0 and "sin cifrar" in paper.stdout
    written = terminal.home / "plan.pdf"
    assert written.read_bytes().startswith(b"%PDF") and stat.S_IMODE(written.stat().st_mode) == 0o600
    again = terminal.run("plan", "show", told["collective"], "--dir", "w", "--pdf", "plan.pdf")
    assert again.returncode == 2 and "of that name already" in again.stderr


def test_what_a_plan_lacks_comes_with_its_reason_and_a_way_out(terminal: Terminal) -> None:
    rows = terminal.told("plan", "gaps", "Asamblea", "--dir", "w")
    by_check = {row["check"]: row for row in rows}
    assert {"no_decision", "threat_without_measure", "measure_overdue"} <= by_check.keys()
    assert by_check["measure_overdue"]["about"] == ["Luz"]
    assert all(row["why"] and row["way_out"] for row in rows)


def test_the_calendar_is_written_where_it_is_asked_for_and_says_nothing_of_what(terminal: Terminal) -> None:
    assert terminal.run("plan", "calendar", "Asamblea", "--dir", "w", "--ics", "days.ics").returncode == 0
    told = Path(terminal.home / "days.ics").read_bytes()
    assert len(Calendar.from_ical(told).walk("VEVENT")) == 1
    assert b"Luz" not in told and b"Asamblea" not in told
    days = terminal.told("plan", "calendar", "Asamblea", "--dir", "w")
    assert [(one["day"], one["what"]) for one in days] == [("2031-03-31", "review")]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("plan", "show", "Nadie"), "exactly this name"),
        (("plan", "gaps", "Consejo"), "no plan yet"),
        (("plan", "gaps", "Asamblea", "--pdf", "gaps.pdf"), "Paper comes with"),
        (("plan", "show", "Asamblea", "--ics", "days.ics"), "a calendar with"),
        (("plan", "show", "Asamblea", "--pdf", "nowhere/plan.pdf"), "no such file or directory"),
        (("plan", "sing", "Asamblea"), "sing"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(terminal: Terminal, words: tuple[str, ...], sentence: str) -> None:
    done = terminal.run(*words, "--dir", "w")
    assert done.returncode == 2
    assert sentence in done.stderr and "Traceback" not in done.stderr
