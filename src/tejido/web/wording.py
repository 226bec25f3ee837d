"""The language of the page, and sentences said in it."""

from __future__ import annotations

from typing import Final

from django.utils import translation

from tejido.domain.errors import TejidoError

#: What stands between thousands, by language; a space that does not break where none is named.
_BETWEEN_THOUSANDS: Final = {"en": ",", "es": ".", "pt": "."}


def page_language() -> str:
    """Return the plain code of the language the page speaks, such as ``es``."""
    return (translation.get_language() or "en").split("-", 1)[0]


class Counted(int):
    """A number of things, printed with its thousands apart as the language of the page has it: 1,391 or 1.391.

    It still counts as a number, so that a sentence finds its plural. Never for years, ids or values of forms.
    """

    def __str__(self) -> str:
        return format(int(self), ",").replace(",", _BETWEEN_THOUSANDS.get(page_language(), "\u202f"))

    __format__ = object.__format__


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
