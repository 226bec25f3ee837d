"""Who took part in a session: counts of the groups that people themselves chose, and nobody's name.

The counts are never added up: somebody may be a woman, young and a teacher at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tejido.domain.errors import BadInput
from tejido.domain.words import N_

_COUNT_FIRST: Final = re.compile(r"(?P<count>\d{1,6})\s*[:·,-]?\s*(?P<group>\D.*)")
_GROUP_FIRST: Final = re.compile(r"(?P<group>.*\D)\s*[:·=-]\s*(?P<count>\d{1,6})")
_NOT_READ: Final = N_(
    "Line {line} says no number and group. What you typed was kept; write for example “23 women”, one group on each "
    "line."
)
_MORE_THAN_ALL: Final = N_(
    "Line {line} counts more people than were there in all. What you typed was kept; look at both numbers again."
)


@dataclass(frozen=True, slots=True)
class Present:
    """How many people of one self-chosen group took part."""

    group: str
    count: int

    def __str__(self) -> str:
        return f"{self.count} {self.group}"


def read_present(lines: Iterable[str], *, of: int | None = None) -> tuple[Present, ...]:
    """Read “23 women” or “women: 23”, one on each line; ``of`` is how many took part in all, if that is known.

    Raises ``BadInput`` with the number of the line that could not be read, or that counts more than all.
    """
    found = []
    for at, line in enumerate(lines, start=1):
        text = line.strip()
        if not text:
            continue
        match = _COUNT_FIRST.fullmatch(text) or _GROUP_FIRST.fullmatch(text)
        if match is None:
            raise BadInput(_NOT_READ, line=at)
        present = Present(match["group"].strip(" :·=-"), int(match["count"]))
        if of is not None and present.count > of:
            raise BadInput(_MORE_THAN_ALL, line=at)
        found.append(present)
    return tuple(found)
