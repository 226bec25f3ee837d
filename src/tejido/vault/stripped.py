"""What comes out when a file is cleaned, and how a file is refused."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Clean:
    """A cleaned file: its content, its kind, codes of what was removed and of what nobody can remove for them."""

    content: bytes
    media: str
    removed: frozenset[str]
    remains: frozenset[str]


class Refused(Exception):
    """A file that is not cleaned; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
