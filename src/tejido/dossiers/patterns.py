"""*Patterns*: what recurs, each with its incidents and how sure it is; often that nothing stands out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tejido.domain.errors import BadInput
from tejido.dossiers.lines import lines_of
from tejido.dossiers.pages import IncidentLine
from tejido.dossiers.ways import way
from tejido.dossiers.wrong_pages import Wrong, wrong_of
from tejido.readings.naming import called
from tejido.readings.patterns import Recurring, Recurs, what_recurs
from tejido.readings.patterns_words import how_sure, occasions_typed, say_recurring
from tejido.readings.queries import objections_to_patterns
from tejido.web.wording import WORDS, page_language

#: How many patterns are shown, and of each how many incidents, the first.
MOST_SHOWN = 12
MOST_ROWS = 5


@dataclass(frozen=True)
class PatternLine:
    """One pattern: the sentence, how sure, and some of the incidents that make it up."""

    sentence: str
    sure: str
    many: int
    rows: tuple[IncidentLine, ...]
    wrong: Wrong


@dataclass(frozen=True)
class PatternsPage:
    """What stands out, what was looked at, and the occasions as they were typed."""

    rows: tuple[PatternLine, ...]
    recurs: Recurs
    typed: str
    mistake: str


def patterns_page(typed: str, *, today: date, by: UUID | None = None) -> PatternsPage:
    """Compose the page for member ``by``; days that cannot be read become a sentence, and what was typed stays."""
    lang, mistake, occasions = page_language(), "", dict[str, list[date]]()
    try:
        occasions = occasions_typed(typed, today=today, lang=lang)
    except BadInput as slip:
        mistake = slip.sentence(WORDS)
    recurs = what_recurs(today=today, occasions=occasions)
    shown = recurs.found[:MOST_SHOWN]
    lines = _lines(shown)
    names, said = names_in(shown), objections_to_patterns()
    rows = tuple(
        PatternLine(
            say_recurring(one, names, lang, WORDS), how_sure(one.q, WORDS), len(one.incidents),
            tuple(lines[incident] for incident in one.incidents[:MOST_ROWS] if incident in lines),
            wrong_of(said, one.key, by=by, add="" if one.of_occasion else way("dossiers:wrong_pattern", one.key)),
        )
        for one in shown
    )  # fmt: skip
    return PatternsPage(rows, recurs, typed, mistake)


def names_in(found: Sequence[Recurring]) -> dict[UUID, str]:
    """Return what the collectives and aggressors of some patterns are called: one query."""
    wanted = [actor for one in found for actor in (one.subject, one.by) if actor is not None]
    return {UUID(actor): one.name for actor, one in called(wanted, WORDS).items()}


def _lines(found: Sequence[Recurring]) -> Mapping[UUID, IncidentLine]:
    wanted = list(dict.fromkeys(incident for one in found for incident in one.incidents[:MOST_ROWS]))
    told = {line.href: line for line in lines_of(wanted)}
    return {one: told[href] for one in wanted for href in told if str(one) in href}
