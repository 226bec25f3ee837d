"""Write the reference that follows from the code: the command line, and what rests in clear.

    python scripts/reference.py            write both into docs/reference/
    python scripts/reference.py --check    say which is out of date, exit 1 if any is

The reference of the controlled lists is written by ``python -m tejido.vocabularies.reference``.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tejido.cli.arguments import parser
from tejido.domain.words import ENGLISH
from tejido.vault.clear_columns import CLEAR

ROOT = Path(__file__).resolve().parents[1]
FOLDER = Path("docs/reference")

_CLI_HEAD = """# The command line

Written by `make docs` from `src/tejido/cli/arguments.py`; do not edit. After `make demo` or `make setup` the program
is `.venv/bin/tejido`.

Others script against it, so it only ever grows. What holds for every command:

- The passphrase is typed at the terminal, or read from the first line of `--passphrase-file`. It is never an
  argument: other programs can see arguments.
- With `--json` there is one JSON document on standard output and nothing else. Progress goes to standard error.
- A mistake ends with a sentence on standard error, never with a traceback.

| exit code | meaning |
| --- | --- |
| 0 | done |
| 1 | a fault: something sealed was altered, `check` found something, or the program itself broke |
| 2 | a mistake of whoever called: the sentence says what was kept |
| 3 | a second person has to agree first (`export`, `erase` of several): they were asked, nothing was done yet |
| 130 | stopped with Ctrl+C: what was finished is kept, what was under way was not written |
"""

_CLEAR_HEAD = """# What rests in clear

Written by `make docs` from `src/tejido/vault/clear_columns.py` and the models; do not edit.

On a laptop the whole database file is encrypted, and nothing below can be read from it. On PostgreSQL a dump shows
the columns in clear; the sealed ones are there as sealed bytes of a rough size. **An empty sealed value is empty in
the dump too**: that somebody wrote nothing can be seen. Django's own table `django_migrations` shows which version
made the tables, and when.
"""


def command_line() -> str:
    """Return the reference of the command line as Markdown."""
    top = parser(ENGLISH)
    found = next(action for action in top._actions if isinstance(action, argparse._SubParsersAction))
    parts = [_CLI_HEAD]
    for name, command, about in _commands(found):
        parts += [f"## tejido {name}\n", f"{about}\n", *_arguments(command), ""]
    return "\n".join(parts)


def _commands(
    found: argparse._SubParsersAction[argparse.ArgumentParser], before: str = ""
) -> Iterator[tuple[str, argparse.ArgumentParser, str]]:
    """Yield each command that can be typed, those of two words one by one, with what it is for."""
    said = {choice.dest: choice.help or "" for choice in found._choices_actions}
    for name, command in found.choices.items():
        more = next((one for one in command._actions if isinstance(one, argparse._SubParsersAction)), None)
        if more is not None:
            yield from _commands(more, f"{before}{name} ")
        else:
            yield before + name, command, command.description or said.get(name, "")


def _arguments(command: argparse.ArgumentParser) -> Iterator[str]:
    yield "| argument | what it is |"
    yield "| --- | --- |"
    actions = [action for action in command._actions if not isinstance(action, argparse._HelpAction)]
    for action in sorted(actions, key=lambda action: bool(action.option_strings)):
        yield f"| `{_written(action)}` | {_told(action)} |"


def _written(action: argparse.Action) -> str:
    value = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
    if action.choices and action.metavar is None:
        value = " or ".join(str(choice) for choice in action.choices)
    if not action.option_strings:
        return f"[{value}]" if action.nargs == "?" else value
    return action.option_strings[-1] if action.nargs == 0 else f"{action.option_strings[-1]} {value}"


def _told(action: argparse.Action) -> str:
    told = action.help or "which of these"
    if action.option_strings and action.required:
        told += " (always needed)"
    if action.default not in (None, "", False):
        told += f" (otherwise {action.default})"
    return told


def clear_columns() -> str:
    """Return, as Markdown, table by table what rests in clear and why, and what is sealed."""
    sealed = _sealed_columns()
    parts = [_CLEAR_HEAD]
    for table, columns in sorted(CLEAR.items()):
        parts += [f"## {table}\n", "| column in clear | why it may |", "| --- | --- |"]
        parts += [f"| `{name}` | {why} |" for name, why in columns.items()]
        names = ", ".join(f"`{name}`" for name in sealed.get(table, ()))
        parts += ["", f"Sealed: {names or 'nothing; there is nothing else here'}.", ""]
    return "\n".join(parts)


def _sealed_columns() -> dict[str, list[str]]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tejido.settings")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()
    from tejido.vault.fields import SealedField

    return {
        model._meta.db_table: [
            field.attname for field in model._meta.concrete_fields if isinstance(field, SealedField)
        ]
        for model in apps.get_models()
    }


REFERENCES: dict[str, Callable[[], str]] = {"cli.md": command_line, "clear-columns.md": clear_columns}


def stale(root: Path = ROOT) -> list[str]:
    """Return the names of the references that are not what the code says now."""
    folder = root / FOLDER
    return [
        name
        for name, written in REFERENCES.items()
        if not (folder / name).is_file() or (folder / name).read_text("utf-8") != written()
    ]


def write(root: Path = ROOT) -> None:
    """Write the references."""
    for name, written in REFERENCES.items():
        (root / FOLDER / name).write_text(written(), encoding="utf-8")


if __name__ == "__main__":
    if "--check" not in sys.argv[1:]:
        write()
    out_of_date = stale()
    print("\n".join(f"docs/reference/{name} is out of date: run `make docs`." for name in out_of_date))
    sys.exit(1 if out_of_date else 0)
