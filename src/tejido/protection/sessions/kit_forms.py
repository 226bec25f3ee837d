"""Forms to write the results of a meeting on, in the order of the page on which they are typed in afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from tejido.domain.assessment import ASPECT_WORDS, ASPECTS
from tejido.protection.sessions.forms import title_of
from tejido.protection.sessions.kit_cards import five_asks, step_name
from tejido.protection.sessions.kit_parts import PaperPage, Piece, dots, head, lines, say
from tejido.protection.sessions.kit_posters import FEWEST_ROWS, threats_named, wheel_labels
from tejido.protection.sessions.models import Assessment
from tejido.protection.sessions.queries import ModuleKnown
from tejido.vocabularies import vocabulary
from tejido.web.wording import page_language


def forms_for(session: Assessment, modules: Sequence[ModuleKnown]) -> list[PaperPage]:
    """Return the forms of a session: who was there, then each step with lines and circles."""
    told: list[tuple[str, tuple[Piece, ...]]] = [
        (title_of(session), tuple(_head())),
        (step_name("threats"), tuple(_threats(session))),
        (step_name("work"), tuple(_work())),
        (step_name("interests"), (lines(2, _("against")), lines(2, _("undecided")), lines(2, _("in favour")))),
        (step_name("components"), tuple(_components())),
        (step_name("pictures"), tuple(_pictures(session))),
        (step_name("unspoken"), tuple(_absent())),
        *_asked(modules),
        (step_name("priorities"), tuple(_priorities(session))),
        (step_name("wheel"), (*(dots(label, to_write=0) for label in wheel_labels(session)), _seen())),
        (step_name("fabric"), (*_threads(), _seen())),
    ]
    whose = session.collective.usual_name
    return [PaperPage(whose if not at else "", title, parts, fresh=not at) for at, (title, parts) in enumerate(told)]


def _head() -> Iterator[Piece]:
    yield lines(1, _("When, and where?"))
    yield lines(1, _("In which language do you talk? Who guides the talk?"))
    yield lines(1, _("How many people take part in all?"))
    yield lines(2, _("And of which groups, as people call themselves?"))


def _work() -> Iterator[Piece]:
    yield lines(2, _("What do we defend, and what do we do for it?"))
    yield lines(2, _("What would we not give up, whatever happens?"))
    yield lines(2, _("What do we already do to look after each other?"))


def _absent() -> Iterator[Piece]:
    for one in vocabulary("assessment_absent"):
        yield lines(1, one.text("question", page_language()))


def _asked(modules: Sequence[ModuleKnown]) -> Iterator[tuple[str, tuple[Piece, ...]]]:
    lang = page_language()
    for one in modules:
        yield one.module.title(lang), tuple(lines(1, ask.question(lang)) for ask in one.module.prompts)


def _with_room(session: Assessment) -> list[str]:
    """Return the threats of a session whole, and room for those nobody has named yet."""
    named = threats_named(session)
    return [*named, *[""] * max(FEWEST_ROWS - len(named), 0)]


def _threats(session: Assessment) -> Iterator[Piece]:
    for words in _with_room(session):
        yield head(words or "…")
        for ask in five_asks():
            yield lines(1, ask)


def _components() -> Iterator[Piece]:
    for one in vocabulary("assessment_components"):
        label = one.label(page_language())
        yield head(label[:1].upper() + label[1:])
        for ask in (_("exposes us"), _("protects us"), _("we can change")):
            yield lines(1, ask)


def _pictures(session: Assessment) -> Iterator[Piece]:
    yield say(_("Words first; the circles only beside them. Write down who saw it otherwise."), quiet=True)
    for words in _with_room(session):
        yield head(words or "…")
        for aspect in ASPECTS:
            yield dots(_(ASPECT_WORDS[aspect]), to_write=1)
        yield lines(1, _("Who saw it otherwise, and how?"))


def _priorities(session: Assessment) -> Iterator[Piece]:
    yield say(_("By vote or by consensus? Write votes or places beside each."), quiet=True)
    for words in _with_room(session):
        yield lines(1, words or "…")
    yield lines(1, _("Why this order?"))
    yield lines(1, _("Who saw it otherwise, and how?"))


def _threads() -> Iterator[Piece]:
    for one in vocabulary("assessment_threads"):
        label = one.label(page_language())
        yield dots(label[:1].upper() + label[1:], one.definition(page_language()), to_write=0)


def _seen() -> Piece:
    return lines(2, _("What do we see in this picture?"))
