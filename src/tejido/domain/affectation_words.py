"""The paths of affectation in plain words; each phrase follows the name of the affected actor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tejido.domain.ties import Hop
from tejido.domain.words import N_, Words

#: By kind of tie: what is said of ``to`` when harm comes from ``frm``, and of ``frm`` when it comes from
#: ``to``.
TIE_PHRASES: Mapping[str, tuple[str, str]] = {
    "member_of": (N_("counts {other} among its members"), N_("belongs to {other}")),
    "leads": (N_("is led by {other}"), N_("leads {other}")),
    "family_of": (N_("is family of {other}"), N_("is family of {other}")),
    "works_with": (N_("works with {other}"), N_("works with {other}")),
    "allied_with": (N_("is allied with {other}"), N_("is allied with {other}")),
    "accompanies": (N_("is accompanied by {other}"), N_("accompanies {other}")),
    "contact_of": (N_("is in contact with {other}"), N_("is in contact with {other}")),
    "part_of": (N_("has {other} as a part of it"), N_("is part of {other}")),
    "duty_towards": (N_("is owed a duty by {other}"), N_("has a duty towards {other}")),
    "has_interest_in": (N_("is of interest to {other}"), N_("has an interest in {other}")),
    "controls": (N_("is controlled by {other}"), N_("controls {other}")),
    "threatens": (N_("is threatened by {other}"), N_("threatens {other}")),
}
_OTHER_TIE = N_("is tied to {other}")

#: By kind of the collective both belong to.
SHARED_PHRASES: Mapping[str, str] = {
    "family": N_("belongs to the same family ({collective}) as {other}"),
    "community": N_("belongs to the same community ({collective}) as {other}"),
    "group": N_("belongs to the same group ({collective}) as {other}"),
    "organisation": N_("belongs to the same organisation ({collective}) as {other}"),
    "movement": N_("belongs to the same movement ({collective}) as {other}"),
    "network": N_("belongs to the same network ({collective}) as {other}"),
    "institution": N_("belongs to the same institution ({collective}) as {other}"),
    "company": N_("belongs to the same company ({collective}) as {other}"),
    "armed_group": N_("belongs to the same armed group ({collective}) as {other}"),
    "medium": N_("belongs to the same news medium ({collective}) as {other}"),
}
_SHARED = N_("belongs, like {other}, to {collective}")


def chain_words(hops: Sequence[Hop], *, names: Mapping[str, str], kinds: Mapping[str, str], words: Words) -> str:
    """Return a chain of ties, told from the affected actor back to the one attacked.

    For instance ``is family of Ana, who leads the Junta``.
    """
    told: list[tuple[str, str]] = []
    left = list(hops)
    while left:
        last = left.pop()
        if left and _shares_collective(left[-1], last):
            before = left.pop()
            phrase = words.gettext(SHARED_PHRASES.get(kinds.get(last.source, ""), _SHARED))
            collective = _name(last.source, names, words)
            other = before.source
            told.append((phrase.format(collective=collective, other=_name(other, names, words)), other))
        else:
            phrases = TIE_PHRASES.get(last.kind, (_OTHER_TIE, _OTHER_TIE))
            phrase = words.gettext(phrases[0] if last.forward else phrases[1])
            told.append((phrase.format(other=_name(last.source, names, words)), last.source))
    return _joined(told, kinds, words)


def _shares_collective(before: Hop, last: Hop) -> bool:
    return before.kind == last.kind == "member_of" and before.forward and not last.forward


def _joined(told: list[tuple[str, str]], kinds: Mapping[str, str], words: Words) -> str:
    sentence, spoken_of = told[0]
    for phrase, source in told[1:]:
        if kinds.get(spoken_of) == "person":
            joined = words.gettext("{first}, who {rest}")
        else:
            joined = words.gettext("{first}, which {rest}")
        sentence, spoken_of = joined.format(first=sentence, rest=phrase), source
    return sentence


def _name(actor: str, names: Mapping[str, str], words: Words) -> str:
    return names.get(actor) or words.gettext("somebody unnamed")


def aggressor_sentence(days: int, words: Words) -> str:
    """Return how long before (negative) or after the same aggressor attacked the actor."""
    if days == 0:
        return words.gettext("the same aggressor attacked it at about the same time")
    count = abs(days)
    if days < 0:
        return words.ngettext(
            "the same aggressor attacked it {count} day before",
            "the same aggressor attacked it {count} days before",
            count,
        ).format(count=count)
    return words.ngettext(
        "the same aggressor attacked it {count} day after",
        "the same aggressor attacked it {count} days after",
        count,
    ).format(count=count)


def territory_sentence(km: float | None, words: Words, lang: str) -> str:
    """Return how near the actor lives: the very place (0), a wider or narrower one (none), or kilometres."""
    if km is None:
        return words.gettext("lives in the surroundings of the same place")
    if km == 0:
        return words.gettext("lives in the same place")
    if km < 1:
        return words.gettext("lives less than 1 km away")
    return words.gettext("lives {km} km away").format(km=_kilometres(km, lang))


def _kilometres(km: float, lang: str) -> str:
    """Return whole kilometres from ten upwards, one decimal below, with the decimal sign of the language."""
    if km >= 9.95:
        return f"{km:.0f}"
    text = f"{km:.1f}".removesuffix(".0")
    return text if lang.startswith("en") else text.replace(".", ",")
