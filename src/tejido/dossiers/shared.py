"""Dossiers shared between circles, composed for either side.

The other circle sees the dossier itself and nothing through it: whoever is named there and is not shared with them as
well is “somebody not shared”, whatever keys the reader holds besides. It is in none of their lists or readings.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from tejido.circles.models import Circle
from tejido.circles.sharing import Shared, shared_by, shared_here, shared_with, sign_of
from tejido.domain.errors import NotFound, WorkspaceLocked
from tejido.dossiers.pages import Named
from tejido.dossiers.shared_pages import Part, SharedDossierPage, SharedLine, SharedPage, ShareForm, SharePage
from tejido.dossiers.ways import actor_way, incident_way, way
from tejido.fabric.models import Actor, Tie
from tejido.fabric.queries import actor_by_id
from tejido.incidents.models import Act, Incident, Perpetrator, Place, Victim
from tejido.protection.decision_views import said_of
from tejido.protection.models import Decision
from tejido.protection.sharing import has_ever_decided, sharing_decisions
from tejido.vault.journal import By
from tejido.vault.keyring import circle_at_work
from tejido.vocabularies import vocabulary
from tejido.web.wording import page_language

_INCIDENT = Incident._meta.label_lower
_Known = dict[UUID, Named]


def shared_page(*, by: By) -> SharedPage:
    """Compose both lists."""
    theirs = (_line(one, one.of, _reading(one)) for one in shared_with(by.circle_id))
    ours = (_line(one, _name_of(one.to_circle), _own(one)) for one in shared_by(by.circle_id))
    return SharedPage(tuple(theirs), tuple(ours), sign_of(by.circle_id))


def share_page(dossier: UUID, *, by: By, form: ShareForm) -> SharePage:
    """Compose the page on which one dossier is shared; ``NotFound`` if it is not of the circle of ``by``."""
    incident = Incident.objects.filter(pk=dossier, circle_id=by.circle_id).first()
    name = incident.title if incident else actor_by_id(dossier, by=by).usual_name
    back = incident_way(dossier) if incident else actor_way(dossier)
    lines = (_line(one, _name_of(one.to_circle), back) for one in shared_by(by.circle_id, dossier=dossier))
    undecided = ""
    if incident is None and "decision" not in form.fields and has_ever_decided(dossier):
        undecided = way("protection:group_decision_new", dossier) + "?about=sharing"
    return SharePage(name or _("without a name"), back, tuple(lines), form, undecided)


def decisions_offered(dossier: UUID) -> list[tuple[str, str]]:
    """Return the decisions of a group under which its own dossier may be shared, as the form offers them."""
    return [(str(one.pk), said_of(one)) for one in sharing_decisions(dossier)]


def shared_dossier_page(dossier: UUID, *, by: By) -> SharedDossierPage:
    """Compose a dossier that another circle shares with that of ``by``; ``NotFound`` if none does (any more)."""
    grant = shared_here(dossier, by.circle_id)
    known = {one.dossier: Named(_title(one), _reading(one)) for one in shared_with(by.circle_id)}
    lang, root = page_language(), _root(grant)
    if isinstance(root, Incident):
        kind, words, parts = _("Incident"), root.summary, _of_incident(root, known, lang)
    else:
        kind, words = vocabulary("actor_kinds").label(root.kind, lang), root.about
        parts = _of_actor(root, known, lang)
    return SharedDossierPage(
        name=known[dossier].name,
        kind=kind,
        words=words,
        of=grant.of,
        by=grant.by,
        until=grant.until,
        why=grant.why,
        parts=tuple(part for part in parts if part.lines),
    )


def _of_actor(actor: Actor, known: _Known, lang: str) -> Iterable[Part]:
    # Ties of others to this actor are part of their dossiers, and do not open here.
    ties = Tie.objects.filter(from_actor=actor.pk).order_by("kind", "id").values_list("kind", "to_actor_id")
    struck = Victim.objects.filter(actor=actor.pk, act__incident__in=list(known)).order_by("id")
    shared = dict.fromkeys(struck.values_list("act__incident", flat=True))
    yield Part(_("Other names"), _plain(one["text"] for one in actor.names[1:]))
    yield Part(_("What it says of itself"), _plain(actor.identities))
    yield Part(_("More about it"), _plain(f"{label}: {value}" for label, value in actor.details.items()))
    yield Part(_("Ties"), tuple(_tied(other, kind, known, lang) for kind, other in ties))
    yield Part(_("Incidents that are shared as well"), tuple(known[one] for one in shared))


def _of_incident(incident: Incident, known: _Known, lang: str) -> Iterable[Part]:
    acts = list(Act.objects.filter(incident=incident.pk).order_by("position", "id").values_list("pk", "kind"))
    ids = [pk for pk, _kind in acts]
    victims = Victim.objects.filter(act__in=ids).order_by("born", "id").values_list("actor_id", flat=True)
    alleged = Perpetrator.objects.filter(act__in=ids).order_by("born", "id").values_list("actor_id", flat=True)
    places = Place.objects.filter(incident=incident.pk).order_by("position", "id")
    yield Part(_("When"), _plain([incident.when.words(lang)] if incident.when else []))
    yield Part(_("What was done"), _plain(vocabulary("acts").label(kind, lang) for _pk, kind in acts))
    yield Part(_("To whom"), tuple(_somebody(one, known) for one in dict.fromkeys(victims)))
    yield Part(_("Allegedly by"), tuple(_somebody(one, known) for one in dict.fromkeys(alleged)))
    yield Part(_("Where"), _plain(one.words for one in places if one.words))


def _plain(words: Iterable[object]) -> tuple[Named, ...]:
    return tuple(Named(str(one), "") for one in words)


def _tied(other: UUID, kind: str, known: _Known, lang: str) -> Named:
    found = _somebody(other, known)
    return Named(found.name, found.href, note=vocabulary("tie_kinds").label(kind, lang))


def _somebody(actor: UUID, known: _Known) -> Named:
    return known.get(actor) or Named(_("somebody not shared"), "")


def _root(one: Shared) -> Actor | Incident:
    model = Incident if one.noun == _INCIDENT else Actor
    found: Actor | Incident | None = model._default_manager.filter(pk=one.dossier, circle_id=one.circle).first()
    if found is None:
        raise NotFound
    return found


def _title(one: Shared) -> str:
    root = _root(one)
    return (root.title if isinstance(root, Incident) else root.usual_name) or _("without a name")


def _reading(one: Shared) -> str:
    return way("dossiers:shared_dossier", one.dossier)


def _own(one: Shared) -> str:
    return incident_way(one.dossier) if one.noun == _INCIDENT else actor_way(one.dossier)


def _line(one: Shared, circle: str, href: str) -> SharedLine:
    decision = Decision.objects.filter(pk=one.decision, circle_id=circle_at_work()).first() if one.decision else None
    decided = decision.what if decision is not None else ""
    return SharedLine(one.id, Named(_title(one), href), circle, one.by, one.until, one.why, decided)


def _name_of(circle: UUID) -> str:
    """Return how another circle is called, where whoever asks belongs to it; the beginning of its sign otherwise."""
    try:
        return str(Circle.objects.get(pk=circle).name)
    except (WorkspaceLocked, Circle.DoesNotExist):
        return str(circle)[:8]
