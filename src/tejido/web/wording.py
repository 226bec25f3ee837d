"""The language of the page, and sentences said in it."""

from __future__ import annotations

from django.utils import translation

from tejido.domain.errors import TejidoError


def page_language() -> str:
    """Return the plain code of the language the page speaks, such as ``es``."""
    return (translation.get_language() or "en").split("-", 1)[0]


class PageWords:
    """Django's translations as the ``words`` that the rules speak through."""

    def gettext(self, message: str, /) -> str:
        return translation.gettext(message)

    def ngettext(self, singular: str, plural: str, n: int, /) -> str:
        return translation.ngettext(singular, plural, n)


#: Speaks whatever language is active when it is asked.
WORDS = PageWords()


def sentence_of(error: TejidoError) -> str:
    """Return what an error says to the user, in the language of the page."""
    return error.sentence(WORDS)
