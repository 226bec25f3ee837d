"""From the parts that several rows tell to one incident: acts, places and sources told twice are kept once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter

from tejido.domain.dates import ImpreciseDate
from tejido.exchange.mapping import TitleRule
from tejido.exchange.told import ToldAct, ToldIncident, Values
from tejido.vocabularies import vocabulary


@dataclass(slots=True)
class WholeIncident:
    """An incident with all its parts, by keys."""

    key: str
    values: Values
    territory: str
    places: list[Values]
    acts: list[ToldAct]
    sources: list[Values]

    def said(self) -> dict[str, str]:
        """Return, per field, a short digest of what is told; ``parts`` stands for all parts together."""
        parts = {
            "territory": self.territory,
            "places": sorted(map(repr, self.places)),
            "sources": sorted(map(repr, self.sources)),
            "acts": sorted(
                repr((act.values, sorted(act.victims.items()), sorted(act.perpetrators.items(), key=itemgetter(0))))
                for act in self.acts
            ),
        }
        return {**said(self.values), "parts": _short(repr(parts))}


def assemble(parts: Sequence[ToldIncident], title: TitleRule, language: str) -> WholeIncident:
    """Return the incident that the rows ``parts`` tell, in the order of their rows."""
    first = parts[0]
    acts = _merged(act for part in parts for act in part.acts)
    when = _when([part.when for part in parts if part.when is not None])
    details: dict[str, str] = {}
    for part in parts:
        for label, text in _details(part).items():
            details.setdefault(label, text)
    weeks = when.weeks() if when else (None, None)
    values: Values = {
        "title": _title(parts, acts, title, language),
        "summary": next((str(part.values["summary"]) for part in parts if part.values["summary"]), ""),
        "verification": first.values["verification"],
        "details": details,
        "when": when,
        "week_from": weeks[0],
        "week_to": weeks[1],
    }
    return WholeIncident(
        key=first.key,
        values=values,
        territory=next((part.territory for part in parts if part.territory), ""),
        places=_once(place for part in parts for place in part.places),
        acts=acts,
        sources=_once(source for part in parts for source in part.sources),
    )


def said(values: Values) -> dict[str, str]:
    """Return a short digest of each value, to tell later which of them a list tells differently.

    An empty value has none.
    """
    return {name: _short(_text_of(value)) for name, value in values.items() if value}


def frozen(value: object) -> str:
    """Return a value as text that is the same for the same value."""
    return _ENCODE(value)


def _text_of(value: object) -> str:
    if type(value) is str:
        return value
    return value.encode() if isinstance(value, ImpreciseDate) else repr(value)


def _short(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def _encoded(value: object) -> str:
    return value.encode() if isinstance(value, ImpreciseDate) else str(value)


_FROZEN = json.JSONEncoder(ensure_ascii=False, sort_keys=True, default=_encoded, separators=(",", ":"))


_ENCODE = json.JSONEncoder(ensure_ascii=False, sort_keys=True, default=_encoded, separators=(",", ":")).encode


def _merged(acts: Iterable[ToldAct]) -> list[ToldAct]:
    """Join acts that differ in nothing but their victims."""
    acts = list(acts)
    if len(acts) < 2:
        return acts
    found: dict[str, ToldAct] = {}
    for act in acts:
        place = repr((act.values, act.perpetrators))
        known = found.get(place)
        if known is None:
            found[place] = act
        else:
            for victim, persons in act.victims.items():
                known.victims.setdefault(victim, persons)
    return list(found.values())


def _once(parts: Iterable[Values]) -> list[Values]:
    parts = list(parts)
    if len(parts) < 2:
        return parts
    found: dict[str, Values] = {}
    for part in parts:
        found.setdefault(repr(part), part)
    return list(found.values())


def _when(dates: Sequence[ImpreciseDate]) -> ImpreciseDate | None:
    """Return the stretch that holds all dates."""
    if not dates or all(one == dates[0] for one in dates):
        return dates[0] if dates else None
    start, end = min(one.start for one in dates), max(one.end for one in dates)
    for one in dates:
        if (one.start, one.end) == (start, end):
            return one
    return ImpreciseDate.between(start, end, about=any(one.about for one in dates))


def _details(part: ToldIncident) -> dict[str, str]:
    found = part.values["details"]
    return found if isinstance(found, dict) else {}


def _title(parts: Sequence[ToldIncident], acts: Sequence[ToldAct], rule: TitleRule, language: str) -> str:
    victims: dict[str, None] = {}
    kinds: dict[str, None] = {}
    for act in acts:
        kinds[str(act.values["kind"])] = None
        victims.update(dict.fromkeys(act.victims))
    labels = vocabulary("acts")
    words = [labels.label(kind, language) for kind in kinds]
    told = ", ".join(words[:1] if len(words) > 3 else words)
    when = next((part.when for part in parts if part.when is not None), None)
    cells = {
        **parts[0].cells,
        "acts": told[:1].upper() + told[1:] or None,
        "victim": next((part.first_victim for part in parts if part.first_victim), None),
        "victims": str(len(victims)),
        "where": next((part.where for part in parts if part.where), None),
        "when": when.words(language) if when is not None else None,
    }
    template = rule.several if len(victims) > 1 else rule.one
    return (template.of(cells) or cells["acts"] or "").rstrip(" ·,:–-")
