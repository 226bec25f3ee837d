"""What the fabric can tell: actors, ties, territories, consents. Queries are constant in the number of rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeVar
from uuid import UUID

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from tejido.domain.affectation import PresenceFact, TerritoryFact
from tejido.domain.errors import NotFound
from tejido.domain.ties import Strength, TieFact
from tejido.fabric.models import Actor, Asset, Consent, Presence, Territory, Tie
from tejido.vault.journal import By

R = TypeVar("R", Actor, Tie, Territory, Consent, Presence, Asset)

#: Kinds of tie by which an actor belongs to a collective.
BELONGING: Final = ("member_of", "leads", "part_of")
#: Ways of being in a territory by which one shares what happens there.
LIVING: Final = ("lives", "works", "defends")

_STRENGTHS: Final[dict[str, Strength]] = {"weak": 1, "medium": 2, "strong": 3}
_TIE_COLUMNS: Final = (
    "id", "revision", "circle_id", "from_actor_id", "to_actor_id", "kind", "strength", "certainty", "since", "until",
)  # fmt: skip
#: A database takes only so many values in one question.
_MOST_IDS: Final = 10_000
_TALLEST: Final = 12


def actor_by_id(actor: UUID, *, by: By) -> Actor:
    """Return an actor of the circle; ``NotFound``."""
    return _one(Actor.objects.all(), actor, by)


def actors_by_id(ids: Iterable[UUID]) -> dict[UUID, Actor]:
    """Return actors by id, those that exist."""
    return Actor.objects.in_bulk(list(ids))


def tie_by_id(tie: UUID, *, by: By) -> Tie:
    """Return a tie with both its ends; ``NotFound``."""
    return _one(Tie.objects.select_related("from_actor", "to_actor"), tie, by)


def territory_by_id(territory: UUID, *, by: By) -> Territory:
    """Return a territory with the wider one it lies in; ``NotFound``."""
    return _one(Territory.objects.select_related("parent"), territory, by)


def consent_by_id(consent: UUID, *, by: By) -> Consent:
    """Return a consent with its actor; ``NotFound``."""
    return _one(Consent.objects.select_related("actor"), consent, by)


def ties_of(actors: Collection[UUID], *, at_most: int | None = None, collectives_first: bool = False) -> list[Tie]:
    """Return the ties of some actors, both ends loaded, strongest first; one query.

    With ``collectives_first`` those between collectives come before those with a person, whatever their strength:
    where only some can be shown, a fabric is not to look like a list of individuals.
    """
    ties = _ties_at(actors).select_related("from_actor", "to_actor")
    if collectives_first:
        with_person = Case(
            When(Q(from_actor__kind="person") | Q(to_actor__kind="person"), then=Value(1)),
            default=Value(0),
            output_field=IntegerField(),
        )
        ties = ties.order_by(with_person, *ties.query.order_by)
    return list(ties if at_most is None else ties[:at_most])


def number_of_ties(actors: Collection[UUID]) -> int:
    """Return how many ties some actors have."""
    return Tie.objects.filter(_at(actors)).count()


def members_of(collective: UUID, *, at_most: int | None = None) -> list[Tie]:
    """Return the ties by which named others belong to a collective, with those others as ``from_actor``."""
    ties = Tie.objects.filter(to_actor=collective, kind__in=BELONGING).select_related("from_actor")
    ties = ties.order_by(_by_strength(), "id")
    return list(ties if at_most is None else ties[:at_most])


def collectives_of(actor: UUID) -> list[Tie]:
    """Return the ties by which an actor belongs to collectives, with these as ``to_actor``."""
    ties = Tie.objects.filter(from_actor=actor, kind__in=BELONGING).select_related("to_actor")
    return list(ties.order_by(_by_strength(), "id"))


def territories_of(actors: Collection[UUID]) -> list[Presence]:
    """Return where some actors are, territory and wider territory loaded."""
    found = Presence.objects.filter(actor__in=list(actors)).select_related("territory", "territory__parent")
    return list(found.order_by("actor_id", "kind", "id"))


def inhabitants_of(territory: UUID, *, at_most: int | None = None) -> list[Presence]:
    """Return who is recorded in a territory itself (not in its parts), actors loaded, collectives first."""
    person_last = Case(When(actor__kind="person", then=Value(1)), default=Value(0), output_field=IntegerField())
    found = Presence.objects.filter(territory=territory).select_related("actor").order_by(person_last, "id")
    return list(found if at_most is None else found[:at_most])


def parts_of(territory: UUID) -> list[Territory]:
    """Return the territories that lie directly in one."""
    return list(Territory.objects.filter(parent=territory).order_by("id"))


def wider_territories(territory: Territory) -> list[Territory]:
    """Return the territories one lies in, the widest first; one query for each step of the tree."""
    above: list[Territory] = []
    parent = territory.parent
    while parent is not None and len(above) < _TALLEST:
        above.append(parent)
        parent = parent.parent
    return above[::-1]


def assets_of(territories: Collection[UUID]) -> list[Asset]:
    """Return what a community lives by in some territories."""
    return list(Asset.objects.filter(territory__in=list(territories)).order_by("territory_id", "kind", "id"))


def consents_of(actors: Collection[UUID]) -> list[Consent]:
    """Return every consent of some actors, the newest first, also those refused, expired and withdrawn."""
    return list(Consent.objects.filter(actor__in=list(actors)).order_by("-born", "-id"))


def consent_covering(actor: Actor, purpose: str, audience: str, today: date) -> Consent | None:
    """Return the consent of ``actor`` that covers one purpose and one audience on ``today``, if any does.

    Only what was said counts: consent for one audience is none for another, and what a member agreed to for
    themselves is not the collective's. Of several, the newest decides.
    """
    scopes = ("individual",) if actor.kind == "person" else ("collective",)
    said = Consent.objects.filter(actor=actor, purpose=purpose, audience=audience, scope__in=scopes)
    newest = said.order_by("-born", "-id").first()
    return newest if newest is not None and stands(newest, today) else None


Standing = Literal["stands", "expired", "refused", "withdrawn"]


def standing(consent: Consent, today: date) -> Standing:
    """Return how a consent stands; an imprecise end is read at its earliest, that day included."""
    if consent.status == "refused":
        return "refused"
    if consent.status == "withdrawn":
        return "withdrawn"
    if consent.expires_on is not None and consent.expires_on.earliest < today:
        return "expired"
    return "stands"


def stands(consent: Consent, today: date) -> bool:
    """Say whether a consent was given and holds on ``today``."""
    return standing(consent, today) == "stands"


@dataclass(frozen=True)
class Around:
    """The ties around some actors, for readings; ``left_out`` is how many more there were."""

    ties: tuple[TieFact, ...]
    actors: frozenset[str]
    left_out: int = 0


def ties_around(actors: Collection[UUID], hops: int = 3, at_most: int = 5000) -> Around:
    """Return the ties within ``hops`` of some actors, at most ``at_most``, the strongest of the nearest first.

    One query for each hop, and one more where the bound is met, to tell how many were left out there.
    """
    seen, edge = set(actors), set(actors)
    facts: dict[UUID, TieFact] = {}
    left_out = 0
    for _hop in range(hops):
        if not edge or left_out:
            break
        found = _ties_at(edge).only(*_TIE_COLUMNS)
        room = at_most - len(facts)
        # Ties met in the hop before come again; they take no room.
        rows = [tie for tie in found[: room + len(facts) + 1] if tie.pk not in facts]
        if len(rows) > room:
            rows = rows[:room]
            left_out = Tie.objects.filter(_at(edge)).count() - sum(_touches(fact, edge) for fact in facts.values())
            left_out -= len(rows)
        facts.update((tie.pk, tie_fact(tie)) for tie in rows)
        edge = {end for tie in rows for end in (tie.from_actor_id, tie.to_actor_id)} - seen
        seen |= edge
    return Around(tuple(facts.values()), frozenset(map(str, seen)), left_out)


def tie_fact(tie: Tie) -> TieFact:
    """Return a tie as the rules see it."""
    return TieFact(
        tie=str(tie.pk),
        frm=str(tie.from_actor_id),
        to=str(tie.to_actor_id),
        kind=tie.kind,
        strength=_STRENGTHS.get(tie.strength, 2),
        certainty=tie.certainty,
        held=(tie.since.earliest if tie.since else None, tie.until.latest if tie.until else None),
    )


def presence_facts(actors: Collection[UUID]) -> list[PresenceFact]:
    """Return where some actors live, work or belong, as the rules see it; one query."""
    rows = Presence.objects.filter(actor__in=list(actors), kind__in=LIVING).order_by("id")
    return [PresenceFact(str(actor), str(place)) for actor, place in rows.values_list("actor_id", "territory_id")]


def inhabitant_facts(territories: Collection[UUID], *, at_most: int = 2000) -> list[PresenceFact]:
    """Return who lives, works or belongs in some territories, as the rules see it; one query."""
    rows = Presence.objects.filter(territory__in=list(territories), kind__in=LIVING).order_by("id")
    found = rows.values_list("actor_id", "territory_id")[:at_most]
    return [PresenceFact(str(actor), str(place)) for actor, place in found]


def territory_facts(territories: Collection[UUID]) -> list[TerritoryFact]:
    """Return some territories and all they lie in, as the rules see it; one query for each step of the tree."""
    found: dict[UUID, TerritoryFact] = {}
    wanted = set(territories)
    for _step in range(_TALLEST):
        if not wanted:
            break
        rows = Territory.objects.filter(pk__in=wanted).only("id", "revision", "circle_id", "parent_id", "centre")
        for row in rows:
            lat, lon = row.centre if row.centre else (None, None)
            found[row.pk] = TerritoryFact(str(row.pk), str(row.parent_id) if row.parent_id else None, lat, lon)
        parents = {UUID(fact.parent) for fact in found.values() if fact.parent}
        wanted = parents - found.keys()
    return list(found.values())


def _one(rows: QuerySet[R], pk: UUID, by: By) -> R:
    found = rows.filter(pk=pk, circle_id=by.circle_id).first()
    if found is None:
        raise NotFound
    return found


def _at(actors: Collection[UUID]) -> Q:
    ids: Sequence[UUID] = list(actors)[:_MOST_IDS]
    return Q(from_actor__in=ids) | Q(to_actor__in=ids)


def _ties_at(actors: Collection[UUID]) -> QuerySet[Tie]:
    return Tie.objects.filter(_at(actors)).order_by(_by_strength(), "id")


def _by_strength() -> Case:
    ranks: Iterator[When] = (When(strength=code, then=Value(-rank)) for code, rank in _STRENGTHS.items())
    return Case(*ranks, default=Value(0), output_field=IntegerField())


def _touches(fact: TieFact, actors: Collection[UUID]) -> bool:
    return UUID(fact.frm) in actors or UUID(fact.to) in actors
