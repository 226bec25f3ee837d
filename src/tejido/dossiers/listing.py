"""The long lists of a dossier, page by page: all incidents around an actor, all its ties."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import Q

from tejido.dossiers.lines import lines_around, named_actor
from tejido.dossiers.pages import AroundPage, TiesPage
from tejido.dossiers.ways import actor_way, way
from tejido.dossiers.weave import tie_line
from tejido.fabric.models import Tie
from tejido.fabric.queries import actor_by_id
from tejido.readings.around import happened_around
from tejido.vault.journal import By
from tejido.web.paging import Page
from tejido.web.wording import WORDS, page_language

SIZE = 30


def around_page(actor_id: UUID, *, by: By, today: date, after: UUID | None, before: UUID | None) -> AroundPage:
    """Compose the page of incidents; ``NotFound``."""
    actor = actor_by_id(actor_id, by=by)
    found = happened_around(
        actor.pk, today=today, lang=page_language(), words=WORDS, limit=SIZE, after=after, before=before
    )
    ids = tuple(row.incident for row in found.page.rows)
    return AroundPage(
        name=named_actor(actor).name,
        back=actor_way(actor.pk),
        rows=lines_around(found.page.rows),
        rows_page=Page(ids, found.page.after, found.page.before),
        own=found.own,
        near=found.near,
        cut=found.cut,
    )


def ties_page(actor_id: UUID, *, by: By, after: UUID | None, before: UUID | None) -> TiesPage:
    """Compose the page of ties, by id; ``NotFound``."""
    actor = actor_by_id(actor_id, by=by)
    mine = Tie.objects.filter(Q(from_actor=actor.pk) | Q(to_actor=actor.pk))
    rows = mine.select_related("from_actor", "to_actor")
    if before is not None and after is None:
        shown: Sequence[Tie] = list(rows.filter(pk__lt=before).order_by("-id")[: SIZE + 1])
        more_before, more_after = len(shown) > SIZE, True
        shown = shown[:SIZE][::-1]
    else:
        shown = list((rows.filter(pk__gt=after) if after else rows).order_by("id")[: SIZE + 1])
        more_before, more_after = after is not None, len(shown) > SIZE
        shown = shown[:SIZE]
    ids = tuple(tie.pk for tie in shown)
    return TiesPage(
        name=named_actor(actor).name,
        back=actor_way(actor.pk),
        rows=tuple(tie_line(tie, actor.pk) for tie in shown),
        rows_page=Page(
            ids, after=ids[-1] if ids and more_after else None, before=ids[0] if ids and more_before else None
        ),
        total=mine.count(),
        add=way("fabric:tie_new", actor.pk),
    )
