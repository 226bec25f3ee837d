"""``tejido …``: the same actions and queries as the pages, for the terminal and for scripts. No logic of its own."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code (0 done, 1 a fault was found, 2 a mistake of whoever called)."""
    from tejido.cli.running import run
    from tejido.vault.process import guard_process

    guard_process()
    return run(sys.argv[1:] if arguments is None else list(arguments))
