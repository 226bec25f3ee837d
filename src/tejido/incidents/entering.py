"""The entry form as a whole: what happened, one or more acts with those they name, where, and how it is known.

Its parts are checked together, so that every question and error is said at once; it is shown again exactly as it
was typed, from a draft, from a button that only adds an act, or after an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.http import QueryDict

from tejido.domain.dates import ImpreciseDate
from tejido.domain.names import sort_key
from tejido.fabric.choosing import Choice, New
from tejido.fabric.kinds import is_collective
from tejido.fabric.models import Actor, Territory
from tejido.incidents.forms import ActSheet, SourceSheet, TypedSheet, WhatSheet
from tejido.incidents.given import ActGiven, PerpetratorGiven, PlaceGiven, SourceGiven, VictimGiven
from tejido.incidents.models import Act, Incident
from tejido.vault.journal import By
from tejido.web.wording import page_language

#: More acts than this are brought in by an import.
MOST_ACTS: Final = 30
#: The kind of source that a way of knowing implies when nothing else is said.
_IMPLIED: Final = {"saw_it": "witness", "told_by_those_who_lived_it": "victim", "document": "document"}


class Newcomers:
    """Actors and territories named in a form that nobody knows yet, each made once however often it is named."""

    def __init__(self, by: By) -> None:
        self._by = by
        self._made: dict[tuple[type, str], Actor | Territory] = {}

    @property
    def records(self) -> list[Actor | Territory]:
        """Those made so far, not yet written."""
        return list(self._made.values())

    def ids(self, choice: Choice) -> list[UUID]:
        """Return whom a part of the form means, each once."""
        return [self._made_of(choice, one).pk if isinstance(one, New) else one.id for one in choice.resolved]

    def _made_of(self, choice: Choice, new: New) -> Actor | Territory:
        key = (type(choice), sort_key(new.name) or new.name)
        if key not in self._made:
            self._made[key] = choice.make(self._by, new)
        return self._made[key]


class EntryForm:
    """The whole form. ``judged`` says whether what was typed is checked, or only shown again."""

    def __init__(self, data: QueryDict, *, judged: bool, correcting: bool = False, more_acts: int = 0) -> None:
        self.data, self.judged, self.correcting = data, judged, correcting
        self.what = _sheet(WhatSheet, data, judged, undated=correcting)
        self.source = None if correcting else _sheet(SourceSheet, data, judged, prefix="source")
        self.count = min(_number(data.get("acts"), 1) + more_acts, MOST_ACTS)
        told = [number for number in range(self.count) if _is_told(data, f"act-{number}-")]
        told = told or ([] if correcting else [0])
        self.acts = [self._act(number, number in told) for number in range(self.count)]
        self.told_acts = [self.acts[number] for number in told]
        self.token = _uuid(data.get("token")) or uuid4()
        self.draft = _uuid(data.get("draft"))
        self.revision = _number(data.get("revision"), 0)

    def _act(self, number: int, told: bool) -> TypedSheet:
        prefix = f"act-{number}"
        kinds = (self.data.get(f"{prefix}-new_victims", ""), self.data.get(f"{prefix}-new_perpetrators", ""))
        return _sheet(ActSheet, self.data, self.judged and told, prefix=prefix, new_kinds=kinds)

    @property
    def sheets(self) -> list[TypedSheet]:
        """Every part that is checked, in the order of the page."""
        return [self.what, *self.told_acts, *([self.source] if self.source else [])]

    def is_valid(self) -> bool:
        """Say whether nothing stands in the way; every part is checked."""
        return not [sheet for sheet in self.sheets if not sheet.is_valid()]

    @property
    def understood(self) -> ImpreciseDate | None:
        """The date as it was understood, if anything was typed and can be read."""
        try:
            return self.what.fields["when"].clean(self.data.get("when", ""))  # type: ignore[no-any-return]
        except ValidationError:
            return None

    def given(self, by: By, recorded: Incident | None = None) -> dict[str, Any]:
        """Return what the action is given: everything but who acts. Call it when there are no slips."""
        said, newcomers = self.what.cleaned_data, Newcomers(by)
        old = {act.pk: act for act in recorded.acts.all()} if recorded else {}
        territories = newcomers.ids(said["territory"])
        answer = {
            "title": said["title"],
            "when": said["when"],
            "summary": said["summary"],
            "territory": territories[0] if territories else None,
            "verification": said["verification"],
            "acts": [_act_given(part, newcomers, old) for part in self.told_acts],
            "places": list(self._places()),
        }
        if self.correcting:
            ticked = [number for number in range(self.count) if self.data.get(f"act-{number}-take_out")]
            answer["without_acts"] = [one for n in ticked if (one := _uuid(self.data.get(f"act-{n}-act"))) is not None]
        else:
            answer["sources"] = list(self._sources())
        return answer | {"newcomers": newcomers.records}

    def _places(self) -> Iterator[PlaceGiven]:
        said = self.what.cleaned_data
        point = None if said["latitude"] is None else (said["latitude"], said["longitude"])
        if said["place"] or point or said["place_kind"] or said["place_id"]:
            yield PlaceGiven(said["place"], said["place_kind"], said["precision"], point, said["place_id"])

    def _sources(self) -> Iterator[SourceGiven]:
        if isinstance(self.source, SourceSheet) and self.source.is_told():
            yield source_given(self.source.cleaned_data)


def _act_given(part: TypedSheet, newcomers: Newcomers, old: dict[UUID, Act]) -> ActGiven:
    said = part.cleaned_data
    act = old.get(said["act"]) if said["act"] else None
    victims = newcomers.ids(said["victims"])
    kinds = {one.pk: one.kind for one in newcomers.records if isinstance(one, Actor)}
    kinds |= dict(Actor.objects.filter(pk__in=victims).values_list("pk", "kind"))
    return ActGiven(
        kind=said["kind"],
        means=said["means"],
        victims=tuple(_victims(victims, kinds, said["persons"], act)),
        perpetrators=tuple(_perpetrators(newcomers.ids(said["perpetrators"]), said, act)),
        act=act.pk if act else None,
    )


def source_given(said: dict[str, Any]) -> SourceGiven:
    """Return a source from the answers of its sheet; without a kind, the way of knowing implies one."""
    how = said["how"] or "not_stated"
    kind = said["kind"] or _IMPLIED.get(how, "other")
    return SourceGiven(kind, how, said["reliability"], said["name"], said["reference"])


def typed_of(incident: Incident) -> QueryDict:
    """Return a recorded incident as the form would have been typed, with everything prefetched."""
    data = QueryDict(mutable=True)
    place = next(iter(incident.places.all()), None)
    data.update({"title": incident.title, "summary": incident.summary, "verification": incident.verification})
    data["revision"], data["acts"] = str(incident.revision), str(max(1, len(incident.acts.all())))
    if incident.territory_id:
        data["territory-known"] = str(incident.territory_id)
    if incident.when:
        data["when"] = incident.when.words(page_language())
    if place is not None:
        data.update({"place": place.words, "place_kind": place.kind, "precision": place.precision})
        data["place_id"] = str(place.pk)
        if place.point:
            data["latitude"], data["longitude"] = map(str, place.point)
    for number, act in enumerate(incident.acts.all()):
        _type_act(data, f"act-{number}-", act)
    return data


def _type_act(data: QueryDict, prefix: str, act: Act) -> None:
    data[prefix + "act"], data[prefix + "kind"], data[prefix + "means"] = str(act.pk), act.kind, act.means
    victims, alleged = list(act.victims.all()), list(act.perpetrators.all())
    data.setlist(prefix + "victims-known", [str(one.actor_id) for one in victims])
    data.setlist(prefix + "perpetrators-known", [str(one.actor_id) for one in alleged])
    data[prefix + "persons"] = next((one.persons for one in victims if one.persons), "")
    if alleged:
        data[prefix + "involvement"], data[prefix + "certainty"] = alleged[0].involvement, alleged[0].certainty


def _victims(ids: list[UUID], kinds: dict[UUID, str], persons: str, act: Act | None) -> Iterator[VictimGiven]:
    """Give the unnamed people to whoever had them before, else to the first collective."""
    known = {one.actor_id: one.persons for one in act.victims.all()} if act else {}
    bearer = next((one for one in ids if known.get(one)), None)
    bearer = bearer or next((one for one in ids if is_collective(kinds.get(one, ""))), None)
    for one in ids:
        yield VictimGiven(one, persons if one == bearer else known.get(one, ""))


def _perpetrators(ids: Iterable[UUID], said: dict[str, Any], act: Act | None) -> Iterator[PerpetratorGiven]:
    """Let those recorded before keep their own degrees, unless the form's were changed."""
    recorded = list(act.perpetrators.all()) if act else []
    shown = (recorded[0].involvement, recorded[0].certainty) if recorded else None
    known = {one.actor_id: one for one in recorded}
    unchanged = shown == (said["involvement"], said["certainty"])
    for one in ids:
        if unchanged and one in known:
            yield PerpetratorGiven(one, known[one].involvement, known[one].certainty)
        else:
            yield PerpetratorGiven(one, said["involvement"], said["certainty"])


def _sheet(kind: type[TypedSheet], data: QueryDict, judged: bool, **options: Any) -> TypedSheet:
    return kind(data, **options) if judged else kind.as_typed(data, **options)


def _is_told(data: QueryDict, prefix: str) -> bool:
    """Say whether an act says something and is not ticked to be taken out."""
    names = ("kind", "means", "persons", "victims", "victims-known", "perpetrators", "perpetrators-known")
    said = any(data.get(prefix + name, "").strip() for name in names)
    return said and not data.get(prefix + "take_out")


def _number(text: str | None, least: int) -> int:
    return max(least, min(int(text), 10**9)) if text and text.isascii() and text.isdigit() else least


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
