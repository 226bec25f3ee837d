"""From YAML to a mapping: strict, so that a slip of the pen is told rather than guessed at."""

from __future__ import annotations

from typing import Final

from tejido.domain.errors import BadInput
from tejido.domain.words import N_
from tejido.exchange import mapping as shape
from tejido.exchange.mapping_parts import Parts
from tejido.exchange.nodes import LANGUAGES, Node, read_yaml
from tejido.exchange.reading import FileForm
from tejido.exchange.templates import Table

FORMAT: Final = "1"
_WRONG_FORMAT = N_("The mapping must begin with “tejido: 1”, the format it is written in.")
_NO_LANGUAGE = N_("In the mapping, “language” must be one of {known}.")
_NOTHING = N_("The mapping makes nothing: it needs “actors” or “incident”.")
_BOTH = N_("In the mapping, the column “{column}” is both used and listed under “not_imported”.")
_TOP = (
    "title", "language", "file", "values", "territories", "known", "actors", "ties", "presences", "incident",
    "not_imported",
)  # fmt: skip


def parse_mapping(text: str, *, language: str | None = None) -> shape.Mapping:
    """Return the mapping written in ``text``; ``language`` replaces the one it names.

    Raises ``BadInput`` naming the place of the first mistake.
    """
    root = read_yaml(text).allow(*_TOP, needs=("tejido", "list"))
    if root.get("tejido").value != FORMAT:
        raise BadInput(_WRONG_FORMAT)
    language = language or (root.get("language").text() if root.has("language") else "es")
    if language not in LANGUAGES:
        raise BadInput(_NO_LANGUAGE, known=", ".join(sorted(LANGUAGES)))
    form = _form(root)
    parts = Parts(_tables(root, language), language)
    found = _whole(root, parts, form, language)
    both = found.used & set(found.not_imported)
    if both:
        raise BadInput(_BOTH, column=min(both))
    return found


def _whole(root: Node, parts: Parts, form: FileForm, language: str) -> shape.Mapping:
    territories = tuple(parts.territory(name, node) for name, node in root.entries("territories"))
    parts.know_territories([rule.alias for rule in territories])
    parts.know_known([name for name, _node in root.entries("known")])
    known = {name: parts.known_actor(name, node) for name, node in root.entries("known")}
    parts.know_actors([name for name, _node in root.entries("actors")])
    actors = tuple(parts.actor_or_reading(name, node) for name, node in root.entries("actors"))
    ties = tuple(parts.tie(node) for node in root.list_of("ties"))
    presences = tuple(parts.presence(node) for node in root.list_of("presences"))
    incident = parts.incident(root.get("incident")) if root.has("incident") else None
    if not actors and incident is None:
        raise BadInput(_NOTHING)
    return shape.Mapping(
        list_name=root.get("list").text(),
        language=language,
        form=form,
        used=frozenset(parts.columns),
        territories=territories,
        known=known,
        actors=actors,
        ties=ties,
        presences=presences,
        incident=incident,
        not_imported=_left_out(root, language),
    )


def _form(root: Node) -> FileForm:
    if not root.has("file"):
        return FileForm()
    node = root.get("file").allow("encoding", "delimiter", "sheet", "missing")
    delimiter = node.get("delimiter").text() if node.has("delimiter") else None
    return FileForm(
        encoding=node.get("encoding").text() if node.has("encoding") else None,
        delimiter="\t" if delimiter in ("tab", "\\t") else delimiter,
        sheet=node.get("sheet").text() if node.has("sheet") else None,
        missing=frozenset({"", *node.names("missing")}),
    )


def _tables(root: Node, language: str) -> dict[str, Table]:
    tables: dict[str, Table] = {}
    for name, _node in root.entries("values"):
        table: dict[str, str | None] = {}
        for value, meaning in root.get("values").entries(name):
            table[value] = meaning.words(language) if meaning.value is not None else None
        tables[name] = table
    return tables


def _left_out(root: Node, language: str) -> dict[str, str]:
    return {
        column: node.words(language) if node.value is not None else "" for column, node in root.entries("not_imported")
    }


__all__ = ["parse_mapping"]
