"""A term and the list it stands in, as the rest of Tejido reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TypeAlias

from tejido.domain.errors import BadInput
from tejido.domain.words import N_

#: What an extra key of a term can hold: a value, or one text per language.
Extra: TypeAlias = str | int | float | bool | Mapping[str, str]

#: Languages every label is written in; the first is what others fall back to.
LANGUAGES = ("en", "es", "fr", "pt")

# The value itself is left out of the sentence: a wrong column of an import can hold a name.
_UNKNOWN_TERM = N_("A value is not in the list “{vocabulary}”. What you gave was kept; choose one of: {known}.")


def _in_language(texts: Mapping[str, str], lang: str) -> str:
    """Return the text for ``lang`` (``es``, ``es-co``, ``pt_BR``…), else the English one, else nothing."""
    plain = lang.replace("_", "-").split("-", 1)[0].lower()
    return texts.get(plain) or texts.get("en", "")


def readable(code: str) -> str:
    """Make a code that no list knows fit to be shown: ``old_code`` becomes ``old code``."""
    return code.replace("_", " ").strip()


@dataclass(frozen=True, slots=True)
class Term:
    """One idea of a list: its code, its words, where it stands and what other schemes call it."""

    code: str
    labels: Mapping[str, str]
    definitions: Mapping[str, str]
    parent: str | None = None
    mappings: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    extra: Mapping[str, Extra] = field(default_factory=lambda: MappingProxyType({}))

    def label(self, lang: str) -> str:
        """Return the label in ``lang``, else in English, else the code made readable."""
        return _in_language(self.labels, lang) or readable(self.code)

    def definition(self, lang: str) -> str:
        """Return the definition in ``lang``, else in English, else an empty text."""
        return _in_language(self.definitions, lang)

    def flag(self, key: str) -> bool:
        """Return the yes-or-no extra ``key``; what is not said is no."""
        return self.extra.get(key) is True

    def number(self, key: str) -> float | None:
        """Return the numeric extra ``key`` (rank, severity, kilometres), or None where the term has none."""
        value = self.extra.get(key)
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

    def text(self, key: str, lang: str = "en") -> str:
        """Return the extra ``key`` as text, in ``lang`` where it has languages; empty where there is none."""
        value = self.extra.get(key, "")
        return _in_language(value, lang) if isinstance(value, Mapping) else str(value)


@dataclass(frozen=True)
class Vocabulary:
    """A list of terms in the order in which they are offered."""

    name: str
    titles: Mapping[str, str]
    source: str
    terms: Mapping[str, Term]

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Every code, in the order of the list."""
        return tuple(self.terms)

    def __iter__(self) -> Iterator[Term]:
        return iter(self.terms.values())

    def __len__(self) -> int:
        return len(self.terms)

    def __contains__(self, code: object) -> bool:
        return code in self.terms

    def title(self, lang: str) -> str:
        """Return what the list is called in ``lang``."""
        return _in_language(self.titles, lang) or readable(self.name)

    def term(self, code: str) -> Term:
        """Return the term ``code``.

        Raises:
            BadInput: the list has no such term; the sentence names the codes it has, not the value given.
        """
        found = self.terms.get(code)
        if found is None:
            raise BadInput(_UNKNOWN_TERM, vocabulary=self.name, known=", ".join(self.codes))
        return found

    def label(self, code: str, lang: str) -> str:
        """Return the label of ``code`` in ``lang``; a code the list does not know is shown readable."""
        found = self.terms.get(code)
        return found.label(lang) if found is not None else readable(code)

    def definition(self, code: str, lang: str) -> str:
        """Return the definition of ``code`` in ``lang``, empty for a code the list does not know."""
        found = self.terms.get(code)
        return found.definition(lang) if found is not None else ""

    def choices(self, lang: str) -> list[tuple[str, str]]:
        """Return ``(code, label)`` of every term, for a form."""
        return [(term.code, term.label(lang)) for term in self]

    def grouped_choices(self, lang: str) -> list[tuple[str, list[tuple[str, str]]]]:
        """Return the choices under each root's label; the root itself comes first in its group."""
        return [
            (root.label(lang), [(term.code, term.label(lang)) for term in (root, *self.below(root.code))])
            for root in self.roots
        ]

    @cached_property
    def roots(self) -> tuple[Term, ...]:
        """The terms that stand under no other."""
        return tuple(term for term in self if term.parent is None)

    @cached_property
    def _below(self) -> Mapping[str, tuple[Term, ...]]:
        return {code: tuple(t for t in self if t.code != code and self.within(t.code, code)) for code in self.codes}

    def below(self, code: str) -> tuple[Term, ...]:
        """Return every term under ``code``, at any depth, in the order of the list."""
        return self._below.get(code, ())

    def within(self, code: str, ancestor: str) -> bool:
        """Say whether ``code`` is ``ancestor`` or stands under it."""
        step: str | None = code
        while step is not None:
            if step == ancestor:
                return True
            found = self.terms.get(step)
            step = found.parent if found is not None else None
        return False
