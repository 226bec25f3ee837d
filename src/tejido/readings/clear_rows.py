"""Clear columns as they stand in the store, read by the hundred thousand: plain SQL, no records, no UUID objects.

Ids come as the database has them (32 hexadecimal digits in SQLite, ``UUID`` in PostgreSQL) and are turned into text
once each, however many rows name them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, Final, cast
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models.functions import Coalesce

from tejido.domain.ties import TIE_WEIGHTS, Strength
from tejido.fabric.models import Actor, Presence, Tie
from tejido.fabric.queries import LIVING
from tejido.incidents.models import Act, Incident, Perpetrator, Victim
from tejido.vault.models import Removal
from tejido.vocabularies import vocabulary

#: Ties of these kinds carry something; the others are not held.
CARRYING: Final = frozenset(kind for kind, weight in TIE_WEIGHTS.items() if weight.forward or weight.backward)
RANKS: Final[dict[str, Strength]] = {
    term.code: cast("Strength", int(term.number("rank") or 2)) for term in vocabulary("tie_strengths")
}
#: Removals of these are followed.
_FOLLOWED: Final = ("fabric.tie", "fabric.presence", "incidents.incident", "fabric.actor")

#: Tie, from, to, kind, strength, certainty, first and last week.
TieRow = tuple[str, str, str, str, str, str, int | None, int | None]


class ClearRows:
    """The rows of one circle, all of them or those of records written after the stamp ``since``.

    Acts, victims and perpetrators count as written with their incident, whose stamp every change of them moves.
    """

    def __init__(self, circle: UUID, *, since: int | None = None) -> None:
        self._circle, self.since = circle, since
        self._ids = _Ids()

    def many_changes(self) -> int:
        """Return how many ties, presences and incidents were written or removed since."""
        return self._removals().count() + sum(
            self._chosen(model).count() for model in (Actor, Tie, Presence, Incident)
        )

    def removed(self) -> list[tuple[str, str]]:
        """Return what was removed since: label of the model, id."""
        return [(noun, str(record)) for noun, record in self._removals().values_list("noun", "record")]

    def actors(self) -> list[tuple[str, str]]:
        """Return actors: id, kind."""
        ids = self._ids
        return [(ids[actor], kind) for actor, kind in self._rows(self._chosen(Actor), "id", "kind")]

    def ties(self) -> list[TieRow]:
        """Return ties of every kind."""
        ids = self._ids
        columns = ("id", "from_actor", "to_actor", "kind", "strength", "certainty", "since_week", "until_week")
        rows = self._rows(self._chosen(Tie), *columns)
        return [(ids[tie], ids[frm], ids[to], *rest) for tie, frm, to, *rest in rows]

    def presences(self, *, living: bool) -> list[tuple[str, str, str]]:
        """Return presences: id, actor, territory; those by which one shares what happens there, or all."""
        ids, chosen = self._ids, self._chosen(Presence)
        rows = self._rows(chosen.filter(kind__in=LIVING) if living else chosen, "id", "actor", "territory")
        return [(ids[presence], ids[actor], ids[place]) for presence, actor, place in rows]

    def incidents(self) -> list[tuple[str, int | None, int | None, str | None]]:
        """Return incidents: id, first week, last week, territory."""
        ids = self._ids
        rows = self._rows(self._chosen(Incident), "id", "week_from", "week_to", "territory")
        return [(ids[one], first, last, None if place is None else ids[place]) for one, first, last, place in rows]

    def acts(self) -> list[tuple[str, str, str]]:
        """Return acts: id, incident, kind."""
        ids = self._ids
        rows = self._rows(self._parts(Act, "incident_id"), "id", "incident", "kind")
        return [(ids[act], ids[incident], kind) for act, incident, kind in rows]

    def victims(self) -> dict[str, list[str]]:
        """Return to whom each act was done."""
        return self._by_act(self._parts(Victim, "act__incident_id"))

    def perpetrators(self) -> dict[str, list[str]]:
        """Return by whom each act is said to have been done."""
        return self._by_act(self._parts(Perpetrator, "act__incident_id"))

    def _by_act(self, chosen: models.QuerySet[Any]) -> dict[str, list[str]]:
        ids = self._ids
        found: defaultdict[str, list[str]] = defaultdict(list)
        for act, actor in self._rows(chosen, "act", "actor"):
            found[ids[act]].append(ids[actor])
        return found

    def _chosen(self, model: type[models.Model]) -> models.QuerySet[Any]:
        if self.since is None:
            return model._default_manager.filter(circle_id=self._circle)
        return of_circle(model, self._circle).filter(stamp__gt=self.since)

    def _parts(self, model: type[models.Model], incident: str) -> models.QuerySet[Any]:
        if self.since is None:
            return model._default_manager.filter(circle_id=self._circle)
        return of_circle(model, self._circle).filter(**{f"{incident}__in": self._written})

    @cached_property
    def _written(self) -> list[UUID]:
        """The incidents written since: asked for by themselves, so that their parts are found without a join."""
        return list(self._chosen(Incident).values_list("pk", flat=True))

    def _removals(self) -> models.QuerySet[Removal]:
        return Removal.objects.filter(stamp__gt=self.since or 0, noun__in=_FOLLOWED)

    def _rows(self, chosen: models.QuerySet[Any], *columns: str) -> Iterable[Sequence[Any]]:
        """Return rows as the driver gives them: Django would make a ``UUID`` of each id of each row."""
        try:
            sql, values = chosen.order_by().values_list(*columns).query.sql_with_params()
        except EmptyResultSet:  # parts of no incident
            return []
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            rows: list[Sequence[Any]] = cursor.fetchall()
        return rows


def of_circle(model: type[models.Model], circle: UUID) -> models.QuerySet[Any]:
    """Return the rows of a circle where something else tells fewer of them.

    Asked for the circle as it stands, SQLite would go through all rows of the circle first. Wrapped, it cannot.
    """
    return model._default_manager.annotate(theirs=Coalesce("circle_id", "circle_id")).filter(theirs=circle)


class _Ids(dict[Any, str]):
    """Ids as the database has them, to ids as text."""

    def __missing__(self, raw: Any) -> str:
        text = self[raw] = _dashed(raw) if isinstance(raw, str) else str(raw)
        return text


def _dashed(raw: str) -> str:
    return f"{raw[:8]}-{raw[8:12]}-{raw[12:16]}-{raw[16:20]}-{raw[20:]}"
