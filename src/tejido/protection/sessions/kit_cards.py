"""Cards that go round: one for each question and each threat of a session, four on a sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from django.utils.translation import gettext as _

from tejido.protection.sessions.kit_parts import Card
from tejido.protection.sessions.models import Assessment
from tejido.protection.sessions.queries import ModuleKnown
from tejido.vocabularies import vocabulary
from tejido.web.wording import page_language

#: Empty cards for threats nobody has named yet.
_EMPTY: Final = 2


def cards_for(session: Assessment, modules: Sequence[ModuleKnown]) -> list[Card]:
    """Return the cards of a session, in the order of its steps."""
    return [*_opening(), *_threats(session), *_components(), *_absent(), *_asked(modules)]


def step_name(code: str) -> str:
    """Return what a step is called, to stand by itself."""
    label = vocabulary("assessment_steps").label(code, page_language())
    return label[:1].upper() + label[1:]


def _opening() -> Iterator[Card]:
    for code in ("work", "interests"):
        yield Card(
            step_name(code), vocabulary("assessment_steps").term(code).text("question", page_language()), lines=5
        )


def five_asks() -> tuple[str, ...]:
    """Return the five steps in a word each."""
    return (
        _("1 Facts"),
        _("2 Pattern"),
        _("3 What do they want?"),
        _("4 From whom?"),
        _("5 Could they do it?"),
    )


def _threats(session: Assessment) -> Iterator[Card]:
    named = [threat.words for threat in session.threats.all()]
    for words in [*named, *[""] * _EMPTY]:
        yield Card(step_name("threats"), words, five_asks(), lines=0)


def _components() -> Iterator[Card]:
    asks = (_("exposes us"), _("protects us"), _("we can change"))
    for one in vocabulary("assessment_components"):
        label = one.label(page_language())
        yield Card(step_name("components"), label[:1].upper() + label[1:], asks, lines=1)


def _absent() -> Iterator[Card]:
    for one in vocabulary("assessment_absent"):
        yield Card(step_name("unspoken"), one.text("question", page_language()), lines=4)


def _asked(modules: Sequence[ModuleKnown]) -> Iterator[Card]:
    for known in modules:
        for prompt in known.module.prompts:
            yield Card(known.module.title(page_language()), prompt.question(page_language()), lines=4)
