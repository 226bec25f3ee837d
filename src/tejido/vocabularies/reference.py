"""Writes the reference of all lists: ``python -m tejido.vocabularies.reference [FILE]``.

A test keeps ``docs/reference/vocabularies.md`` equal to what this writes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from tejido.vocabularies import Term, Vocabulary, vocabulary, vocabulary_names
from tejido.vocabularies.schema import EXTRAS, ExtraKey

DEFAULT = Path("docs/reference/vocabularies.md")

_HEAD = """# Controlled lists

Written by `python -m tejido.vocabularies.reference`; edit the lists in `src/tejido/vocabularies/lists/`, not
this file. Every label also exists in French and Portuguese. The last column gives the codes of other schemes
that a term corresponds to: HURIDOCS Micro-thesauri (`huridocs list/code`), International Classification of
Crime for Statistical Purposes (`iccs`), SDG indicator 16.10.1 (`sdg`). Their wording is not used here.
"""


def reference() -> str:
    """Return the whole reference as Markdown, English and Spanish side by side."""
    return "\n".join([_HEAD, *(line for name in vocabulary_names() for line in _section(vocabulary(name)))])


def _section(found: Vocabulary) -> Iterator[str]:
    extras = EXTRAS.get(found.name, ())
    columns = [extra for extra in extras if extra.kind != "texts"]
    yield f"## {found.name}\n"
    yield f"{found.title('en')} · {found.title('es')}. Source: {found.source}.\n"
    for extra in extras:
        yield f"- `{extra.name}`: {extra.meaning}"
    if extras:
        yield ""
    heads = ["code", "English", "español", *(extra.name for extra in columns), "elsewhere"]
    yield _row(heads)
    yield _row(["---"] * len(heads))
    for term in found:
        yield _row(_cells(term, columns))
    yield ""


def _cells(term: Term, columns: list[ExtraKey]) -> list[str]:
    code = f"`{term.code}`" + (f" (under `{term.parent}`)" if term.parent else "")
    words = [f"**{term.label(lang)}**: {term.definition(lang)}" for lang in ("en", "es")]
    elsewhere = "; ".join(f"{scheme} {target}" for scheme, target in term.mappings.items())
    return [code, *words, *(_value(term, extra) for extra in columns), elsewhere]


def _value(term: Term, extra: ExtraKey) -> str:
    if extra.kind == "flag":
        return "yes" if term.flag(extra.name) else "no"
    return term.text(extra.name)


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def main(arguments: list[str]) -> None:
    """Write the reference to the file named, or to its place in ``docs/``."""
    path = Path(arguments[0]) if arguments else DEFAULT
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(reference(), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
