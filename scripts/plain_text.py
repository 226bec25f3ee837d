"""Find what a template says to its reader without going through a translation."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from django.template.base import Lexer, TokenType

#: Attributes that are read aloud or shown.
SPOKEN = {"alt", "aria-label", "aria-description", "placeholder", "title"}
#: What these hold is not prose.
SILENT = {"script", "style", "code", "kbd", "pre"}
NAMES = {"Tejido", "tejido"}
WORD = re.compile(r"[^\W\d_]{2,}")


def without_tags(source: str) -> str:
    """Return the HTML of a template with its tags, variables, comments and translated blocks left out."""
    kept, hidden = [], ""
    for token in Lexer(source).tokenize():
        name = token.contents.split(maxsplit=1)[0] if token.token_type == TokenType.BLOCK else ""
        if hidden:
            hidden = "" if name == hidden else hidden
        elif name in {"blocktranslate", "blocktrans", "comment"}:
            hidden = f"end{name}"
        elif token.token_type == TokenType.TEXT:
            kept.append(token.contents)
        else:
            kept.append(" ")
    return "".join(kept)


class Listener(HTMLParser):
    """Hears what a page says: its text and its shown attributes, but for what is not to be translated."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []
        self._silence: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Hear the attributes of a tag, and whether its content is prose."""
        given = dict(attrs)
        if self._silence:
            if tag == self._silence[0]:
                self._silence.append(tag)
        elif tag in SILENT or given.get("translate") == "no":
            self._silence.append(tag)
        else:
            shown = SPOKEN | ({"value"} if given.get("type") in {"submit", "reset", "button"} else set())
            for name in sorted(shown & given.keys()):
                self._hear(given[name] or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Hear a tag that closes itself."""
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """Listen again when the untranslatable part ends."""
        if self._silence and tag == self._silence[-1]:
            self._silence.pop()

    def handle_data(self, data: str) -> None:
        """Hear text."""
        if not self._silence:
            self._hear(data)

    def _hear(self, text: str) -> None:
        if set(WORD.findall(text)) - NAMES:
            self.heard.append(" ".join(text.split()))


def untranslated(source: str) -> list[str]:
    """Return the pieces of text that a template says in one language only.

    A name that is the same in every language stands in an element marked ``translate="no"``.
    """
    listener = Listener()
    listener.feed(without_tags(source))
    listener.close()
    return listener.heard
