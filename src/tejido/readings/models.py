"""The shape of what a circle keeps about its readings: what it chose, what it holds to be wrong, what it has seen."""

from __future__ import annotations

from django.db import models

from tejido.circles.models import CircleRecord, Member
from tejido.fabric.models import Actor, Territory
from tejido.incidents.models import Incident
from tejido.vault.fields import SealedDate, SealedJSON, SealedText


class ChosenSettings(CircleRecord):
    """What a circle chose about its readings; ``chosen`` holds what differs from the defaults, by name.

    Its id is the circle's own: the database refuses a second one.
    """

    chosen = SealedJSON()


class Objection(CircleRecord):
    """A member holds a reading to be wrong, and why.

    ``reading``: ``affected`` (that ``incident`` touches ``actor``), ``warning`` (what may come to ``actor`` or in
    ``territory``) or ``pattern`` (``figures`` name it). It belongs to the dossier of what it is ``about`` and goes
    with it; without one it is the circle's. ``figures`` keep what the reading said then, in numbers.
    """

    reading = models.CharField(max_length=16)
    status = models.CharField(max_length=16, default="standing")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    incident = models.ForeignKey(Incident, null=True, on_delete=models.CASCADE, related_name="objections")
    actor = models.ForeignKey(Actor, null=True, on_delete=models.CASCADE, related_name="objections")
    territory = models.ForeignKey(Territory, null=True, on_delete=models.CASCADE, related_name="objections")
    about = models.UUIDField(null=True)
    why = SealedText()
    figures = SealedJSON()
    said_on = SealedDate()
    taken_back_on = SealedDate()


class NoticeSeen(CircleRecord):
    """A member has seen that a warning about a collective passed what the circle chose; it is not told again.

    ``day`` is the one from which the warning looked.
    """

    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    day = SealedDate()
