"""The shape of a circle, its epoch keys and its members."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.db import models

from tejido.vault.fields import SealedText
from tejido.vault.models import SealedRecord


class Circle(SealedRecord):
    """The members who share a key and may see a set of dossiers."""

    name = SealedText()

    def seal_scope(self) -> UUID:
        return self.pk


class EpochKey(models.Model):
    """A circle's key of one epoch, wrapped under the workspace's master secret."""

    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="epochs")
    epoch = models.PositiveIntegerField()
    wrapped = models.BinaryField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["circle", "epoch"], name="one_key_per_epoch")]


class CircleRecord(SealedRecord):
    """A record of one circle, sealed with that circle's key."""

    circle = models.ForeignKey(Circle, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    def seal_scope(self) -> UUID:
        return self.circle_id


class Member(CircleRecord):
    """Somebody who works in the circle."""

    name = SealedText()
    role = models.CharField(max_length=32, default="coordinator")
    status = models.CharField(max_length=16, default="active")
