"""One thing that was looked at, how it stands, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tejido.domain.words import Words

Level = Literal["good", "warning", "fault"]


@dataclass(frozen=True)
class Remark:
    """One thing looked at: how it stands, what it means and what to do. Its parameters are numbers and names of
    settings, never anything that somebody wrote down."""

    code: str
    level: Level
    message: str
    parameters: dict[str, object]

    def sentence(self, words: Words) -> str:
        """Return the remark in the language of ``words``."""
        text = words.gettext(self.message)
        return text.format(**self.parameters) if self.parameters else text


def remark(code: str, level: Level, message: str, **parameters: object) -> Remark:
    """Return a remark."""
    return Remark(code, level, message, parameters)
