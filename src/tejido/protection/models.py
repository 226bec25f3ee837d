"""The shape of a group's decisions, its plan, the threats it answers and its measures."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tejido.circles.models import CircleRecord
from tejido.fabric.models import Actor
from tejido.incidents.models import Incident
from tejido.vault.fields import SealedDate, SealedJSON, SealedText


class Decision(CircleRecord):
    """What a group decided, and how; counts of those present suffice.

    ``mode`` is a code of ``decision_modes``, ``status`` of ``decision_statuses``, ``about`` of
    ``decision_subjects``. ``dissent`` keeps what was not agreed with, ``mandate`` in whose name it was decided;
    ``counts`` holds the numbers that were counted: ``quorum``, ``votes_for``, ``votes_against``. A withdrawn
    decision keeps its day and its reason, and covers nothing any more.
    """

    collective = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="decisions")
    mode = models.CharField(max_length=32)
    status = models.CharField(max_length=16, default="in_force")
    about = models.CharField(max_length=16, default="plan")
    taken_week = models.PositiveIntegerField(null=True)
    until_week = models.PositiveIntegerField(null=True)
    what = SealedText()
    taken_on = SealedDate()
    holds_until = SealedDate()
    present = SealedText()
    dissent = SealedText()
    mandate = SealedText()
    counts = SealedJSON()
    withdrawn_on = SealedDate()
    withdrawn_because = SealedText()


class Plan(CircleRecord):
    """A group's measures, each tied to the threat it answers and to the decision that adopted them.

    The database itself refuses an adopted plan without a decision. ``rhythm`` is a code of ``review_rhythms``;
    ``review_stand_in`` calls the review when ``review_by`` cannot.
    """

    collective = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="plans")
    status = models.CharField(max_length=16, default="draft")
    decision = models.ForeignKey(Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="plans")
    rhythm = models.CharField(max_length=16, blank=True)
    review_week = models.PositiveIntegerField(null=True)
    title = SealedText()
    words = SealedText()
    review_on = SealedDate()
    review_by = SealedText()
    review_stand_in = SealedText()
    adopted_on = SealedDate()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(status="adopted") | Q(decision__isnull=False), name="adopted_plan_has_a_decision"
            )
        ]


class Threat(CircleRecord):
    """A threat or a weak side that the plan answers (``threat_natures``), in the group's own words."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="threats")
    nature = models.CharField(max_length=16, default="threat")
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
    measure states its effect on the group, every group measure its effect on individuals. ``after`` is a measure
    that has to be there first. ``works_sign`` and ``harm_sign`` say what would be seen if it helps, or harms. What
    ended in an adopted plan says by which decision, or why it could not wait for one.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="measures")
    threat = models.ForeignKey(Threat, null=True, blank=True, on_delete=models.SET_NULL, related_name="measures")
    family = models.CharField(max_length=1)
    code = models.CharField(max_length=8, blank=True)
    status = models.CharField(max_length=16, default="wanted")
    person = models.ForeignKey(Actor, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Actor, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    after = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="before")
    ended_by = models.ForeignKey(Decision, null=True, blank=True, on_delete=models.SET_NULL, related_name="ended")
    due_week = models.PositiveIntegerField(null=True)
    title = SealedText()
    owner_words = SealedText()
    stand_in = SealedText()
    due_on = SealedDate()
    effect_on_group = SealedText()
    effect_on_individuals = SealedText()
    cost = SealedText()
    needs = SealedText()
    works_sign = SealedText()
    harm_sign = SealedText()
    evidence = SealedText()
    placed_on = SealedDate()
    ended_on = SealedDate()
    ended_because = SealedText()


class Amendment(CircleRecord):
    """A change made to a plan after its group adopted it; it waits for the decision that takes it up.

    ``what`` is a code of ``amendment_kinds``; ``subject`` keeps the words of what changed.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="amendments")
    decision = models.ForeignKey(Decision, null=True, blank=True, on_delete=models.SET_NULL, related_name="amendments")
    what = models.CharField(max_length=24)
    made_week = models.PositiveIntegerField(null=True)
    subject = SealedText()
    made_on = SealedDate()


class ReasonKept(CircleRecord):
    """Why a group goes on against a prompt: which check, about what, and its reason in its own words.

    ``subject_id`` is the measure or threat that the prompt is about, or the plan itself.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="reasons")
    check_code = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    words = SealedText()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "check_code", "subject_id"], name="one_reason_for_a_prompt")
        ]


from tejido.protection.alerts import models as alerts  # noqa: E402, F401
from tejido.protection.following import models as following  # noqa: E402,F401  (its shapes stand on those above)
from tejido.protection.sessions import models as sessions  # noqa: E402,F401
