"""What sheets of the kit are made of, as the typesetter takes it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

Piece = dict[str, object]


@dataclass(frozen=True)
class Card:
    """A card: what it belongs to, a few large words, what it asks below, and how many empty lines."""

    kind: str
    words: str
    asks: tuple[str, ...] = ()
    lines: int = 3

    def as_json(self) -> Piece:
        """Return it as the typesetter takes it."""
        return asdict(self)


@dataclass(frozen=True)
class PaperPage:
    """A poster, or a part of a form; ``fresh`` begins a new sheet."""

    kind: str
    title: str
    pieces: tuple[Piece, ...] = field(default_factory=tuple)
    fresh: bool = True

    def as_json(self) -> Piece:
        """Return it as the typesetter takes it."""
        return asdict(self)


def say(text: str, *, quiet: bool = False) -> Piece:
    """Return a sentence."""
    return {"kind": "say", "text": text, "quiet": quiet}


def head(text: str) -> Piece:
    """Return a heading within a page."""
    return {"kind": "head", "text": text}


def lines(many: int, label: str = "") -> Piece:
    """Return empty lines to write on, with a word above."""
    return {"kind": "lines", "many": many, "label": label}


def dots(label: str, hint: str = "", *, to_write: int = 1) -> Piece:
    """Return five circles to fill in, and lines for the words."""
    return {"kind": "dots", "label": label, "hint": hint, "lines": to_write}


def table(
    heads: tuple[str, ...], rows: tuple[tuple[str, str], ...], *, shares: tuple[int, ...], tall: int, circles: bool
) -> Piece:
    """Return a table of named rows, its other cells empty or with five circles; ``tall`` in millimetres on A4."""
    named = [{"name": name, "hint": hint} for name, hint in rows]
    return {
        "kind": "table", "head": list(heads), "rows": named, "columns": list(shares), "tall": tall, "dots": circles,
    }  # fmt: skip
