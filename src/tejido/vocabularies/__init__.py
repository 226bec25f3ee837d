"""Controlled lists: one word per idea, the same on the page, in a file and in a figure.

Each list is one file in ``lists/`` with a header (``vocabulary``, ``title``, ``source``) and its ``terms``. A
term has a ``code`` (snake_case English, never shown), a ``label`` in English, Spanish, French and Portuguese
(lower case, so that it reads well inside a sentence), a ``definition`` of one plain sentence (English and
Spanish at least), optionally a ``parent`` in the same list, and ``mappings`` to other schemes:

- ``huridocs``: ``"<list>/<code>"`` of the HURIDOCS Micro-thesauri (the codes only, never their wording);
- ``iccs``: a code of the International Classification of Crime for Statistical Purposes;
- ``sdg``: ``"16.10.1/<kind>"``, the kinds of act counted by that indicator.

Every other key of a term is an *extra*; :data:`tejido.vocabularies.schema.EXTRAS` says which list has which,
of what type, and what it means. Read them with :meth:`Term.flag`, :meth:`Term.number` and :meth:`Term.text`.

Lists are read once in the life of a process and never change; nothing here knows Django.
"""

from __future__ import annotations

from functools import cache

from tejido.domain.errors import BadInput
from tejido.domain.words import N_
from tejido.vocabularies.reading import LISTS, read_vocabulary
from tejido.vocabularies.terms import LANGUAGES, Extra, Term, Vocabulary, readable

__all__ = ["LANGUAGES", "Extra", "Term", "Vocabulary", "readable", "vocabulary", "vocabulary_names"]

_UNKNOWN_LIST = N_("There is no list called “{vocabulary}”. Nothing was changed; the lists are: {known}.")


@cache
def vocabulary_names() -> tuple[str, ...]:
    """Return the names of all lists, sorted."""
    return tuple(sorted(path.stem for path in LISTS.glob("*.yml")))


@cache
def vocabulary(name: str) -> Vocabulary:
    """Return the list ``name``, read once.

    Raises:
        BadInput: there is no such list.
    """
    if name not in vocabulary_names():
        raise BadInput(_UNKNOWN_LIST, vocabulary=name, known=", ".join(vocabulary_names()))
    return read_vocabulary(LISTS / f"{name}.yml")
