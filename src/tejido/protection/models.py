"""The shape of a group's decisions, its plan, the threats it answers and its measures."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tejido.circles.models import CircleRecord
from tejido.fabric.models import Actor
from tejido.incidents.models import Incident
from tejido.vault.fields import SealedDate, SealedText


class Decision(CircleRecord):
    """What a group decided, and how; counts of those present suffice.

    ``mode`` is a code of ``decision_modes``, ``status`` of ``decision_statuses``. ``dissent`` keeps what was
    not agreed with. A withdrawn decision keeps its day and its reason, and covers nothing any more.
    """

    collective = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="decisions")
    mode = models.CharField(max_length=32)
    status = models.CharField(max_length=16, default="in_force")
    taken_week = models.PositiveIntegerField(null=True)
    until_week = models.PositiveIntegerField(null=True)
    what = SealedText()
    taken_on = SealedDate()
    holds_until = SealedDate()
    present = SealedText()
    dissent = SealedText()
    withdrawn_on = SealedDate()
    withdrawn_because = SealedText()


class Plan(CircleRecord):
    """A group's measures, each tied to the threat it answers and to the decision that adopted them.

    The database itself refuses an adopted plan without a decision.
    """

    collective = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="plans")
    status = models.CharField(max_length=16, default="draft")
    decision = models.ForeignKey(Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="plans")
    review_week = models.PositiveIntegerField(null=True)
    title = SealedText()
    words = SealedText()
    review_on = SealedDate()
    review_by = SealedText()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(status="adopted") | Q(decision__isnull=False), name="adopted_plan_has_a_decision"
            )
        ]


class Threat(CircleRecord):
    """A threat the plan answers, in the group's own words, with what it is known from."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="threats")
    words = SealedText()
    origin = SealedText()


class ThreatIncident(CircleRecord):
    """An incident in which a threat has shown itself."""

    threat = models.ForeignKey(Threat, on_delete=models.CASCADE, related_name="shown_in")
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="shows")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["threat", "incident"], name="incident_once_for_a_threat")
        ]


class Measure(CircleRecord):
    """Something done for protection: resilience (A), workspace (B) or individual (I).

    ``code`` is a code of the vocabulary ``measures`` or empty for the group's own practice. ``owner`` may be an
    actor; ``owner_words`` says it in words. An individual measure may name its ``person``; every individual
    measure states its effect on the group, every group measure its effect on individuals.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="measures")
    threat = models.ForeignKey(Threat, null=True, blank=True, on_delete=models.SET_NULL, related_name="measures")
    family = models.CharField(max_length=1)
    code = models.CharField(max_length=8, blank=True)
    status = models.CharField(max_length=16, default="wanted")
    person = models.ForeignKey(Actor, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Actor, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    due_week = models.PositiveIntegerField(null=True)
    title = SealedText()
    owner_words = SealedText()
    due_on = SealedDate()
    effect_on_group = SealedText()
    effect_on_individuals = SealedText()
