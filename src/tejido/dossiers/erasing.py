"""Erasing a dossier from a page: what goes and who names it is said first; then a word is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from tejido.dossiers.ways import way
from tejido.fabric.models import Actor
from tejido.incidents.models import Incident
from tejido.vault.dossier_paths import DOSSIER_PATHS
from tejido.vault.erasure import what_goes
from tejido.vault.hanging import Hanging, in_parts
from tejido.vault.journal import By
from tejido.vault.models import SealedRecord

_MOST_SHOWN: Final = 20


@dataclass(frozen=True)
class NamedIn:
    """A page that names what is to be erased, and will name nobody."""

    label: str
    to: str


@dataclass(frozen=True)
class ErasePage:
    """What is about to be erased; ``wrong`` says that another word was typed than the one asked for."""

    name: str
    is_incident: bool
    records: int
    named_in: list[NamedIn]
    more: int
    word: str
    wrong: bool
    back: str


def erase_page(dossier: UUID, *, by: By) -> ErasePage:
    """Return what erasing a dossier would do; ``NotFound`` if there is none."""
    root, hanging = what_goes(dossier, by=by)
    naming = sorted(_dossiers_that_name(hanging))
    return ErasePage(
        name=_name(root),
        is_incident=isinstance(root, Incident),
        records=sum(hanging.counts().values()),
        named_in=_named_in(naming[:_MOST_SHOWN]),
        more=max(0, len(naming) - _MOST_SHOWN),
        word=word_asked_for(),
        wrong=False,
        back=_way_to(root),
    )


def word_asked_for() -> str:
    """Return the word that is typed to say that it is meant."""
    return _("erase")


def _dossiers_that_name(hanging: Hanging) -> set[UUID]:
    found: set[UUID] = set()
    for (model, _column, _empty), ids in hanging.names.items():
        path = DOSSIER_PATHS.get(model._meta.db_table)
        for part in in_parts(ids) if path else ():
            values = model._default_manager.filter(pk__in=part).values_list(str(path), flat=True)
            found.update(value for value in values if value is not None)
    return found


def _named_in(dossiers: list[UUID]) -> list[NamedIn]:
    roots: list[Actor | Incident] = [
        *Incident.objects.filter(pk__in=dossiers),
        *Actor.objects.filter(pk__in=dossiers),
    ]
    return [NamedIn(_name(root), _way_to(root)) for root in roots]


def _name(root: SealedRecord) -> str:
    said = root.title if isinstance(root, Incident) else root.usual_name if isinstance(root, Actor) else ""
    return said or _("without a name")


def _way_to(root: SealedRecord) -> str:
    return way("dossiers:incident" if isinstance(root, Incident) else "dossiers:actor", root.pk)
