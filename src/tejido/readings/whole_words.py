"""The fabric of the whole circle in sentences."""

from __future__ import annotations

from tejido.domain.words import Words
from tejido.readings.fabric_words import Said
from tejido.readings.whole_fabric import Whole


def say_whole(whole: Whole, words: Words) -> tuple[Said, ...]:
    """Return what is seen of the whole, in the order in which people ask."""
    return tuple(one for one in (_together(whole, words), _alone(whole, words)) if one is not None)


def _together(whole: Whole, words: Words) -> Said | None:
    if whole.parts_total == 0:
        return None
    if whole.parts_total == 1 and not whole.alone:
        said = words.gettext("All {n} collectives hang together by the ties that are written down.")
        return Said("together", said.format(n=whole.collectives))
    said = words.ngettext(
        "Of {all} collectives, {most} hang together.",
        "The collectives stand in {n} parts without a recorded tie between them; in the largest there are {most} of "
        "{all}.",
        whole.parts_total,
    )
    numbers = {"n": whole.parts_total, "most": whole.parts[0].many, "all": whole.collectives}
    return Said("together", said.format(**numbers), asks=whole.parts_total > 1)


def _alone(whole: Whole, words: Words) -> Said | None:
    if not whole.alone:
        return None
    said = words.ngettext(
        "{n} collective is tied to no other, neither directly nor over people. It may only be that its ties are not "
        "written down.",
        "{n} collectives are tied to no other, neither directly nor over people. It may only be that their ties are "
        "not written down.",
        whole.alone,
    )
    return Said("together", said.format(n=whole.alone), asks=True)


def say_people(whole: Whole, words: Words) -> Said:
    """Return how many people hold collectives together alone."""
    if not whole.people_total:
        return Said("on_one", words.gettext("No one person alone holds collectives together: without any one of them, "
                                            "what hangs together still would."))  # fmt: skip
    said = words.ngettext(
        "One person alone holds collectives together that would stand apart without them.",
        "Each of {n} people alone holds collectives together that would stand apart without them.",
        whole.people_total,
    )
    return Said("on_one", said.format(n=whole.people_total), asks=True)


def say_groups(whole: Whole, words: Words) -> Said:
    """Return how many collectives and single ties hold others together alone."""
    if not (whole.groups_total or whole.bridges_total):
        return Said("on_one", words.gettext("No one collective and no one tie alone holds the others together."))
    said = words.gettext("Collectives that alone hold others together: {groups}. Ties that alone do: {ties}.")
    return Said("on_one", said.format(groups=whole.groups_total, ties=whole.bridges_total))
