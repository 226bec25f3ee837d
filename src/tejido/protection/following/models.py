"""The shape of what a group follows up beside its plan; every record hangs on the collective or on its plan."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tejido.circles.models import CircleRecord
from tejido.fabric.models import Actor, Asset, Consent
from tejido.incidents.models import Incident
from tejido.protection.models import Decision, Measure, Plan
from tejido.vault.fields import SealedDate, SealedJSON, SealedText


class Commitment(CircleRecord):
    """A promise of an authority, a company or an ally to a collective, with its date and what became of it.

    ``kind`` is a code of ``commitment_kinds`` (a visit is one), ``status`` of ``commitment_statuses``. Who promised
    is an actor, or words, which also keep the name if the actor is taken out later. ``outcome`` says what was seen.
    """

    collective = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="commitments")
    plan = models.ForeignKey(Plan, null=True, blank=True, on_delete=models.SET_NULL, related_name="commitments")
    measure = models.ForeignKey(Measure, null=True, blank=True, on_delete=models.SET_NULL, related_name="needs_from")
    promised_by = models.ForeignKey(Actor, null=True, blank=True, on_delete=models.SET_NULL, related_name="promised")
    kind = models.CharField(max_length=24, default="promise")
    status = models.CharField(max_length=16, default="promised")
    due_week = models.PositiveIntegerField(null=True)
    words = SealedText()
    promised_by_words = SealedText()
    promised_on = SealedDate()
    due_on = SealedDate()
    evidence = SealedText()
    reminded_by = SealedText()
    outcome = SealedText()
    kept_on = SealedDate()


class ReachStep(CircleRecord):
    """One call of the group's network, in its order: whom, how, for what, and who instead if nobody answers.

    ``channel`` is a code of ``reach_channels``; ``answered`` of ``reach_answers``, what the last test showed;
    ``rhythm`` of ``review_rhythms``, how often it is tested.
    """

    collective = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="reach_steps")
    actor = models.ForeignKey(Actor, null=True, blank=True, on_delete=models.SET_NULL, related_name="called_by")
    position = models.PositiveIntegerField(default=1)
    channel = models.CharField(max_length=16, default="phone")
    answered = models.CharField(max_length=16, blank=True)
    rhythm = models.CharField(max_length=16, blank=True, default="")
    tested_week = models.PositiveIntegerField(null=True)
    name = SealedText()
    how = SealedText()
    for_what = SealedText()
    stand_in = SealedText()
    tested_on = SealedDate()


class Drill(CircleRecord):
    """The group tried out what it would do: what held, what did not, when and how often (``review_rhythms``) again."""

    collective = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="drills")
    rhythm = models.CharField(max_length=16, blank=True, default="")
    held_week = models.PositiveIntegerField(null=True)
    next_week = models.PositiveIntegerField(null=True)
    tried = SealedText()
    held = SealedText()
    failed = SealedText()
    held_on = SealedDate()
    next_on = SealedDate()


class SafePlace(CircleRecord):
    """A place or a good of all that the group looks after: where (coarsely), who cares, ready or not.

    ``kind`` is a code of ``safe_place_kinds``, ``readiness`` of ``readiness``; ``when_attacked`` says what is done.
    """

    collective = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="safe_places")
    asset = models.ForeignKey(Asset, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(max_length=16, default="meeting")
    readiness = models.CharField(max_length=16, default="not_ready")
    name = SealedText()
    place = SealedText()
    carer = SealedText()
    stand_in = SealedText()
    missing = SealedText()
    when_attacked = SealedText()


class Care(CircleRecord):
    """A way of caring for each other (code of ``care_kinds``): what, who, in which rhythm, when next."""

    collective = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="cares")
    kind = models.CharField(max_length=16, default="talking")
    next_week = models.PositiveIntegerField(null=True)
    words = SealedText()
    who = SealedText()
    stand_in = SealedText()
    rhythm = SealedText()
    next_on = SealedDate()


class DeskRequest(CircleRecord):
    """A request for one person: from within the collective's dossier, or with the reason why not.

    ``kind`` is a code of ``request_kinds``, ``status`` of ``request_statuses``. ``answers`` holds what was answered
    to the questions of ``domain/plan_requests.py``, by their codes. The database refuses a request that names
    neither a collective nor a reason.
    """

    collective = models.ForeignKey(Actor, null=True, blank=True, on_delete=models.PROTECT, related_name="requests")
    person = models.ForeignKey(Actor, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    measure = models.ForeignKey(Measure, null=True, blank=True, on_delete=models.SET_NULL, related_name="requests")
    kind = models.CharField(max_length=16)
    status = models.CharField(max_length=16, default="preparing")
    answer_week = models.PositiveIntegerField(null=True)
    return_week = models.PositiveIntegerField(null=True)
    whom = SealedText()
    to_whom = SealedText()
    outside_because = SealedText()
    answers = SealedJSON()
    asked_on = SealedDate()
    answer_by = SealedDate()
    answered = SealedText()
    return_on = SealedDate()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(collective__isnull=False) | Q(outside_because__isnull=False),
                name="request_from_within_or_with_a_reason",
            )
        ]


class Review(CircleRecord):
    """The group looked at its plan: what held, what did not, what is to change; after an incident, after which."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="reviews")
    incident = models.ForeignKey(Incident, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(max_length=16, default="periodic")
    held_week = models.PositiveIntegerField(null=True)
    held_on = SealedDate()
    present = SealedText()
    held = SealedText()
    failed = SealedText()
    harmed = SealedText()
    to_change = SealedText()


class SignSeen(CircleRecord):
    """What the group saw of the sign that a measure works, or of the sign of harm (``sign_directions``)."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="signs_seen")
    direction = models.CharField(max_length=8)
    seen_week = models.PositiveIntegerField(null=True)
    seen_on = SealedDate()
    words = SealedText()


class GoodPractice(CircleRecord):
    """What a group learned of something it tried (``practice_outcomes``), and how far it may be told.

    ``audience`` is a code of ``audiences``. Beyond the group's own circle it needs a decision of the group about
    sharing and a consent that covers the audience.
    """

    collective = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="practices")
    measure = models.ForeignKey(Measure, null=True, blank=True, on_delete=models.SET_NULL, related_name="practices")
    decision = models.ForeignKey(Decision, null=True, blank=True, on_delete=models.SET_NULL, related_name="practices")
    consent = models.ForeignKey(Consent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    outcome = models.CharField(max_length=16, default="worked")
    audience = models.CharField(max_length=24, default="internal")
    title = SealedText()
    did = SealedText()
    helped = SealedText()
    careful = SealedText()
