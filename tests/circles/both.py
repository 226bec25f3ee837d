"""Two circles of one workspace, and three people: Alba is in both, Bruno in the first, Carla in the second."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from tejido.circles.actions import found_another_circle
from tejido.circles.membership import join_circle
from tejido.vault.slots import Master
from tests.circles.companions import TODAY, House, house, words_of
from tests.incidents.telling import act, actor, incident, territory

NOW = datetime.now(UTC)
#: Words that stand in every text of the first and of the second circle, and nowhere else.
HERE, THERE = "Zafiro", "Topacio"


@dataclass
class Two:
    """Two circles: Alba is in both, Bruno in the first, Carla in the second."""

    house: House
    people: dict[str, Master]
    circles: dict[str, UUID]
    people_of: dict[str, UUID]
    incidents: dict[str, UUID]

    def at_work(self, who: str, word: str) -> Any:
        """Work as ``who`` in the circle of ``word``, as a request or a command does."""
        return self.house.at_work(self.people[who], self.circles[word])


def two_circles(directory: Path) -> Two:
    """Make them, each with a group, a company, a valley and an incident."""
    made = house(directory / "w")
    with made.at_work(made.founder) as alba:
        first, second = alba.circle_id, found_another_circle(by=alba, name="Monte").circle_id
    found = Two(made, {"Alba": made.founder}, {HERE: first, THERE: second}, {}, {})
    for name, word in (("Bruno", HERE), ("Carla", THERE)):
        code = made.invited(name, circle=found.circles[word])
        join = join_circle(workspace=made.place, code=code, passphrase=words_of(name), handle=name, today=TODAY)
        found.people[name] = join.master
    for word in (HERE, THERE):
        with found.at_work("Alba", word) as by:
            struck, said = actor(by, f"{word} group", "group"), actor(by, f"{word} company", "company")
            found.people_of[word] = struck.pk
            place = territory(by, f"{word} valley")
            done = act("surveillance", struck, by=(said,))
            told = incident(by, f"{word} happened", NOW.date().isoformat(), done, territory=place.pk)
            found.incidents[word] = told.pk
    return found
