"""The shape of a circle, its epoch keys and its members."""

from __future__ import annotations

import uuid
from datetime import date
from typing import ClassVar
from uuid import UUID

from django.db import models

from tejido.vault.fields import SealedJSON, SealedText
from tejido.vault.models import SealedRecord

#: Stands where no account is named: keys as the first version kept them.
NO_ACCOUNT = UUID(int=0)


class Circle(SealedRecord):
    """The members who share a key and may see a set of dossiers."""

    name = SealedText()

    def seal_scope(self) -> UUID:
        return self.pk


class EpochKey(models.Model):
    """A circle's key of one epoch, sealed to one account, and who vouches that it may have it.

    ``wrapped`` is emptied when the account is let go: the line stays as a proof of who could hand on the epoch.
    ``commitment`` stands for the key without telling it, ``holder`` for the public keys of the account; both are
    signed by the account ``by``. See ``epochs``.
    """

    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="epochs")
    epoch = models.PositiveIntegerField()
    account = models.UUIDField(default=NO_ACCOUNT)
    wrapped = models.BinaryField()
    commitment = models.BinaryField(max_length=32, default=b"")
    holder = models.BinaryField(max_length=32, default=b"")
    by = models.UUIDField(default=NO_ACCOUNT)
    signature = models.BinaryField(max_length=64, default=b"")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["circle", "epoch", "account"], name="one_key_per_epoch_and_account")
        ]


class InboxKey(models.Model):
    """Where something can be left for a circle: the public key of one epoch, signed by whoever began that epoch."""

    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="inboxes")
    epoch = models.PositiveIntegerField()
    key = models.BinaryField(max_length=1216)
    by = models.BinaryField(max_length=32)
    signature = models.BinaryField(max_length=64)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["circle", "epoch"], name="one_inbox_per_epoch")]


class KnownKeys(models.Model):
    """What one account has seen of the others' keys, sealed under a key of its own (see ``known``)."""

    account = models.UUIDField(primary_key=True)
    sealed = models.BinaryField()


class CircleRecord(SealedRecord):
    """A record of one circle, sealed with that circle's key."""

    circle = models.ForeignKey(Circle, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    def seal_scope(self) -> UUID:
        return self.circle_id


class Member(CircleRecord):
    """Somebody who works in the circle.

    ``status`` is ``active``, ``invited``, ``left`` or ``removed``. ``account`` says by which way in they come; one
    account may be a member of several circles. ``keys`` are their public keys (``PublicKeys.kept``) and, under
    ``before``, those of the invitation they joined by. ``terms`` holds dates: ``until``, the last day of a guest, and
    ``join_by``, the last day of an invitation.
    """

    name = SealedText()
    role = models.CharField(max_length=32, default="coordinator")
    status = models.CharField(max_length=16, default="active")
    account = models.UUIDField(null=True, db_index=True)
    keys = SealedJSON()
    terms = SealedJSON()

    @property
    def until(self) -> date | None:
        """The last day for which they were let in; None for those without an end."""
        said = self.terms.get("until")
        return date.fromisoformat(str(said)) if said else None


class StandingLine(models.Model):
    """What somebody signed of how members stand; ``body`` (sealed) holds who, what and the signature.

    Line ``number`` follows on the one before, from 1 on. See ``standings``.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="standings")
    number = models.PositiveIntegerField()
    body = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["circle", "number"], name="one_standing_line_per_number")
        ]


class Approval(CircleRecord):
    """Something that is to leave the circle, or to be destroyed, and the second person who looked at it.

    ``kind`` is a code of the list ``approval_kinds``, ``status`` one of ``approval_statuses``. ``statement`` is what
    is signed (``domain.second_person.Statement``), ``file`` names the sealed artefact, or what is to be handed over to
    whom, ``given`` holds who approved, when, under which key, and the signature.
    """

    kind = models.CharField(max_length=16)
    status = models.CharField(max_length=16, default="waiting")
    requester = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    statement = SealedJSON()
    file = SealedJSON()
    given = SealedJSON()


class Grant(CircleRecord):
    """A dossier (``shared``, of the kind ``noun``) that the circle lets another circle read for a time.

    ``status`` is ``stands``, ``withdrawn`` or ``over``; ``until_week`` is the ISO week (YYYYWW) of the last day.
    ``said`` is sealed with the dossier, so that whoever may open the dossier reads it too: the last day (``until``),
    ``why``, who shared it (``by``), how their circle is called (``of``), and the ``decision`` it rests on.
    ``received`` says that the other circle's journal knows of it.
    """

    to_circle = models.UUIDField(db_index=True)
    noun = models.CharField(max_length=64)
    shared = models.UUIDField(db_index=True)
    until_week = models.PositiveIntegerField()
    status = models.CharField(max_length=16, default="stands")
    received = models.BooleanField(default=False)
    said = SealedJSON()


class Guardians(CircleRecord):
    """The guardians that a member chose; ``status`` is ``active`` or ``replaced``.

    ``terms`` holds how many are ``needed``, the ``hours`` to wait, and by the id of each guardian their sealed share.
    """

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=16, default="active")
    terms = SealedJSON()


class RecoveryAsk(models.Model):
    """The one-time public key of somebody who cannot get in, until a guardian takes it up."""

    key = models.BinaryField(max_length=1216)


class Recovery(CircleRecord):
    """A member on their way back in; ``status`` is ``waiting``, ``stopped`` or ``finished``.

    ``key`` is the one-time public key, ``given`` what guardians sealed to it: it is read by somebody who has no key of
    the circle yet. ``terms`` holds when the waiting began (``waiting.mark``), and for how many ``hours`` it lasts.
    """

    guardians = models.ForeignKey(Guardians, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=16, default="waiting")
    key = models.BinaryField(max_length=1216, default=b"")
    given = models.BinaryField(default=b"")
    terms = SealedJSON()
