"""``kill -9`` while dossiers are written, rotated, erased, shared, and people come and go: nothing lost, nothing half.

A hundred times during writes, rotation and erasure, and three dozen more while people come and go and things are
shared. What was told is there; what was begun and not told is there wholly or not at all.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.attacks.killing import SECOND_ROUND
from tests.attacks.serving import ROOT, environment

ROUNDS = 25


class Told:
    """What the processes told until now: what was done, and what was begun and may have happened or not."""

    def __init__(self) -> None:
        self.done: dict[str, set[str]] = {}
        self.sharing: dict[str, str] = {}
        self.kills: Counter[str] = Counter()

    def take(self, line: dict[str, Any]) -> None:
        self.kills[line["what"]] += 1
        for one in line["told"]:
            for word, what in one.items():
                many = what if isinstance(what, list) else [str(what)]
                self.done.setdefault(word, set()).update(many)
                if word in {"sharing", "shared", "taking", "taken", "shortening", "shortened"}:
                    # An earlier day, once begun, may leave it taken back.
                    self.sharing[str(what)] = word

    def __getitem__(self, word: str) -> set[str]:
        return self.done.get(word, set())

    def agrees_with(self, found: dict[str, Any]) -> None:
        """Compare with what whoever came next found."""
        there = set(found["actors"])
        assert found["all_open"] and found["without_key"] == 0, "each record that is there opens"
        assert (found["orphans"], found["unfinished"]) == (0, 0)
        assert not there & self["erased"], "what was told to be erased is gone"
        assert self["written"] - self["erasing"] <= there, "what was told to be written is there"
        self._people_agree(found["people"])
        assert found["ways_of_nobody"] == found["lent_without_a_record"] == found["said_to_be_lent"] == 0
        assert found["lent_for_longer"] == 0, "no key opens for longer than its record says"
        lent, lending = set(found["lent"]), {"shared", "shortened"}
        assert {one for one, word in self.sharing.items() if word in lending} - self["erasing"] <= lent
        assert lent <= {one for one, word in self.sharing.items() if word != "taken"} & there

    def _people_agree(self, people: dict[str, str]) -> None:
        for name, how in people.items():
            if name in self["gone"]:
                assert how == "out", "who was let go has no way in"
            elif name in self["going"]:
                assert how in {"out", "reads"}
            elif name in self["joined"]:
                assert how == "reads", "who joined opens everything with their own words"
            elif name in self["invited"]:
                assert how in {"reads", "invited"}, "who is invited has joined or still can"
            else:
                assert how == "out", "a code that was never told serves nobody"


def test_a_hundred_kills_lose_no_key_and_leave_nothing_half_done(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.attacks.killing", str(tmp_path / "workspace"), str(ROUNDS)]
    done = subprocess.run(command, cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told, looks = Told(), 0
    for line in map(json.loads, done.stdout.splitlines()):
        if "seen" in line:
            looks += 1
            told.agrees_with(*line["seen"])
        else:
            told.take(line)
    assert looks == ROUNDS // 5 and all(told.kills[what] >= 12 for what in SECOND_ROUND)
    assert sum(told.kills[what] for what in ("write", "rotate", "erase")) == 100
    for word in ("written", "erased", "rotated", "invited", "joined", "gone", "shared", "taken", "shortened"):
        assert told[word], word


FOUND: dict[str, Any] = {
    "actors": ["a", "b"], "all_open": True, "without_key": 0, "orphans": 0, "unfinished": 0,
    "people": {"in": "reads", "asked": "invited", "gone": "out"}, "ways_of_nobody": 0, "lent": ["a"],
    "lent_without_a_record": 0, "said_to_be_lent": 0, "lent_for_longer": 0,
}  # fmt: skip
TOLD: list[dict[str, Any]] = [
    {"written": ["a", "b", "c"]}, {"erasing": "c"}, {"erased": "c"}, {"sharing": "a"}, {"shared": "a"},
    {"inviting": "in"}, {"invited": "in"}, {"joined": "in"}, {"inviting": "asked"}, {"invited": "asked"},
    {"joined": "gone"}, {"going": "gone"}, {"gone": "gone"}, {"sharing": "b"}, {"shared": "b"}, {"taking": "b"},
    {"taken": "b"},
]  # fmt: skip


@pytest.mark.parametrize(
    "lost",
    [
        {"actors": ["a"]},
        {"actors": ["a", "b", "c"]},
        {"all_open": False},
        {"without_key": 1},
        {"orphans": 1},
        {"unfinished": 1},
        {"people": {**FOUND["people"], "in": "reads in part"}},
        {"people": {**FOUND["people"], "in": "invited"}},
        {"people": {**FOUND["people"], "asked": "out"}},
        {"people": {**FOUND["people"], "gone": "reads"}},
        {"ways_of_nobody": 1},
        {"lent": []},
        {"lent": ["a", "b"]},
        {"lent_without_a_record": 1},
        {"said_to_be_lent": 1},
        {"lent_for_longer": 1},
    ],
)
def test_what_was_lost_or_left_half_done_would_be_noticed(lost: dict[str, Any]) -> None:
    told = Told()
    told.take({"what": "write", "told": TOLD})
    told.agrees_with(FOUND)
    with pytest.raises(AssertionError):
        told.agrees_with({**FOUND, **lost})
