"""From a row to what it tells: pure, knows no database. A row that contradicts the mapping raises ``BadInput``."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tejido.domain.errors import BadInput
from tejido.domain.words import N_
from tejido.exchange.dating import Dates
from tejido.exchange.mapping import (
    ActorRule,
    ActRule,
    IncidentRule,
    Mapping,
    PhraseReading,
    PhraseRule,
    SourceRule,
    TieRule,
)
from tejido.exchange.reading import GoodRow
from tejido.exchange.row_values import details_of, normal, place_of, point_of, text_of
from tejido.exchange.shapes import Files, Shapes, no_files
from tejido.exchange.templates import Cells
from tejido.exchange.told import (
    RowPlan,
    ToldAct,
    ToldIncident,
    ToldPresence,
    ToldRecord,
    ToldTie,
    Values,
    name_of,
)

_NO_KEY = N_("The row has no value for the key of its incident, so it is not clear which incident it belongs to.")
_NO_KIND = N_("It is not said of which kind “{what}” is, in the sense of the mapping.")
_MOST_UNREAD = 200


@dataclass(slots=True)
class _Found:
    """An actor that a row speaks of, with what the phrase that named it said of the tie or the involvement."""

    key: str
    rule: PhraseRule | None = None


@dataclass(slots=True)
class _Bundle:
    """Actors with the ties they bring along."""

    actors: dict[str, ToldRecord]
    ties: list[ToldTie]


class Planner:
    """Makes the plan of each row; keeps notes on what deserves to be told at the end."""

    def __init__(self, mapping: Mapping, *, today: date, files: Files = no_files) -> None:
        self._mapping = mapping
        self._shapes = Shapes(files)
        self._dates = Dates(today, self._note_reversed)
        self._row = 0
        self._known: dict[str, _Bundle] = {}
        self._phrases: dict[tuple[str, str], tuple[_Bundle, list[_Found]]] = {}
        self._repeats: Counter[str] = Counter()
        self.reversed_dates: dict[int, None] = {}
        self.unread: Counter[tuple[str, str]] = Counter()

    @property
    def unmatched(self) -> list[str]:
        """The names of territories that no map file knows."""
        return list(self._shapes.unmatched)

    def incident_key(self, row: GoodRow) -> str | None:
        """Return the key of the incident a row belongs to; ``None`` if the mapping makes none or it is missing."""
        rule = self._mapping.incident
        if rule is None:
            return None
        if rule.key is not None:
            found = rule.key.of(row.cells)
            return normal(found) if found is not None else None
        content = "\n".join(f"{column}\t{text}" for column, text in row.cells.items())
        digest = hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()
        self._repeats[digest] += 1
        return f"{digest}:{self._repeats[digest]}"

    def start_again(self) -> None:
        """Forget which rows were seen, before the file is read once more."""
        self._repeats.clear()

    def plan(self, row: GoodRow, incident_key: str | None) -> RowPlan:
        """Return what ``row`` tells; ``incident_key`` as ``incident_key`` gave it."""
        plan, cells = RowPlan(row.number), row.cells
        self._row = row.number
        self._territories(plan, cells)
        found = self._actors(plan, cells)
        for rule in self._mapping.ties:
            self._ties(plan, cells, rule, found)
        for presence in self._mapping.presences:
            territory = self._territory_keys.get(presence.territory)
            kind = presence.kind.of(cells)
            if territory and kind and (presence.condition is None or presence.condition.holds(cells)):
                words = text_of(presence.words, cells)
                for one in self._named(plan, presence.actor, found):
                    plan.presences.append(ToldPresence(one.key, territory, {"kind": kind, "words": words}))
        if self._mapping.incident is not None:
            if incident_key is None:
                raise BadInput(_NO_KEY)
            plan.incident = self._incident(plan, cells, self._mapping.incident, incident_key, found)
        return plan

    def _territories(self, plan: RowPlan, cells: Cells) -> None:
        self._territory_keys: dict[str, str] = {}
        for rule in self._mapping.territories:
            if rule.condition is not None and not rule.condition.holds(cells):
                continue
            key, name = rule.key.of(cells), rule.name.of(cells)
            if key is None or name is None:
                continue
            key = normal(key)
            self._territory_keys[rule.alias] = key
            if key in plan.territories:
                continue
            geometry: dict[str, object] | None = None
            if rule.shape is not None:
                geometry = self._shapes.of(rule.shape, cells)
            if geometry is None and rule.point is not None:
                point = point_of(rule.point, cells)
                geometry = {"type": "Point", "coordinates": [point[1], point[0]]} if point else None
            values: Values = {
                "name": name,
                "kind": rule.kind.of(cells) or "other",
                "about": text_of(rule.about, cells),
                "shown": rule.shown,
                "geometry": geometry or {},
            }
            plan.territories[key] = ToldRecord(key, values, self._territory_keys.get(rule.parent, ""))

    def _actors(self, plan: RowPlan, cells: Cells) -> dict[str, list[_Found]]:
        found: dict[str, list[_Found]] = {}
        late: list[TieRule] = []
        for rule in self._mapping.actors:
            if rule.condition is not None and not rule.condition.holds(cells):
                found[rule.alias] = []
            elif isinstance(rule, PhraseReading):
                found[rule.alias] = self._read_phrase(plan, rule, cells)
            else:
                found[rule.alias] = []
                for told in self._each(rule, cells):
                    plan.actors.setdefault(told.key, told)
                    if told.key not in {one.key for one in found[rule.alias]}:
                        found[rule.alias].append(_Found(told.key))
                if found[rule.alias]:
                    late.extend(rule.ties)
        for tie in late:
            self._ties(plan, cells, tie, found)
        return found

    def _each(self, rule: ActorRule, cells: Cells) -> Iterator[ToldRecord]:
        """Yield the actor of the row, or one for every part of the list in a cell."""
        if rule.each is None:
            parts: list[str | None] = [None]
        else:
            column, sign = rule.each
            parts = [part.strip() for part in (cells.get(column) or "").split(sign) if part.strip()]
        for part in parts:
            told = self._actor(rule, cells if part is None else {**cells, "each": part})
            if told is not None:
                yield told

    def _actor(self, rule: ActorRule, cells: Cells) -> ToldRecord | None:
        key = rule.key.of(cells)
        if key is None:
            return None
        kind = rule.kind.of(cells)
        if kind is None:
            raise BadInput(_NO_KIND, what=rule.alias or key)
        names: list[dict[str, str]] = []
        for name in rule.names:
            text = name.text.of(cells)
            if text is not None and all(text != known["text"] for known in names):
                names.append({"text": text, "kind": name.kind, **({"lang": name.lang} if name.lang else {})})
        values: Values = {
            "kind": kind,
            "form": text_of(rule.form, cells),
            "naming": rule.naming,
            "names": names,
            "identities": [text for text in (one.of(cells) for one in rule.identities) if text],
            "about": text_of(rule.about, cells),
            "size": text_of(rule.size, cells),
            "details": details_of(rule.details, cells),
        }
        return ToldRecord(normal(key), values)

    def _known_bundle(self, code: str) -> _Bundle:
        """Return an actor the mapping knows, with those it is tied to."""
        if code not in self._known:
            bundle = self._known[code] = _Bundle({}, [])
            self._into(bundle, self._mapping.known[code], {})
        return self._known[code]

    def _into(self, bundle: _Bundle, rule: ActorRule, cells: Cells) -> str | None:
        told = self._actor(rule, cells)
        if told is None:
            return None
        bundle.actors.setdefault(told.key, told)
        for tie in rule.ties:
            other = self._known_bundle(tie.target)
            target = next(iter(other.actors))
            for key, actor in other.actors.items():
                bundle.actors.setdefault(key, actor)
            if target != told.key:
                bundle.ties.append(ToldTie(told.key, target, self._tie_values(tie, cells, None)))
            bundle.ties.extend(other.ties)
        return told.key

    def _read_phrase(self, plan: RowPlan, reading: PhraseReading, cells: Cells) -> list[_Found]:
        text = cells.get(reading.column)
        if text is None:
            return []
        place = (reading.alias, text)
        known = self._phrases.get(place)
        if known is None:
            known = self._phrases[place] = self._phrase(reading, text)
            if not known[1] and not any(rule.find.search(text) for rule in reading.rules):
                self.unread[reading.column, text] += 0
        if (reading.column, text) in self.unread:
            self.unread[reading.column, text] += 1
        bundle, found = known
        for key, actor in bundle.actors.items():
            plan.actors.setdefault(key, actor)
        plan.ties.extend(bundle.ties)
        return found

    def _phrase(self, reading: PhraseReading, text: str) -> tuple[_Bundle, list[_Found]]:
        bundle, found = _Bundle({}, []), {}
        for rule in reading.rules:
            match = None
            for match in rule.find.finditer(text):
                cells: Cells = {"text": text, **match.groupdict()}
                for actor in rule.actors:
                    if isinstance(actor, str):
                        known = self._known_bundle(actor)
                        key: str | None = next(iter(known.actors))
                        bundle.actors.update({k: a for k, a in known.actors.items() if k not in bundle.actors})
                        bundle.ties.extend(known.ties)
                    else:
                        key = self._into(bundle, actor, cells)
                    if key is not None and key not in found:
                        found[key] = _Found(key, rule)
            if match is not None and rule.only:
                break
        return bundle, list(found.values())

    def _named(self, plan: RowPlan, alias: str, found: dict[str, list[_Found]]) -> list[_Found]:
        """Return the actors that go by ``alias``: of the row, or known to the mapping."""
        if alias in found:
            return found[alias]
        if alias not in self._mapping.known:
            return []
        bundle = self._known_bundle(alias)
        for key, actor in bundle.actors.items():
            plan.actors.setdefault(key, actor)
        plan.ties.extend(bundle.ties)
        return [_Found(next(iter(bundle.actors)))]

    def _ties(self, plan: RowPlan, cells: Cells, rule: TieRule, found: dict[str, list[_Found]]) -> None:
        if rule.condition is not None and not rule.condition.holds(cells):
            return
        for origin in self._named(plan, rule.origin, found):
            for target in self._named(plan, rule.target, found):
                if origin.key != target.key:
                    phrase = target.rule or origin.rule
                    values = self._tie_values(rule, cells, phrase)
                    plan.ties.append(ToldTie(origin.key, target.key, values))

    def _tie_values(self, rule: TieRule, cells: Cells, phrase: PhraseRule | None) -> Values:
        since, until = self._dates.of(rule.since, cells), self._dates.of(rule.until, cells)
        return {
            "kind": (phrase and phrase.kind) or rule.kind.of(cells) or "member_of",
            "strength": (phrase and phrase.strength) or rule.strength.of(cells) or "medium",
            "certainty": (phrase and phrase.certainty) or rule.certainty.of(cells) or "unknown",
            "since": since,
            "until": until,
            "since_week": since.weeks()[0] if since else None,
            "until_week": until.weeks()[1] if until else None,
            "words": (phrase and phrase.words) or text_of(rule.words, cells),
            "source": text_of(rule.source, cells),
        }

    def _incident(
        self, plan: RowPlan, cells: Cells, rule: IncidentRule, key: str, found: dict[str, list[_Found]]
    ) -> ToldIncident:
        when = self._dates.of(rule.when, cells)
        acts = [act for one in rule.acts if (act := self._act(plan, cells, one, when, found)) is not None]
        territory = next((self._territory_keys[name] for name in rule.territories if name in self._territory_keys), "")
        places = [place for one in rule.places if (place := place_of(one, cells)) is not None]
        first = next((victim for act in acts for victim in act.victims), "")
        where = next((str(place["words"]) for place in places if place["words"]), "")
        if not where and territory:
            where = str(plan.territories[territory].values["name"])
        return ToldIncident(
            key=key,
            cells=cells,
            values={
                "summary": text_of(rule.summary, cells),
                "verification": text_of(rule.verification, cells) or "unverified",
                "details": details_of(rule.details, cells),
            },
            when=when,
            territory=territory,
            places=places,
            acts=acts,
            sources=[one for source in rule.sources if (one := self._source(source, cells)) is not None],
            first_victim=name_of(plan.actors[first].values) if first else "",
            where=where,
        )

    def _act(
        self, plan: RowPlan, cells: Cells, rule: ActRule, when: object, found: dict[str, list[_Found]]
    ) -> ToldAct | None:
        if rule.condition is not None and not rule.condition.holds(cells):
            return None
        kind = rule.kind.of(cells)
        if kind is None:
            return None
        victims: dict[str, str] = {}
        for victim in rule.victims:
            persons = text_of(victim.persons, cells)
            for one in self._named(plan, victim.actor, found):
                victims.setdefault(one.key, persons)
                persons = ""  # people who belong to several collectives are counted with the first
        perpetrators: dict[str, Values] = {}
        for alleged in rule.perpetrators:
            for one in self._named(plan, alleged.actor, found):
                said = one.rule
                perpetrators.setdefault(
                    one.key,
                    {
                        "involvement": (said and said.involvement) or alleged.involvement.of(cells) or "suspected",
                        "certainty": (said and said.certainty) or alleged.certainty.of(cells) or "unknown",
                        "words": (said and said.words) or text_of(alleged.words, cells),
                    },
                )
        values: Values = {
            "kind": kind,
            "means": text_of(rule.means, cells),
            "when": self._dates.of(rule.when, cells) if rule.when is not None else when,
            "details": details_of(rule.details, cells),
        }
        return ToldAct(values, victims, perpetrators)

    def _source(self, rule: SourceRule, cells: Cells) -> Values | None:
        kind = rule.kind.of(cells)
        if kind is None or (rule.condition is not None and not rule.condition.holds(cells)):
            return None
        return {
            "kind": kind,
            "how": text_of(rule.how, cells) or "not_stated",
            "reliability": text_of(rule.reliability, cells) or "unknown",
            "name": text_of(rule.name, cells),
            "reference": text_of(rule.reference, cells),
            "said_on": self._dates.of(rule.said_on, cells),
        }

    def _note_reversed(self) -> None:
        self.reversed_dates[self._row] = None
