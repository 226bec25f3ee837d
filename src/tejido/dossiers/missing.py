"""What a dossier does not yet hold, why it matters, and the way to it. Nothing of it has to be filled in."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from tejido.dossiers.pages import Missing
from tejido.dossiers.ways import way
from tejido.fabric.kinds import COLLECTIVES
from tejido.fabric.models import Actor


def missing_of(
    actor: Actor, *, ties: bool, territory: bool, consent: bool, plan: UUID | None, decision: bool
) -> tuple[Missing, ...]:
    """Return what is not there, the most helpful first."""
    ours = actor.kind in COLLECTIVES
    concerns_us = ours or actor.kind == "person"
    found = [
        (
            not ties,
            _("No ties yet: nobody can see whom an attack would reach.")
            if concerns_us
            else _("No ties yet: under whom it stands, whom it threatens or owes a duty to is not said."),
            "fabric:tie_new",
            _("Add a tie"),
        ),
        (
            not territory and concerns_us,
            _("No territory yet: what happens near by does not show up here."),
            "fabric:presence_new",
            _("Say where"),
        ),
        (
            ours and plan is not None and not decision,
            _("No decision recorded: what the group wants is not written down."),
            "protection:decision_new",
            _("Record a decision"),
        ),
        (
            ours and plan is None,
            _("No plan yet: what the group already does to protect itself is the first page of it."),
            "protection:plan_new",
            _("Start a plan"),
        ),
        (
            concerns_us and not consent,
            _("No consent recorded: nothing of this may leave here."),
            "fabric:consent_new",
            _("Record a consent"),
        ),
    ]
    of = {"protection:decision_new": plan or actor.pk}
    return tuple(Missing(said, way(view, of.get(view, actor.pk)), word) for lacks, said, view, word in found if lacks)
