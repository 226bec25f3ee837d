"""Names as people write them: one usual form, a key to find likely doubles, and how alike two names are."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

#: Letters that have no accent to take off but are written without their mark all the same.
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
#: Particles that people leave out or put in: "de la Cruz", "Cruz".
_PARTICLES = frozenset(["de", "del", "la", "las", "los", "el", "da", "do", "das", "dos", "y", "e", "d"])


def usual_form(text: str) -> str:
    """Return ``text`` composed (NFC), without control, bidirectional and unseen characters, blanks as one."""
    composed = unicodedata.normalize("NFC", text)
    if composed.isprintable():  # most are: there is nothing to take out
        return unicodedata.normalize("NFC", " ".join(composed.split()))
    seen = "".join(_visible(letter) for letter in composed)
    return unicodedata.normalize("NFC", " ".join(seen.split()))


def _visible(letter: str) -> str:
    """Return the letter, a blank for a separating control, or nothing for what cannot be seen."""
    if letter.isspace():
        return " "
    return "" if unicodedata.category(letter) in {"Cc", "Cf", "Co", "Cs", "Cn"} else letter


def match_key(text: str) -> str:
    """Return the key under which likely doubles meet: no accents, case or punctuation, words sorted."""
    return " ".join(sorted(_tokens(text)))


def sort_key(text: str) -> str:
    """Return the key for alphabetical order: no accents, case or punctuation, words as written."""
    return " ".join(_tokens(text))


@lru_cache(maxsize=4096)
def _tokens(text: str) -> tuple[str, ...]:
    folded = unicodedata.normalize("NFKD", usual_form(text)).casefold().translate(_PLAIN)
    folded = unicodedata.normalize("NFKD", folded)
    plain = "".join(_letter_or_blank(letter) for letter in folded if not unicodedata.combining(letter))
    return tuple(plain.split())


def _letter_or_blank(letter: str) -> str:
    if letter in "'’ʼ`´":
        return ""
    return letter if letter.isalnum() else " "


def likeness(a: str, b: str) -> float:
    """Return how alike two names are, from 0 to 1; the order of the words does not matter.

    Every word of the shorter name is paired with the word of the longer one most like it (Jaro-Winkler,
    Winkler 1990), each word once. A word left over weighs little, as with double surnames of which one is
    often left out ("Juan Pérez" and "Juan Pérez Soto"); an initial counts for a name that begins with it.
    Empty names are alike only to nobody: the answer is 0.
    """
    one, other = sorted((_words(a), _words(b)), key=lambda words: (len(words), words))
    if not one:
        return 0.0
    if one == other:
        return 1.0
    matched = _paired(one, other)
    weight = sum(max(len(word), 2) for word in one)
    alike = sum(score * max(len(word), 2) for word, score in zip(one, matched, strict=True)) / weight
    left_over = len(other) - len(one)
    thin = 0.75 if len(one) == 1 and left_over else 1.0
    return alike * thin * max(0.5, 1.0 - 0.05 * left_over)


def _words(text: str) -> tuple[str, ...]:
    tokens = sorted(_tokens(text))
    told = tuple(token for token in tokens if token not in _PARTICLES)
    return told or tuple(tokens)


def _paired(short: tuple[str, ...], long: tuple[str, ...]) -> list[float]:
    """Pair words greedily, the most alike first; return the score of each word of ``short``."""
    pairs = sorted(
        ((_alike(word, other), place, where) for place, word in enumerate(short) for where, other in enumerate(long)),
        key=lambda pair: (-pair[0], pair[1], pair[2]),
    )
    scores: dict[int, float] = {}
    taken: set[int] = set()
    for score, place, where in pairs:
        if place not in scores and where not in taken:
            scores[place] = score
            taken.add(where)
    return [scores[place] for place in range(len(short))]


def _alike(a: str, b: str) -> float:
    if a == b:
        return 1.0
    if min(len(a), len(b)) == 1:
        return 0.8 if a[0] == b[0] else 0.0
    return jaro_winkler(*sorted((a, b)))


def jaro_winkler(a: str, b: str) -> float:
    """Return the Jaro similarity raised for up to four shared first letters (Winkler 1990, p = 0.1)."""
    jaro = _jaro(a, b)
    shared = 0
    for one, other in zip(a[:4], b[:4], strict=False):
        if one != other:
            break
        shared += 1
    return jaro + shared * 0.1 * (1.0 - jaro)


def _jaro(a: str, b: str) -> float:
    if not a or not b:
        return 0.0
    window = max(max(len(a), len(b)) // 2 - 1, 0)
    free = [True] * len(b)
    in_a: list[str] = []
    for place, letter in enumerate(a):
        for where in range(max(0, place - window), min(len(b), place + window + 1)):
            if free[where] and b[where] == letter:
                free[where] = False
                in_a.append(letter)
                break
    if not in_a:
        return 0.0
    in_b = [letter for letter, is_free in zip(b, free, strict=True) if not is_free]
    moved = sum(one != other for one, other in zip(in_a, in_b, strict=True)) / 2
    found = len(in_a)
    return (found / len(a) + found / len(b) + (found - moved) / found) / 3
