"""How the rules speak without knowing a language.

The rules of this package give reasons in sentences. They do not choose a language: whoever calls them passes
``words``, anything with ``gettext`` and ``ngettext`` (the standard library's ``gettext.GNUTranslations`` and
``django.utils.translation`` both do). Message ids are English sentences marked with ``N_`` where they are not
passed to ``words`` directly, so that the extractor finds them.
"""

from __future__ import annotations

import gettext as _stdlib_gettext
from typing import Protocol


class Words(Protocol):
    """A translator: the two calls of gettext that the rules need."""

    def gettext(self, message: str, /) -> str:
        """Return ``message`` in the reader's language."""

    def ngettext(self, singular: str, plural: str, n: int, /) -> str:
        """Return the form of the message that fits the count ``n``."""


#: Words left as they stand in the source: English.
ENGLISH: Words = _stdlib_gettext.NullTranslations()


def N_(message: str) -> str:  # noqa: N802  (the customary gettext name)
    """Mark ``message`` for translation later, by whoever shows it."""
    return message
