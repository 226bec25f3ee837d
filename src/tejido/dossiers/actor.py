"""The dossier of an actor: the heart for a collective, and from the same parts for persons and aggressors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from tejido.domain.plan_checks import findings
from tejido.dossiers.lines import lines_around, lines_of, named_actor, named_actors, named_territories
from tejido.dossiers.missing import missing_of
from tejido.dossiers.pages import (
    ActorPage,
    ActorWays,
    AllegedPart,
    Asks,
    ConsentLine,
    DecisionLine,
    MeasureLine,
    Named,
    PlanPart,
)
from tejido.dossiers.pictures import map_of, no_drawing, timeline_of
from tejido.dossiers.places import USUAL, incident_places, territory_places
from tejido.dossiers.ways import territory_way, way
from tejido.dossiers.weave import weave_drawing
from tejido.drawing.svg import Drawing
from tejido.fabric.kinds import COLLECTIVES, is_collective
from tejido.fabric.models import Actor, Consent, Presence, Tie
from tejido.fabric.queries import (
    BELONGING,
    actor_by_id,
    consents_of,
    number_of_ties,
    standing,
    territories_of,
    ties_of,
)
from tejido.incidents.models import Incident, Place
from tejido.protection.models import Decision, Plan
from tejido.protection.queries import decisions_of, facts_of, plans_of
from tejido.protection.sessions.forms import title_of as session_title
from tejido.protection.sessions.queries import sessions_of
from tejido.protection.showing import title_of
from tejido.readings.alleged import Alleged, alleged_of, stands_under
from tejido.readings.around import Around, happened_around
from tejido.readings.concentration import concentration_in
from tejido.vault.journal import By
from tejido.vocabularies import vocabulary
from tejido.web.wording import WORDS, page_language

MOST_ROWS = 6
#: Of what an actor is said to have done: a page is to stay below 10 kB on the wire.
MOST_ALLEGED = 4
MOST_TIES = 16
MOST_PLACES = 100
MOST_CONSENTS = 8
MOST_SESSIONS = 3


def actor_page(actor_id: UUID, *, by: By, today: date) -> ActorPage:
    """Compose the dossier; ``NotFound``."""
    actor = actor_by_id(actor_id, by=by)
    ours = actor.kind in COLLECTIVES
    lang = page_language()
    around = happened_around(actor.pk, today=today, lang=lang, words=WORDS, limit=MOST_ROWS)
    ties = ties_of([actor.pk], at_most=MOST_TIES, collectives_first=is_collective(actor.kind))
    presences = territories_of([actor.pk])
    consents = consents_of([actor.pk])
    decisions = decisions_of([actor.pk]) if ours else []
    plans = plans_of([actor.pk]) if ours else []
    concentrated = concentration_in(actor.pk, today=today, words=WORDS, woven=around.woven) if ours else None
    this_year = [own for first, last, own in around.spans if first.year <= today.year <= last.year]
    name = named_actor(actor).name
    alleged_counts = alleged_of(actor.pk)
    struck_most = around.own + around.near >= alleged_counts.incidents
    # Where an actor was struck more often than it is said to have struck, that part is the lesser.
    alleged = _alleged(alleged_counts, shown=MOST_ALLEGED // 2 if struck_most else MOST_ALLEGED)
    years = [day.year for first, last, _own in around.spans for day in (first, last)]
    return ActorPage(
        id=actor.pk,
        kind=actor.kind,
        form=actor.form,
        name=name,
        other_names=tuple(str(one["text"]) for one in actor.names[1:]),
        identities=tuple(map(str, actor.identities)),
        about=actor.about,
        size=actor.size,
        naming=actor.naming,
        details=tuple((str(label), str(value)) for label, value in actor.details.items()),
        is_collective=ours,
        is_person=actor.kind == "person",
        collectives=tuple(_belongs(actor, ties)),
        parts=tuple(_parts(actor, ties)),
        stands_under=() if ours else named_actors((one, 0) for one in stands_under(actor.pk)),
        own=around.own,
        near=around.near,
        own_this_year=sum(this_year),
        near_this_year=len(this_year) - sum(this_year),
        years=(min(years, default=0), max(years, default=0)),
        belonging=_belonging(actor) if ours else 0,
        is_struck_most=struck_most,
        cut=around.cut,
        rows=lines_around(around.page.rows),
        all_incidents=way("dossiers:around", actor.pk) if around.page.after else "",
        timeline=timeline_of(
            around.spans, title=_("Incidents over time"), own=_("to {name}").format(name=name), near=_("to its own")
        ),
        network=weave_drawing(actor, ties, around.woven.facts) if ties else no_drawing(),
        ties_total=number_of_ties([actor.pk]) if len(ties) == MOST_TIES else len(ties),
        all_ties=way("dossiers:ties", actor.pk) if len(ties) == MOST_TIES else "",
        concentration=concentrated.sentence if concentrated else "",
        map=_map(name, presences, around),
        map_cut=len(around.ids) > MOST_PLACES,
        territories=tuple(_territory(one) for one in presences),
        consents=tuple(_consent(one, today) for one in consents[:MOST_CONSENTS]),
        decisions=tuple(_decision(one) for one in decisions[:5]),
        plan=_plan(plans[0], today) if plans else None,
        alleged=alleged,
        missing=missing_of(
            actor, ties=bool(ties), territory=bool(presences), plan=plans[0].pk if plans else None,
            decision=bool(decisions),
            consent=any(standing(one, today) == "stands" for one in consents),
        ),
        sessions=_sessions(actor) if ours else (),
        desk=_desk(actor),
        ways=_ways(actor, plans),
    )  # fmt: skip


def _ways(actor: Actor, plans: Sequence[Plan]) -> ActorWays:
    pk = actor.pk
    plan = way("protection:plan", plans[0].pk) if plans else way("protection:plan_new", pk)
    return ActorWays(
        record=way("incidents:record", victim=pk),
        plan=plan if actor.kind in COLLECTIVES else "",
        meet=_meeting(actor),
        tie=way("fabric:tie_new", pk),
        edit=way("fabric:actor_edit", pk),
        consent=way("fabric:consent_new", pk),
        presence=way("fabric:presence_new", pk),
        decision=way("protection:group_decision_new", pk) if actor.kind in COLLECTIVES else "",
        decisions=way("protection:group_decisions", pk) if actor.kind in COLLECTIVES else "",
        alerts=way("protection:alerts", pk) if actor.kind in COLLECTIVES else "",
        print_plan=way("protection:plan_pdf", plans[0].pk) if plans else "",
        our_fabric=way("dossiers:our_fabric", pk) if actor.kind in COLLECTIVES else "",
        together=way("protection:together", pk) if actor.kind in COLLECTIVES else "",
        card=way("protection:card", pk) if actor.kind in COLLECTIVES else "",
        poster=way("protection:poster", plans[0].pk) if plans else "",
    )


def _meeting(actor: Actor) -> str:
    """Return where a group meets to look at itself; nothing for a single person."""
    return way("protection:session_new", actor.pk) if actor.kind in COLLECTIVES else ""


def _sessions(group: Actor) -> tuple[Named, ...]:
    """Return the latest sessions of a group, each with how far it came."""
    lang, stands = page_language(), vocabulary("assessment_statuses")
    return tuple(
        Named(session_title(one), way("protection:session", one.pk), stands.label(one.status, lang))
        for one in sessions_of(group.pk, most=MOST_SESSIONS)
    )


def _desk(actor: Actor) -> tuple[Named, ...]:
    """Return what can be asked for one person; its sheet asks for their group first, or for the reason why not."""
    if actor.kind != "person":
        return ()
    kinds, lang = vocabulary("request_kinds"), page_language()
    return tuple(
        Named(term.label(lang), way("protection:keep_new", actor.pk, "requests", kind=term.code)) for term in kinds
    )


def _belonging(actor: Actor) -> int:
    """Return how many people and groups are known to belong to a collective, each once."""
    return Tie.objects.filter(to_actor=actor.pk, kind__in=BELONGING).values("from_actor").distinct().count()


def _belongs(actor: Actor, ties: Sequence[Tie]) -> list[Named]:
    lang = page_language()
    return [
        named_actor(tie.to_actor, vocabulary("tie_kinds").label(tie.kind, lang))
        for tie in ties
        if tie.from_actor_id == actor.pk and tie.kind in BELONGING
    ]


def _parts(actor: Actor, ties: Sequence[Tie]) -> list[Named]:
    return [
        named_actor(tie.from_actor)
        for tie in ties
        if tie.to_actor_id == actor.pk and tie.kind in BELONGING and is_collective(tie.from_actor.kind)
    ]


def _map(name: str, presences: Sequence[Presence], around: Around) -> Drawing:
    where = Place.objects.filter(incident_id__in=around.ids[:MOST_PLACES], point__isnull=False)
    near = list(where.only("circle_id", "revision", "incident_id", "point", "precision", "words")[:MOST_PLACES])
    shown = dict(
        Incident.objects.filter(pk__in={one.incident_id for one in near}).values_list("pk", "territory__shown")
    )
    marks = territory_places({one.territory_id: one.territory for one in presences}.values())
    marks += incident_places((place, shown.get(place.incident_id) or USUAL) for place in near)
    return map_of(marks, title=_("Where {name} lives, and where it happened").format(name=name))


def _territory(presence: Presence) -> Named:
    kind = vocabulary("presence_kinds").label(presence.kind, page_language())
    return Named(presence.territory.name, territory_way(presence.territory_id), kind)


def _consent(consent: Consent, today: date) -> ConsentLine:
    how = standing(consent, today)
    return ConsentLine(
        purpose=consent.purpose,
        audience=consent.audience,
        scope=consent.scope,
        standing=how,
        words=consent.words,
        given_on=consent.given_on,
        expires_on=consent.expires_on,
        withdrawn_on=consent.withdrawn_on,
        withdraw=way("fabric:consent_withdraw", consent.pk) if how == "stands" else "",
    )


def _decision(decision: Decision) -> DecisionLine:
    return DecisionLine(
        what=decision.what,
        mode=decision.mode,
        present=decision.present,
        dissent=decision.dissent,
        taken_on=decision.taken_on,
        holds_until=decision.holds_until,
        withdrawn=decision.status == "withdrawn",
    )


def _plan(plan: Plan, today: date) -> PlanPart:
    lang = page_language()
    measures = list(plan.measures.all())
    found = findings(facts_of(plan), today)
    late = {one.subject for one in found if one.level == "late" and one.subject}
    titles = {str(measure.pk): title_of(measure) for measure in measures}
    titles.update((str(threat.pk), threat.words) for threat in plan.threats.all())
    href = way("protection:plan", plan.pk)
    return PlanPart(
        title=plan.title,
        href=href,
        status=plan.status,
        measures=tuple(
            MeasureLine(titles[str(one.pk)], one.status, not one.code, str(one.pk) in late) for one in measures[:6]
        ),
        in_place=sum(one.status == "in_place" for one in measures),
        late=sum(one.level == "late" for one in found),
        found=tuple(
            Asks(one.level, one.sentence(WORDS, lang), href, titles.get(one.subject, ""), one.why(WORDS))
            for one in found[:4]
        ),
    )


def _alleged(counts: Alleged, *, shown: int) -> AllegedPart | None:
    if not counts.incidents:
        return None
    lang = page_language()
    acts = vocabulary("acts")
    first, last = (counts.years[0][0], counts.years[-1][0]) if counts.years else (0, 0)
    return AllegedPart(
        counts=counts,
        kinds=tuple(Named(acts.label(kind, lang), "", many=many) for kind, many in counts.kinds[:6]),
        years="" if not first else str(first) if first == last else f"{first}–{last}",
        territories=named_territories(counts.territories[:shown]),
        struck=named_actors(counts.most_struck[: 2 * shown]),
        rows=lines_of(counts.newest[:shown]),
        timeline=timeline_of(
            [(first_day, last_day, True) for first_day, last_day in counts.spans],
            title=_("What it is said to have done, over time"), own=_("alleged"), near="",
        ),
    )  # fmt: skip
