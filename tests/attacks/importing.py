"""A process that opens a workspace, says what is in it, and brings in a list, telling how far it is.

``python -m tests.attacks.importing DIR PASSPHRASE_FILE ROUND``: to be killed by whoever started it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

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


def main(directory: Path, phrase_file: Path, round_: int) -> None:
    """Open, tell, import."""
    from tejido.cli.opening import opened, passphrase_from, prepare

    workspace = prepare(directory)
    with opened(workspace, passphrase_from(phrase_file, directory, prompt="")) as (_, by):
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
        sys.stdin.read()


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
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
