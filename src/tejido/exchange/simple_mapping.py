"""A mapping for the simple case, out of what each column is: who, which group, when, where, what, by whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import yaml
from django.utils.translation import gettext_lazy as _

from tejido.domain.date_reading import fold
from tejido.domain.errors import BadInput
from tejido.domain.words import N_
from tejido.exchange.reading import GoodRow, Table
from tejido.vocabularies import vocabulary

#: What a column may be.
ROLES: Final = {
    "": _("leave out"),
    "victim": _("name of the person harmed"),
    "group": _("group, community or organisation they belong to"),
    "when": _("date"),
    "where": _("place or municipality"),
    "latitude": _("latitude"),
    "longitude": _("longitude"),
    "act": _("kind of act"),
    "perpetrator": _("alleged perpetrator"),
    "case": _("number of the case (rows with the same are one incident)"),
    "person_id": _("number of the person (the same in every row about them)"),
    "source": _("source"),
    "detail": _("a further detail of the incident"),
}
_MANY: Final = frozenset({"", "detail"})
_MOST_VALUES: Final = 80
_MOST_ROWS: Final = 5_000
_TWICE = N_("Two columns were chosen as the same thing. Choose one; the others can be further details.")
_NOBODY = N_("Choose at least the column with the name of the person harmed, or of the group.")


def columns_of(table: Table, rows: int = 3) -> list[tuple[str, list[str]]]:
    """Return each column with a few of its values, for people to know which is which."""
    samples: dict[str, list[str]] = {column: [] for column in table.columns}
    for number, row in enumerate(table.rows()):
        if number >= 50:
            break
        if isinstance(row, GoodRow):
            for column, text in row.cells.items():
                if text and len(samples[column]) < rows and text not in samples[column]:
                    samples[column].append(text[:60])
    return list(samples.items())


def values_of(table: Table, column: str) -> list[str]:
    """Return the different values of a column, as far as a mapping by hand makes sense."""
    found: dict[str, None] = {}
    for number, row in enumerate(table.rows()):
        if number >= _MOST_ROWS or len(found) >= _MOST_VALUES:
            break
        text = row.cells.get(column) if isinstance(row, GoodRow) else None
        if text:
            found[text] = None
    return list(found)


def make_mapping(
    chosen: Mapping[str, str], *, list_name: str, language: str, acts: Sequence[str] = (), why_left_out: str = ""
) -> str:
    """Return the YAML of a mapping; ``chosen`` is ``{column: role}``, ``acts`` the values of the act column.

    Raises ``BadInput`` when a role that can be had once is given twice, or nobody is named.
    """
    roles: dict[str, str] = {}
    for column, role in chosen.items():
        if role in _MANY:
            continue
        if role in roles:
            raise BadInput(_TWICE)
        roles[role] = column
    if "victim" not in roles and "group" not in roles:
        raise BadInput(_NOBODY)
    document = {
        "tejido": 1,
        "list": list_name,
        "language": language,
        "file": {"missing": ["NA", "N/A", "-"]},
        **_values(roles, acts),
        **_territories(roles),
        "actors": _actors(roles),
        **_ties(roles),
        "incident": _incident(roles, [column for column, role in chosen.items() if role == "detail"]),
        "not_imported": {column: why_left_out for column, role in chosen.items() if not role},
    }
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=110)


def _values(roles: Mapping[str, str], acts: Sequence[str]) -> dict[str, object]:
    if "act" not in roles:
        return {}
    table = {value: _act_for(value) for value in acts}
    return {"values": {"acts": {**table, "*": "other", "": "not_stated"}}}


def _act_for(value: str) -> str:
    """Return the kind of act whose label is the value, in any language; ``other`` if there is none."""
    wanted = fold(value)
    for term in vocabulary("acts"):
        if wanted == fold(term.code) or wanted in {fold(label) for label in term.labels.values()}:
            return term.code
    return "other"


def _territories(roles: Mapping[str, str]) -> dict[str, object]:
    if "where" not in roles:
        return {}
    where: dict[str, object] = {"key": _of(roles["where"]), "name": _of(roles["where"]), "kind": "locality"}
    if "latitude" in roles and "longitude" in roles:
        where["point"] = _point(roles)
    return {"territories": {"where": where}}


def _actors(roles: Mapping[str, str]) -> dict[str, object]:
    found: dict[str, object] = {}
    if "victim" in roles:
        key = roles.get("person_id", roles["victim"])
        found["victim"] = {"key": f"person {_of(key)}", "kind": "person", "name": _of(roles["victim"])}
    if "group" in roles:
        found["group"] = {"key": f"group {_of(roles['group'])}", "kind": "group", "name": _of(roles["group"])}
    if "perpetrator" in roles:
        column = _of(roles["perpetrator"])
        found["perpetrator"] = {"key": f"perpetrator {column}", "kind": "unknown", "name": column}
    return found


def _ties(roles: Mapping[str, str]) -> dict[str, object]:
    if "victim" not in roles or "group" not in roles:
        return {}
    return {"ties": [{"from": "victim", "to": "group", "kind": "member_of"}]}


def _incident(roles: Mapping[str, str], details: Sequence[str]) -> dict[str, object]:
    victim = "victim" if "victim" in roles else "group"
    act: dict[str, object] = {"kind": f"{{{roles['act']}|acts}}" if "act" in roles else "not_stated"}
    act["victims"] = [victim]
    if "perpetrator" in roles:
        act["perpetrators"] = ["perpetrator"]
    incident: dict[str, object] = {"title": {"one": "{acts}: {victim}", "several": "{acts}: {victims} · {where?}"}}
    if "case" in roles:
        incident["key"] = _of(roles["case"])
    if "when" in roles:
        incident["when"] = {"from": _of(roles["when"])}
    if "where" in roles:
        place: dict[str, object] = {"words": _of(roles["where"])}
        if "latitude" in roles and "longitude" in roles:
            place["point"] = _point(roles)
            place["precision"] = "near"
        incident["territory"] = "where"
        incident["places"] = [place]
    if details:
        incident["details"] = {column: _of(column) for column in details}
    incident["acts"] = [act]
    if "source" in roles:
        incident["sources"] = [{"kind": "other", "name": _of(roles["source"]), "if": roles["source"]}]
    return incident


def _of(column: str) -> str:
    return f"{{{column}}}"


def _point(roles: Mapping[str, str]) -> dict[str, object]:
    return {"latitude": _of(roles["latitude"]), "longitude": _of(roles["longitude"])}
