"""How a command speaks: words for people, one JSON document for scripts, progress on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tejido.domain.words import Words

#: Told how far work is: done and total, as the last two numbers (rows, when told too, come first).
Progress = Callable[..., None]


@dataclass(frozen=True)
class Telling:
    """The voice of one command."""

    words: Words
    lang: str
    as_json: bool

    def say(self, sentence: str) -> None:
        """Print a sentence for people; nothing under ``--json``."""
        if not self.as_json:
            print(sentence, flush=True)

    def document(self, content: object) -> None:
        """Print the one JSON document; nothing without ``--json``."""
        if self.as_json:
            json.dump(content, sys.stdout, ensure_ascii=False, indent=1)
            print(flush=True)

    def rows(self, rows: Iterable[dict[str, object]], line: Callable[[dict[str, object]], str]) -> None:
        """Print rows as they come: a JSON array, or one line each."""
        if not self.as_json:
            for row in rows:
                print(line(row))
            return
        before = "[\n"
        for row in rows:
            sys.stdout.write(before + json.dumps(row, ensure_ascii=False))
            before = ",\n"
        sys.stdout.write("[]\n" if before == "[\n" else "\n]\n")

    @contextmanager
    def progress(self, what: str) -> Iterator[Progress | None]:
        """Show a bar on standard error while work goes on, if somebody is looking."""
        if not sys.stderr.isatty():
            yield _every_tenth(what)
            return
        from rich.console import Console
        from rich.progress import Progress as Bar

        with Bar(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(what, total=None)
            yield lambda *numbers: bar.update(task, completed=numbers[-2], total=numbers[-1] or None)


def _every_tenth(what: str) -> Progress:
    """Without a terminal: a line for each tenth, so that a log shows the work advance."""
    told = [-1]

    def tell(*numbers: int) -> None:
        done, total = numbers[-2:]
        tenth = 10 * done // total if total else 0
        if tenth > told[0]:
            told[0] = tenth
            print(f"{what} {numbers[0]} ({10 * tenth} %)", file=sys.stderr, flush=True)

    return tell
