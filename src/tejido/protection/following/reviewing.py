"""Making the page of a plan's reviews: what was learned, what was not looked at, and each measure before and after."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from tejido.domain.dates import ImpreciseDate
from tejido.domain.reviews import prompts_on, unlooked_at
from tejido.domain.reviews_before_after import before_and_after
from tejido.domain.words import N_
from tejido.incidents.models import Incident
from tejido.protection.following.facts import review_facts
from tejido.protection.following.models import Review, SignSeen
from tejido.protection.following.pages import ComparedLine, ReviewLine, ReviewsPage, SignLine
from tejido.protection.following.queries import reviews_of
from tejido.protection.models import Measure, Plan
from tejido.protection.pages import Level
from tejido.protection.queries import incidents_against
from tejido.protection.showing import head_of, title_of
from tejido.protection.walking import a_few
from tejido.vocabularies import vocabulary
from tejido.web.paging import Page
from tejido.web.wording import WORDS, page_language

_LEVELS: Final[dict[str, Level]] = {"better": "good", "same": "", "worse": "late", "unsure": "soon"}
_ON_ONE_PAGE: Final = 20
#: So many of the latest incidents are counted, and so many that nobody looked at are named.
_MOST_COUNTED: Final = 500
_MOST_NAMED: Final = 12


def reviews_page(plan: Plan, today: date, after: UUID | None = None, before: UUID | None = None) -> ReviewsPage:
    """Compose the page, in a constant number of queries; measures with their signs come a few at a time."""
    reviews, incidents = reviews_of(plan.pk), incidents_against(plan.collective_id, at_most=_MOST_COUNTED)
    adopted = plan.adopted_on.earliest if plan.adopted_on is not None else None
    dated = [(one, one.when.latest) for one in incidents if one.when is not None]
    told = [(str(one.pk), day) for one, day in dated] if adopted is not None or reviews else []
    unlooked = set(unlooked_at(told, map(review_facts, reviews), adopted or date.min))
    measures = [one for one in plan.measures.all() if one.placed_on is not None or one.works_sign or one.harm_sign]
    lines = a_few(measures, [one.pk for one in measures], size=_ON_ONE_PAGE, after=after, before=before)
    signs = _signs(lines.rows)
    days = [one.when.earliest for one in incidents if one.when is not None]
    head = head_of(plan)
    return ReviewsPage(
        plan=plan.pk,
        title=head.title,
        group=head.group,
        open=plan.status != "closed",
        reviews=tuple(_line(one) for one in reviews),
        unlooked=tuple(_incident(one) for one, _day in dated if str(one.pk) in unlooked)[:_MOST_NAMED],
        before_after=_whole(adopted, days, today),
        compared=Page(
            tuple(_compared(one, signs[one.pk], days, today) for one in lines.rows), lines.after, lines.before
        ),
    )


def _line(review: Review) -> ReviewLine:
    facts = (
        (N_("Held"), review.held),
        (N_("Did not hold"), review.failed),
        (N_("Did harm"), review.harmed),
        (N_("We change"), review.to_change),
    )
    kind = vocabulary("review_kinds").label(review.kind, page_language())
    return ReviewLine(
        when=_when(review.held_on),
        kind=f"{kind}: {_incident(review.incident)}" if review.incident is not None else kind,
        present=review.present,
        facts=tuple((_(words), value) for words, value in facts if value),
        asked=tuple(one.sentence(WORDS, page_language()) for one in prompts_on(review_facts(review))),
    )


def _whole(adopted: date | None, days: list[date], today: date) -> str:
    """Say what can be counted before and since the group adopted its plan, and how little it proves."""
    return before_and_after(adopted, days, today).sentence(WORDS) if adopted is not None else ""


def _signs(measures: Sequence[Measure]) -> dict[UUID, list[SignSeen]]:
    found: dict[UUID, list[SignSeen]] = defaultdict(list)
    for one in SignSeen.objects.filter(measure__in=measures).order_by("-seen_week", "-born", "id"):
        found[one.measure_id].append(one)
    return found


def _compared(measure: Measure, signs: list[SignSeen], days: list[date], today: date) -> ComparedLine:
    placed = measure.placed_on.earliest if measure.placed_on is not None else None
    told = before_and_after(placed, days, today).sentence(WORDS) if placed is not None else ""
    return ComparedLine(
        id=measure.pk,
        title=title_of(measure),
        works_sign=measure.works_sign,
        harm_sign=measure.harm_sign,
        signs=tuple(_sign(one) for one in signs[:3]),
        before_after=told,
    )


def _sign(one: SignSeen) -> SignLine:
    label = vocabulary("sign_directions").label(one.direction, page_language())
    return SignLine(_LEVELS.get(one.direction, ""), label, _when(one.seen_on), one.words)


def _incident(incident: Incident) -> str:
    return (
        f"{incident.title} · {incident.when.short(page_language())}" if incident.when is not None else incident.title
    )


def _when(when: ImpreciseDate | None) -> str:
    return when.words(page_language()) if when is not None else ""
