"""The shape of an incident: acts with victims and alleged perpetrators, places, sources, links, justice."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tejido.circles.models import CircleRecord, Member
from tejido.fabric.models import Actor, Territory
from tejido.incidents.evidence_models import Custody as Custody
from tejido.incidents.evidence_models import Evidence as Evidence
from tejido.vault.fields import SealedDate, SealedJSON, SealedText


class Incident(CircleRecord):
    """Any fact that may bear on safety; a threat is one kind.

    ``when`` is the imprecise date, exact as it is known and sealed; ``week_from`` and ``week_to`` (YYYYWW) are
    its first and last ISO week. ``details`` are further facts as recorded: ``{"label": "value"}``.
    """

    territory = models.ForeignKey(Territory, null=True, blank=True, on_delete=models.PROTECT, related_name="incidents")
    verification = models.CharField(max_length=16, default="unverified")
    week_from = models.PositiveIntegerField(null=True)
    week_to = models.PositiveIntegerField(null=True)
    title = SealedText()
    summary = SealedText()
    when = SealedDate()
    details = SealedJSON()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["circle", "-week_from", "id"])]


class Place(CircleRecord):
    """Where a part of the incident happened, in its order; the point is exact and sealed.

    ``point`` is ``[latitude, longitude]`` in degrees, or empty; ``precision`` (vocabulary ``place_precisions``)
    says how near it is to the truth.
    """

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="places")
    position = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=24, blank=True)
    precision = models.CharField(max_length=16, default="unknown")
    words = SealedText()
    point = SealedJSON(shape=list)


class Act(CircleRecord):
    """Who did what to whom: one kind of act within an incident (vocabulary ``acts``, ``means``)."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="acts")
    position = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=48)
    means = models.CharField(max_length=32, blank=True)
    when = SealedDate()
    details = SealedJSON()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["circle", "kind"])]


class Victim(CircleRecord):
    """An actor to whom an act was done: an individual or a collective, once in each act.

    ``persons`` is how many people of a collective were harmed without being named, as a number in words or
    digits; empty when not said.
    """

    act = models.ForeignKey(Act, on_delete=models.CASCADE, related_name="victims")
    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="suffered")
    persons = SealedText()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["act", "actor"], name="victim_once_in_an_act")]


class Perpetrator(CircleRecord):
    """An actor alleged to have done an act, with the degree of involvement and of certainty."""

    act = models.ForeignKey(Act, on_delete=models.CASCADE, related_name="perpetrators")
    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="alleged")
    involvement = models.CharField(max_length=16, default="suspected")
    certainty = models.CharField(max_length=12, default="unknown")
    words = SealedText()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["act", "actor"], name="perpetrator_once_in_an_act")]


class Source(CircleRecord):
    """How an incident is known (vocabularies ``source_kinds`` and ``how_known``), and how reliable that is."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="sources")
    kind = models.CharField(max_length=24)
    how = models.CharField(max_length=32, default="not_stated")
    reliability = models.CharField(max_length=24, default="unknown")
    name = SealedText()
    reference = SealedText()
    said_on = SealedDate()


class Link(CircleRecord):
    """One incident's relation to another (vocabulary ``incident_links``)."""

    from_incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="links_out")
    to_incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="links_in")
    kind = models.CharField(max_length=24)
    words = SealedText()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(from_incident=F("to_incident")), name="link_joins_two_incidents"),
            models.UniqueConstraint(fields=["from_incident", "to_incident", "kind"], name="one_link_of_a_kind"),
        ]


class Justice(CircleRecord):
    """One step of justice: complaint, investigation, charge, trial, outcome; with the authority that has it."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="justice")
    stage = models.CharField(max_length=24)
    outcome = models.CharField(max_length=24, default="not_known")
    authority = models.ForeignKey(Actor, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    when = SealedDate()
    words = SealedText()


class Draft(CircleRecord):
    """A form left half-done, as it was typed, for the member who typed it."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    typed = SealedJSON()
