"""Plans as the catalogue lists and searches them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tejido.domain.names import sort_key
from tejido.protection.models import Plan
from tejido.vault.catalogue import Line, Noun
from tejido.vocabularies import LANGUAGES, vocabulary


def plan_line(plan: Plan) -> Line:
    """Return the line of a plan: it sorts by its group's name, which is also its note."""
    group = plan.collective.usual_name
    return Line(
        id=plan.pk,
        label=plan.title or group,
        order=sort_key(group),
        text="\n".join([group, plan.words, *_said(plan)]),
        facets=(f"status:{plan.status}", f"collective:{plan.collective_id}"),
        note=group,
    )


def _said(plan: Plan) -> Iterator[str]:
    measures = vocabulary("measures")
    for threat in plan.threats.all():
        yield f"{threat.words} {threat.origin}"
    for measure in plan.measures.all():
        yield f"{measure.title} {measure.owner_words}"
        if measure.code in measures:
            yield " ".join(measures.label(measure.code, lang) for lang in LANGUAGES)


PLANS: Final[Noun[Plan]] = Noun("plan", Plan, plan_line, prefetch=("threats", "measures"), related=("collective",))
