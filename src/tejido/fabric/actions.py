"""What members do to the fabric: record, tie, place, consent, and take back.

Every action is one journal entry. ``seen`` is the revision its form showed: ``Conflict`` when somebody changed
the record since. Texts and codes are checked by ``tejido.fabric.making`` (``BadInput``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from django.db.models import ProtectedError, Q, QuerySet

from tejido.domain.dates import ImpreciseDate
from tejido.domain.errors import BadInput, RuleBroken
from tejido.domain.words import N_
from tejido.drawing.geometry import Geometry
from tejido.fabric import making
from tejido.fabric.consenting import give_consent, withdraw_consent
from tejido.fabric.making import Name
from tejido.fabric.models import Actor, Asset, Presence, Territory, Tie
from tejido.fabric.touching import may, touch
from tejido.vault.journal import By, Entry, writing
from tejido.vault.records import change, create, remove
from tejido.vocabularies import vocabulary

__all__ = [
    "KEEP", "Keep", "Name", "change_actor", "change_territory", "change_tie", "end_tie", "give_consent",
    "place_actor", "record_actor", "record_asset", "record_territory", "remove_actor", "remove_presence",
    "remove_territory", "remove_tie", "tie_actors", "touch", "withdraw_consent",
]  # fmt: skip

_SPOKEN_OF = N_(
    "Incidents, decisions or plans speak of this actor, so it was kept. Take it out of them first, or give it "
    "another name."
)
_IN_USE = N_("Incidents or other territories lie in this territory, so it was kept. Move them first.")
_TIED_ALREADY = N_("These two are already tied in this way. Nothing was changed; change that tie instead.")
_HAS_MEMBERS = N_("Others belong to this actor, so it cannot become a single person. End those ties first.")
_CYCLE = N_("A territory cannot lie inside one of its own parts. Nothing was changed; choose a wider territory.")
_PRESENT_ALREADY = N_("This is already recorded. Nothing was changed.")


class Keep:
    """Stands for a value to be left as it is, where ``None`` means something else."""


KEEP: Final = Keep()


def record_actor(
    *,
    by: By,
    kind: str,
    names: Sequence[Name | str],
    form: str = "",
    naming: str = "nobody",
    identities: Sequence[str] = (),
    about: str = "",
    size: str = "",
    details: Mapping[str, str] | None = None,
) -> Actor:
    """Record an actor: a collective that names nobody, a person, an authority, an aggressor."""
    actor = making.make_actor(
        by=by, kind=kind, names=names, form=form, naming=naming, identities=identities, about=about, size=size,
        details=details,
    )  # fmt: skip
    with writing(by=by, action="actor.record") as entry:
        create(actor, entry)
        entry.about("fabric.actor", actor.pk)
        entry.notes["kind"] = actor.kind
    return actor


def change_actor(
    *,
    by: By,
    actor: Actor,
    seen: int | None = None,
    kind: str | None = None,
    names: Sequence[Name | str] | None = None,
    form: str | None = None,
    naming: str | None = None,
    identities: Sequence[str] | None = None,
    about: str | None = None,
    size: str | None = None,
    details: Mapping[str, str] | None = None,
) -> Actor:
    """Change what is said of an actor; what is ``None`` stays as it is."""
    may(by, actor, seen)
    made = making.make_actor(
        by=by,
        kind=_or(kind, actor.kind),
        names=names if names is not None else [Name(**name) for name in actor.names],
        form=_or(form, actor.form),
        naming=_or(naming, actor.naming),
        identities=identities if identities is not None else actor.identities,
        about=_or(about, actor.about),
        size=_or(size, actor.size),
        details=details if details is not None else actor.details,
    )
    if made.kind == "person" and actor.kind != "person" and _others_belong_to(actor):
        raise BadInput(_HAS_MEMBERS)
    columns = ("kind", "names", "form", "naming", "identities", "about", "size", "details")
    with writing(by=by, action="actor.change") as entry:
        change(actor, entry, **{column: getattr(made, column) for column in columns})
        entry.about("fabric.actor", actor.pk)
    return actor


def remove_actor(*, by: By, actor: Actor, seen: int | None = None) -> None:
    """Remove an actor with its ties, presences and consents; ``RuleBroken`` while incidents or plans name it."""
    may(by, actor, seen)
    pk = actor.pk
    try:
        with writing(by=by, action="actor.remove") as entry:
            ties = list(Tie.objects.filter(Q(from_actor=actor) | Q(to_actor=actor)))
            for tie in ties:
                remove(tie, entry)
            touch(Actor, {end for tie in ties for end in (tie.from_actor_id, tie.to_actor_id)} - {pk}, entry)
            remove(actor, entry)
            entry.about("fabric.actor", pk)
            entry.notes["ties"] = len(ties)
    except ProtectedError:
        actor.pk = pk
        raise RuleBroken(_SPOKEN_OF) from None


def tie_actors(
    *,
    by: By,
    from_actor: Actor,
    to_actor: Actor,
    kind: str,
    strength: str = "medium",
    certainty: str = "unknown",
    since: ImpreciseDate | None = None,
    until: ImpreciseDate | None = None,
    words: str = "",
    source: str = "",
) -> Tie:
    """Tie one actor to another; ``BadInput`` when the same tie stands open already."""
    may(by, from_actor)
    may(by, to_actor)
    tie = making.make_tie(
        by=by, from_actor=from_actor, to_actor=to_actor, kind=kind, strength=strength, certainty=certainty,
        since=since, until=until, words=words, source=source,
    )  # fmt: skip
    with writing(by=by, action="tie.record") as entry:
        if _same_open(tie).exists():
            raise BadInput(_TIED_ALREADY)
        create(tie, entry)
        _touch_ends(tie, entry)
        entry.notes["kind"] = tie.kind
    return tie


def change_tie(
    *,
    by: By,
    tie: Tie,
    seen: int | None = None,
    kind: str | None = None,
    strength: str | None = None,
    certainty: str | None = None,
    since: ImpreciseDate | Keep | None = KEEP,
    until: ImpreciseDate | Keep | None = KEEP,
    words: str | None = None,
    source: str | None = None,
) -> Tie:
    """Change what is said of a tie; what is ``None`` (for dates: ``KEEP``) stays. Its ends stay as they are."""
    may(by, tie, seen)
    made = making.make_tie(
        by=by,
        from_actor=tie.from_actor,
        to_actor=tie.to_actor,
        kind=_or(kind, tie.kind),
        strength=_or(strength, tie.strength),
        certainty=_or(certainty, tie.certainty),
        since=tie.since if isinstance(since, Keep) else since,
        until=tie.until if isinstance(until, Keep) else until,
        words=_or(words, tie.words),
        source=_or(source, tie.source),
    )
    columns = ("kind", "strength", "certainty", "since", "until", "since_week", "until_week", "words", "source")
    with writing(by=by, action="tie.change") as entry:
        if made.kind != tie.kind and _same_open(made).exclude(pk=tie.pk).exists():
            raise BadInput(_TIED_ALREADY)
        change(tie, entry, **{column: getattr(made, column) for column in columns})
        _touch_ends(tie, entry)
    return tie


def end_tie(*, by: By, tie: Tie, until: ImpreciseDate, seen: int | None = None) -> Tie:
    """Say until when a tie held; it stays on record."""
    may(by, tie, seen)
    values = making.held(tie.since, until)
    with writing(by=by, action="tie.end") as entry:
        change(tie, entry, **values)
        _touch_ends(tie, entry)
    return tie


def remove_tie(*, by: By, tie: Tie) -> None:
    """Remove a tie that was recorded by mistake; a tie that is over is ended instead."""
    may(by, tie)
    with writing(by=by, action="tie.remove") as entry:
        _touch_ends(tie, entry)
        remove(tie, entry)


def record_territory(
    *,
    by: By,
    name: str,
    kind: str,
    parent: Territory | None = None,
    about: str = "",
    shown: str = "km_5",
    geometry: Geometry | None = None,
) -> Territory:
    """Record a territory, inside ``parent`` if given; ``geometry`` is GeoJSON, kept exact and sealed."""
    if parent is not None:
        may(by, parent)
    territory = making.make_territory(
        by=by, name=name, kind=kind, parent=parent, about=about, shown=shown, geometry=geometry
    )
    with writing(by=by, action="territory.record") as entry:
        create(territory, entry)
        entry.about("fabric.territory", territory.pk)
        entry.notes["kind"] = territory.kind
    return territory


def change_territory(
    *,
    by: By,
    territory: Territory,
    seen: int | None = None,
    name: str | None = None,
    kind: str | None = None,
    parent: Territory | Keep | None = KEEP,
    about: str | None = None,
    shown: str | None = None,
    geometry: Geometry | Keep | None = KEEP,
) -> Territory:
    """Change what is said of a territory; ``BadInput`` when it would lie inside one of its own parts."""
    may(by, territory, seen)
    wider = territory.parent if isinstance(parent, Keep) else parent
    if wider is not None and not isinstance(parent, Keep):
        may(by, wider)
        _no_cycle(territory, wider)
    made = making.make_territory(
        by=by,
        name=_or(name, territory.name),
        kind=_or(kind, territory.kind),
        parent=wider,
        about=_or(about, territory.about),
        shown=_or(shown, territory.shown),
    )
    values = {column: getattr(made, column) for column in ("name", "kind", "parent", "about", "shown")}
    if not isinstance(geometry, Keep):
        values.update(making.placed(geometry))
    with writing(by=by, action="territory.change") as entry:
        renamed = made.name != territory.name
        change(territory, entry, **values)
        if renamed:  # the lines of its parts say its name
            Territory.objects.filter(parent=territory).update(stamp=entry.seq)
        entry.about("fabric.territory", territory.pk)
    return territory


def remove_territory(*, by: By, territory: Territory) -> None:
    """Remove a territory with its assets; ``RuleBroken`` while incidents or other territories lie in it."""
    may(by, territory)
    pk = territory.pk
    try:
        with writing(by=by, action="territory.remove") as entry:
            remove(territory, entry)
            entry.about("fabric.territory", pk)
    except ProtectedError:
        territory.pk = pk
        raise RuleBroken(_IN_USE) from None


def record_asset(*, by: By, territory: Territory, kind: str, name: str = "", condition: str = "") -> Asset:
    """Record something a community lives by: crops, school, meeting house, water."""
    may(by, territory)
    asset = making.make_asset(by=by, territory=territory, kind=kind, name=name, condition=condition)
    with writing(by=by, action="asset.record") as entry:
        create(asset, entry)
        touch(Territory, [territory.pk], entry)
        entry.about("fabric.territory", territory.pk)
    return asset


def place_actor(*, by: By, actor: Actor, territory: Territory, kind: str = "lives", words: str = "") -> Presence:
    """Say that an actor lives, works, defends or operates in a territory; ``BadInput`` if that is recorded."""
    may(by, actor)
    may(by, territory)
    presence = making.make_presence(by=by, actor=actor, territory=territory, kind=kind, words=words)
    with writing(by=by, action="presence.record") as entry:
        if Presence.objects.filter(actor=actor, territory=territory, kind=presence.kind).exists():
            raise BadInput(_PRESENT_ALREADY)
        create(presence, entry)
        touch(Actor, [actor.pk], entry)
        entry.about("fabric.actor", actor.pk)
    return presence


def remove_presence(*, by: By, presence: Presence) -> None:
    """Take back that an actor is in a territory."""
    may(by, presence)
    with writing(by=by, action="presence.remove") as entry:
        touch(Actor, [presence.actor_id], entry)
        entry.about("fabric.actor", presence.actor_id)
        remove(presence, entry)


def _or(given: str | None, kept: str) -> str:
    return kept if given is None else given


def _touch_ends(tie: Tie, entry: Entry) -> None:
    touch(Actor, [tie.from_actor_id, tie.to_actor_id], entry)
    entry.about("fabric.actor", tie.from_actor_id)


def _same_open(tie: Tie) -> QuerySet[Tie]:
    ends = Q(from_actor=tie.from_actor_id, to_actor=tie.to_actor_id)
    if vocabulary("tie_kinds").term(tie.kind).flag("symmetric"):
        ends |= Q(from_actor=tie.to_actor_id, to_actor=tie.from_actor_id)
    return Tie.objects.filter(ends, kind=tie.kind, until_week=None)


def _others_belong_to(actor: Actor) -> bool:
    return Tie.objects.filter(to_actor=actor, kind__in=("member_of", "part_of")).exists()


def _no_cycle(territory: Territory, wider: Territory) -> None:
    """Walk up from ``wider``; the tree is a few steps high."""
    above: UUID | None = wider.pk
    seen: set[UUID] = set()
    while above is not None and above not in seen:
        if above == territory.pk:
            raise BadInput(_CYCLE)
        seen.add(above)
        above = Territory.objects.filter(pk=above).values_list("parent_id", flat=True).first()
