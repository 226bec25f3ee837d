"""The shape of an alert and of those who are told; nothing of it is ever sent by the program."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tejido.circles.models import CircleRecord
from tejido.fabric.models import Actor, Consent
from tejido.incidents.models import Incident
from tejido.protection.following.models import ReachStep
from tejido.protection.models import Decision
from tejido.vault.fields import SealedDate, SealedText


class Alert(CircleRecord):
    """A call to others in a collective's name: what happened, what is asked, who may see it, until when.

    ``status`` is a code of ``alert_statuses``, ``urgency`` of ``alert_urgencies``, ``audience`` of ``audiences``. The
    database refuses one that is being told without the group's decision. ``outcome`` says what came of it, or why it
    was stopped.
    """

    collective = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="alerts")
    incident = models.ForeignKey(Incident, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    decision = models.ForeignKey(Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="alerts")
    consent = models.ForeignKey(Consent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    status = models.CharField(max_length=16, default="draft")
    urgency = models.CharField(max_length=16, default="soon")
    audience = models.CharField(max_length=24, default="internal")
    until_week = models.PositiveIntegerField(null=True)
    words = SealedText()
    asked = SealedText()
    until = SealedDate()
    begun_on = SealedDate()
    ended_on = SealedDate()
    outcome = SealedText()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(status="open") | Q(decision__isnull=False), name="alert_is_decided")
        ]


class AlertCall(CircleRecord):
    """One of those to be told: whom and how, as the network had it; when somebody told them, what they answered.

    ``channel`` is a code of ``reach_channels``, ``answered`` of ``alert_answers``.
    """

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="calls")
    step = models.ForeignKey(ReachStep, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    position = models.PositiveIntegerField(default=1)
    channel = models.CharField(max_length=16, default="phone")
    answered = models.CharField(max_length=16, blank=True)
    given_week = models.PositiveIntegerField(null=True)
    name = SealedText()
    how = SealedText()
    stand_in = SealedText()
    given_on = SealedDate()
    given_at = SealedText()
    given_by = SealedText()
    answer = SealedText()
