"""The people of the tests: invented, each with one reason to be here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Persona:
    """Somebody in the tests: a name, and what they are for."""

    name: str
    about: str


#: Coordinates the circle of the tests; whoever acts is Alba unless a test says otherwise.
ALBA = Persona("Alba", "coordinates the circle Ribera")
#: Works in the circle as well: the one who changes a record while Alba has it open.
BRUNO = Persona("Bruno", "a second member of Ribera")
#: Found the machine, knows no passphrase.
CARLA = Persona("Carla", "a visitor at the same machine, and no member")

CIRCLE = "Ribera"
PASSPHRASE = "six plain words for a test"
WRONG_PASSPHRASE = "six other words for a test"
