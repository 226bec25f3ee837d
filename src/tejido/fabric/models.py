"""The shape of a collective and of everything that ties it: actors, ties, territories, consents."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tejido.circles.models import CircleRecord
from tejido.vault.fields import SealedDate, SealedJSON, SealedText


class Territory(CircleRecord):
    """Where life and rights are: geographic, socio-economic and cultural.

    ``geometry`` is a GeoJSON geometry, exact and sealed, and ``centre`` the point ``[latitude, longitude]`` that
    stands for it, empty where none is known; ``shown`` (vocabulary ``coarseness``) says how coarsely the place is
    drawn for a reader.
    """

    kind = models.CharField(max_length=40)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")
    shown = models.CharField(max_length=16, default="km_5")
    name = SealedText()
    about = SealedText()
    geometry = SealedJSON()
    centre = SealedJSON(shape=list)

    class Meta:
        verbose_name_plural = "territories"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(parent=F("id")), name="territory_is_not_its_own_part")
        ]


class Asset(CircleRecord):
    """Something a community lives by in a territory: crops, school, meeting house, water."""

    territory = models.ForeignKey(Territory, on_delete=models.CASCADE, related_name="assets")
    kind = models.CharField(max_length=40)
    name = SealedText()
    condition = SealedText()


class Actor(CircleRecord):
    """Anyone who appears: a person, a community, an organisation, an institution, an aggressor.

    ``names`` is a list of ``{"text", "kind", "lang"}`` (vocabulary ``name_kinds``), the usual one first.
    ``identities`` are self-descriptions, as many as the actor gives, each in its own words; always optional.
    ``details`` are further facts with their label: ``{"label": "value"}``, as somebody recorded them.
    ``naming`` (vocabulary ``naming``) says whether a collective's members are named; nobody has to be.
    ``size`` is how many it says it is, in words.
    """

    kind = models.CharField(max_length=24)
    form = models.CharField(max_length=40, blank=True)
    naming = models.CharField(max_length=16, default="nobody")
    names = SealedJSON(shape=list)
    identities = SealedJSON(shape=list)
    about = SealedText()
    size = SealedText()
    details = SealedJSON()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["circle", "kind"])]

    @property
    def usual_name(self) -> str:
        """The name by which the actor is mostly called; empty if it has none."""
        return str(self.names[0]["text"]) if self.names else ""


class Presence(CircleRecord):
    """An actor in a territory: lives, works, defends, operates there."""

    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="presences")
    territory = models.ForeignKey(Territory, on_delete=models.CASCADE, related_name="presences")
    kind = models.CharField(max_length=24, default="lives")
    words = SealedText()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["actor", "territory", "kind"], name="one_presence_per_kind")
        ]


class Tie(CircleRecord):
    """A dated, directed link between two actors.

    ``since`` and ``until`` are exact and sealed; the weeks beside them let readings leave out ties that did not
    hold at a time. ``strength`` and ``certainty`` are codes of the vocabularies ``tie_strengths`` and
    ``certainties``. ``source`` says how this is known.
    """

    from_actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="ties_out")
    to_actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="ties_in")
    kind = models.CharField(max_length=24)
    strength = models.CharField(max_length=8, default="medium")
    certainty = models.CharField(max_length=12, default="unknown")
    since_week = models.PositiveIntegerField(null=True)
    until_week = models.PositiveIntegerField(null=True)
    since = SealedDate()
    until = SealedDate()
    words = SealedText()
    source = SealedText()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(from_actor=F("to_actor")), name="tie_joins_two_actors")
        ]


class Consent(CircleRecord):
    """What an actor agreed to, per purpose and audience; collective consent is separate from individual.

    Dated, expiring, withdrawable. ``words`` holds what was agreed, as it was said, and by whom for a collective.
    """

    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=24)
    audience = models.CharField(max_length=24)
    scope = models.CharField(max_length=16)
    status = models.CharField(max_length=16, default="given")
    expires_week = models.PositiveIntegerField(null=True)
    given_on = SealedDate()
    expires_on = SealedDate()
    withdrawn_on = SealedDate()
    words = SealedText()
