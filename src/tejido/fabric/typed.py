"""Records as people type them, and back: names, facts and outlines as plain lines."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from tejido.drawing.geometry import Geometry
from tejido.fabric.making import Name
from tejido.fabric.models import Actor, Territory

#: The fields of the sheet of an actor that hold its names.
NAME_FIELDS: Final = ("name", "acronym", "aliases", "former", "translations")
_KINDS: Final = {"acronym": "acronym", "aliases": "alias", "former": "former"}


def names_typed(said: Mapping[str, str]) -> list[Name]:
    """Return the names typed into a sheet, the usual one first."""
    names = [Name(said["name"])]
    for field, kind in _KINDS.items():
        names += [Name(line, kind) for line in said[field].splitlines() if line.strip()]
    for line in said["translations"].splitlines():
        lang, found, text = line.partition(":")
        if found and len(lang.strip()) <= 12 and text.strip():
            names.append(Name(text, "translation", lang.strip()))
        elif line.strip():
            names.append(Name(line, "translation"))
    return names


def details_typed(text: str) -> dict[str, str]:
    """Return facts typed as ``label: value``; an indented line goes on with the fact before it."""
    details: dict[str, str] = {}
    label = ""
    for line in text.splitlines():
        if line[:1].isspace() and label:
            details[label] += "\n" + line.strip()
            continue
        first, found, value = line.partition(":")
        label = first.strip() if found else "–"
        if line.strip():
            value = value if found else line
            details[label] = f"{details[label]}\n{value.strip()}" if label in details else value.strip()
    return details


def actor_typed(actor: Actor) -> dict[str, Any]:
    """Return an actor as the initial values of its sheet."""
    first, *more = actor.names or [{"text": ""}]
    by_kind = {
        field: "\n".join(name["text"] for name in more if name["kind"] in kinds)
        for field, kinds in (("acronym", ["acronym"]), ("aliases", ["alias", "usual"]), ("former", ["former"]))
    }
    translations = [name for name in more if name["kind"] == "translation"]
    return {
        "revision": actor.revision,
        "kind": actor.kind,
        "name": first["text"],
        **by_kind,
        "translations": "\n".join(
            f"{name['lang']}: {name['text']}" if name.get("lang") else name["text"] for name in translations
        ),
        "identities": "\n".join(actor.identities),
        "about": actor.about,
        "size": actor.size,
        "naming": actor.naming,
        "form": actor.form,
        "details": details_text(actor.details),
    }


def details_text(details: Mapping[str, str]) -> str:
    """Return facts as lines that ``details_typed`` reads back."""
    return "\n".join(f"{label}: " + str(value).replace("\n", "\n  ") for label, value in details.items())


def merged(known: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """Return the sheet of a known actor with what was typed for its double added; nothing of either is lost."""
    both = dict(known)
    for field in ("identities", "aliases", "acronym", "former", "translations", "details"):
        lines = [*str(known[field]).splitlines(), *str(said.get(field, "")).splitlines()]
        both[field] = "\n".join(dict.fromkeys(line.rstrip() for line in lines if line.strip()))
    name = str(said.get("name", "")).strip()
    if name and name != known["name"] and name not in both["aliases"].splitlines():
        both["aliases"] = "\n".join(filter(None, [both["aliases"], name]))
    about = [text for text in (known["about"], said.get("about", "")) if text]
    both["about"] = "\n\n".join(dict.fromkeys(about))
    for field in ("size", "form"):
        both[field] = known[field] or said.get(field, "")
    return both


def territory_typed(territory: Territory) -> dict[str, Any]:
    """Return a territory as the initial values of its sheet; a point as degrees, an outline as it is kept."""
    point = territory.geometry.get("coordinates") if territory.geometry.get("type") == "Point" else None
    return {
        "revision": territory.revision,
        "name": territory.name,
        "kind": territory.kind,
        "parent": [territory.parent_id] if territory.parent_id else [],
        "about": territory.about,
        "shown": territory.shown,
        "latitude": str(point[1]) if point else "",
        "longitude": str(point[0]) if point else "",
    }


def geometry_text(geometry: Geometry) -> str:
    """Return an outline as compact GeoJSON."""
    return json.dumps(geometry, separators=(",", ":"))
