"""The help page: its words stand in the template; the glossary and the weights come from where they are kept."""

from __future__ import annotations

from tejido.domain.ties import TIE_WEIGHTS
from tejido.dossiers.pages import GlossaryPart, HelpPage
from tejido.vocabularies import vocabulary
from tejido.web.wording import page_language

#: The lists whose words people meet on every page.
_LISTS = ("actor_kinds", "tie_kinds", "verifications", "involvements", "audiences", "decision_modes", "coarseness")


def help_content() -> HelpPage:
    """Compose the page."""
    lang = page_language()
    kinds = vocabulary("tie_kinds")
    return HelpPage(
        glossary=tuple(GlossaryPart(vocabulary(name).title(lang), _terms(name, lang)) for name in _LISTS),
        weights=tuple(
            (kinds.label(kind, lang), round(weight.forward * 100), round(weight.backward * 100))
            for kind, weight in TIE_WEIGHTS.items()
        ),
    )


def _terms(name: str, lang: str) -> tuple[tuple[str, str], ...]:
    return tuple((term.label(lang), term.definition(lang)) for term in vocabulary(name))
