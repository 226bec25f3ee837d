"""A recovery key on several sheets of paper: so many of them together yield it, fewer yield nothing.

The sheets hold shares after SLIP-0039, of 33 words each, as other programs read them too; the split is that of
``guardians``. Unlike a guardian's share a sheet is sealed to nobody: whoever holds enough of them holds the key.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Final

from shamir_mnemonic import Share, combine_mnemonics
from shamir_mnemonic.utils import MnemonicError

from tejido.domain.errors import BadInput
from tejido.domain.words import N_
from tejido.vault.guardians import split
from tejido.vault.passphrase import Stretched
from tejido.vault.recovery_words import from_words
from tejido.vault.seal import derive

#: Words of one share of a secret of 32 bytes.
WORDS: Final = 33
_MANY = N_("A sheet has {wanted} words, and {given} were given in all. Nothing was changed; look at the sheets again.")
_SLIP = N_("The words of sheet {place}, as they were typed, are no sheet's. Nothing was changed; look at it again.")
_FEW = N_("These are {given} sheets, and {needed} are needed. Nothing was changed; type one more.")
_OTHERS = N_("These sheets do not belong together: they were made at different times. Nothing was changed.")


def sheets_of(root: bytes, *, needed: int, many: int) -> list[str]:
    """Return the words of ``many`` sheets, of which any ``needed`` yield ``root``; ``BadInput`` as for guardians."""
    return split(root, needed=needed, many=many)


def root_from(text: str) -> bytes:
    """Return what was split, from the words of as many sheets as are needed, one after the other, in any order.

    Numbers before words do not matter, nor a sheet that was typed twice. Raises ``BadInput``, saying what is wrong.
    """
    words = _words(text)
    if not words or len(words) % WORDS:
        raise BadInput(_MANY, wanted=WORDS, given=len(words))
    typed = [" ".join(words[at : at + WORDS]) for at in range(0, len(words), WORDS)]
    shares = {share.index: text for share, text in zip(_shares(typed), typed, strict=True)}
    needed = _shares(typed)[0].member_threshold
    if len(shares) < needed:
        raise BadInput(_FEW, given=len(shares), needed=needed)
    try:
        return bytes(combine_mnemonics(list(shares.values())[:needed]))
    except (MnemonicError, ValueError):
        raise BadInput(_OTHERS) from None


def root_of_sheets(text: str) -> bytes:
    """Return the root of a recovery key, from its words on one sheet or from several sheets of shares."""
    words = _words(text)
    return root_from(text) if words and len(words) % WORDS == 0 else from_words(text)


def way_of_paper(root: bytes) -> Stretched:
    """Return what names and opens the slot of a recovery key on sheets; it is random, so it need not be stretched."""
    return Stretched(verifier=derive(root, "paper name"), key=derive(root, "paper key"))


def _words(text: str) -> list[str]:
    given = [word.strip(".,:;") for word in unicodedata.normalize("NFKC", text).casefold().split()]
    return [word for word in given if word and not word.isdigit()]


def _shares(typed: Sequence[str]) -> list[Share]:
    found = []
    for place, words in enumerate(typed, start=1):
        try:
            found.append(Share.from_mnemonic(words))
        except (MnemonicError, ValueError):
            raise BadInput(_SLIP, place=place) from None
    return found
