"""A secret of 32 bytes as words to write on paper, with a word at the end that shows a slip of the pen.

Twenty words of the 7,776-word English list of the ``diceware`` package carry 258 bits; one more is a checksum.
"""

from __future__ import annotations

import hashlib
import unicodedata
from functools import cache
from typing import Final

import diceware.wordlist

from tejido.domain.errors import BadInput
from tejido.domain.words import N_

_WORDS: Final = 20
_BYTES: Final = 32
_UNKNOWN: Final = N_("The word in place {place} is not one of the list. Nothing was changed; look at the sheet again.")
_MANY: Final = N_("A recovery key has {wanted} words, and {given} were given. Nothing was changed; look at the sheet.")
_SLIP: Final = N_("One of the words is another than on the sheet, or two changed places. Nothing was changed.")


def as_words(secret: bytes) -> str:
    """Return ``secret`` (32 bytes) as twenty words and one that checks them."""
    words, rest, found = _list(), int.from_bytes(secret, "big"), []
    for _ in range(_WORDS):
        rest, digit = divmod(rest, len(words))
        found.append(words[digit])
    return " ".join([*found, words[_check(secret)]])


def from_words(text: str) -> bytes:
    """Return the secret that ``as_words`` wrote; ``BadInput`` says what is wrong with the words."""
    given = [word.strip(".,:;") for word in unicodedata.normalize("NFKC", text).casefold().split()]
    given = [word for word in given if word and not word.isdigit()]
    if len(given) != _WORDS + 1:
        raise BadInput(_MANY, wanted=_WORDS + 1, given=len(given))
    places = {word: digit for digit, word in enumerate(_list())}
    for place, word in enumerate(given, start=1):
        if word not in places:
            raise BadInput(_UNKNOWN, place=place)
    number = 0
    for word in reversed(given[:-1]):
        number = number * len(places) + places[word]
    if number >= 1 << (8 * _BYTES):
        raise BadInput(_SLIP)
    secret = number.to_bytes(_BYTES, "big")
    if places[given[-1]] != _check(secret):
        raise BadInput(_SLIP)
    return secret


def _check(secret: bytes) -> int:
    return int.from_bytes(hashlib.sha256(b"tejido recovery words" + secret).digest(), "big") % len(_list())


@cache
def _list() -> tuple[str, ...]:
    path = diceware.wordlist.get_wordlist_path("en_eff")
    return tuple(dict.fromkeys(word.casefold() for word in diceware.wordlist.WordList(path)))
