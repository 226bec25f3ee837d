"""The shape of a session: who met, what was said at each step, and the threats that were looked at."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tejido.circles.models import CircleRecord
from tejido.fabric.models import Actor
from tejido.incidents.models import Incident
from tejido.vault.fields import SealedDate, SealedJSON, SealedText


class Assessment(CircleRecord):
    """A session in which a group looks at itself.

    ``present`` are counts of self-chosen groups as ``[[group, count], …]``, ``all_present`` how many in all, as typed.
    ``joint`` is the session that may hear what was said here: a separate session of women, youth or elders chooses
    it. ``modules`` are codes of modules. ``led_to`` is the plan that was started from it.
    """

    collective = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="assessments")
    joint = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="separate")
    led_to = models.ForeignKey(
        "protection.Plan", null=True, blank=True, on_delete=models.SET_NULL, related_name="assessments"
    )
    status = models.CharField(max_length=16, default="open")
    held_week = models.PositiveIntegerField(null=True)
    title = SealedText()
    held_on = SealedDate()
    place = SealedText()
    language = SealedText()
    facilitator = SealedText()
    agenda = SealedText()
    all_present = SealedText()
    present = SealedJSON(shape=list)
    modules = SealedJSON(shape=list)


class AssessedThreat(CircleRecord):
    """A threat as a session looked at it, in five steps; ``earlier`` is the same one at a session before.

    ``became`` is the threat of a plan that was made of it, ``heard_in`` the separate session that brought it.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="threats")
    kind = models.CharField(max_length=16, blank=True)
    earlier = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="later")
    became = models.ForeignKey(
        "protection.Threat", null=True, blank=True, on_delete=models.SET_NULL, related_name="assessed"
    )
    heard_in = models.ForeignKey(Assessment, null=True, blank=True, on_delete=models.SET_NULL, related_name="brought")
    words = SealedText()
    means = SealedText()
    facts = SealedText()
    pattern = SealedText()
    objective = SealedText()
    source = SealedText()
    conclusion = SealedText()


class AssessedThreatIncident(CircleRecord):
    """An incident in which a threat that was looked at has shown itself."""

    threat = models.ForeignKey(AssessedThreat, on_delete=models.CASCADE, related_name="shown_in")
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="assessed")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["threat", "incident"], name="incident_once_for_an_assessed_threat")
        ]


class AssessmentPart(CircleRecord):
    """What was said at one place of a session, revised by itself, so that two people can type at once.

    ``step`` is a code of ``assessment_steps``; ``about`` says which place of that step, as a code or an opaque id,
    and is empty for a row of which there may be many. ``body`` is what was said, by field.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="parts")
    step = models.CharField(max_length=16)
    about = models.CharField(max_length=48, blank=True)
    threat = models.ForeignKey(AssessedThreat, null=True, blank=True, on_delete=models.CASCADE, related_name="parts")
    actor = models.ForeignKey(Actor, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    body = SealedJSON()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["assessment", "step", "about"],
                condition=Q(threat__isnull=True) & ~Q(about=""),
                name="one_part_for_a_place",
            ),
            models.UniqueConstraint(
                fields=["threat", "step", "about"], condition=Q(threat__isnull=False), name="one_picture_for_a_threat"
            ),
        ]


class OwnModule(CircleRecord):
    """A module that the circle wrote for itself, as its text (see ``domain.modules``)."""

    text = SealedText()
