"""Processes that open a workspace, say what is in it, and bring in a list until they are killed.

``python -m tests.attacks.importing DIR PASSPHRASE_FILE POINTS``: the program is loaded once and forked for each point:
the number of rows after which it is killed, or null for after its end. Prints what each found when it opened.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

ROWS = 1000
MAPPING = """
tejido: 1
list: round {round}
language: en
actors:
  victim: {{key: "{{id}}", kind: person, name: "{{name}}"}}
  group: {{key: "{{group}}", kind: community, name: "{{group}}"}}
ties: [{{from: victim, to: group}}]
incident:
  key: "{{id}}"
  title: "{{acts}}: {{victim}}"
  acts: [{{kind: killing, victims: [victim]}}]
  sources: [{{kind: press, name: El Río}}]
"""


def main(directory: Path, phrase_file: Path, points: list[int | None]) -> None:
    """Kill one process at each point."""
    from tejido.cli.opening import prepare

    prepare(directory)
    for number, rows in enumerate(points):
        _say({"found": _killed_at(directory, phrase_file, number, rows)})


def _killed_at(directory: Path, phrase_file: Path, number: int, rows: int | None) -> dict[str, int]:
    """Fork a process, kill it once it has told ``rows`` rows (``None``: once it is done); return what it found."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        os.dup2(writing, 1)
        try:
            _bring_in(directory, phrase_file, number)
        finally:
            os._exit(1)
    os.close(writing)
    found: dict[str, int] = {}
    with os.fdopen(reading, encoding="utf-8") as lines:
        for line in lines:
            told: dict[str, Any] = json.loads(line)
            found = told.get("counts", found)
            if told.get("done") or (rows is not None and told.get("rows", -1) >= rows) or (rows == 0 and found):
                break
        os.kill(child, signal.SIGKILL)
    if not os.WIFSIGNALED(os.waitpid(child, 0)[1]):
        raise RuntimeError("it ended by itself")
    return found


def _bring_in(directory: Path, phrase_file: Path, round_: int) -> None:
    """Open, tell, import, wait."""
    from tejido.cli.opening import opened, passphrase_from
    from tejido.vault.workspace import Workspace

    with opened(Workspace(directory), passphrase_from(phrase_file, directory, prompt="")) as (_, by):
        from tejido.exchange.actions import run_import

        _say({"counts": counts()})
        rows = "".join(f"{number},Person {number},Group {number % 7}\n" for number in range(ROWS))
        path = directory.parent / f"list-{round_}.csv"
        path.write_text("id,name,group\n" + rows)
        run_import(
            by=by,
            path=path,
            file_name=path.name,
            mapping_text=MAPPING.format(round=round_),
            progress=lambda done, _read, _all: _say({"rows": done}),
        )
        _say({"done": True})
        signal.pause()


def counts() -> dict[str, int]:
    """Return how many records of each kind there are, having walked the whole journal."""
    from tejido.circles.models import CircleRecord
    from tejido.exchange.models import ExternalKey, Import
    from tejido.exchange.undoing import CREATED
    from tejido.vault.journal import verify

    kinds: list[type[CircleRecord]] = [*CREATED, ExternalKey]
    found = {model.__name__: model._default_manager.count() for model in kinds}
    return {**found, "imports": Import.objects.filter(status="done").count(), "journal": verify()}


def _say(what: dict[str, object]) -> None:
    os.write(1, json.dumps(what).encode() + b"\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3]))
