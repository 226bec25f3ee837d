"""How a group sees its own fabric, thread by thread, and how that moves from one session to the next.

With a strong social fabric the risk usually goes down (Protection International, *Communities are human rights
defenders*). The threads are looked at one by one; no strength of the whole is worked out of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tejido.domain.assessment import STEPS
from tejido.domain.errors import BadInput
from tejido.domain.words import ENGLISH, N_, Words

#: The nine threads (codes of the list ``assessment_threads``).
THREADS: Final = (
    "trust", "participation", "shared_leadership", "mutual_aid", "belonging", "network_reach", "capacity_to_decide",
    "voice", "recovery",
)  # fmt: skip

_NOT_A_STEP: Final = N_("A thread is one of five. What you typed was kept; choose 1, 2, 3, 4 or 5, or none.")
_NO_THREAD: Final = N_("A thread was named that is not one of the nine. Nothing was changed; choose another.")


@dataclass(frozen=True, slots=True)
class FabricPicture:
    """What a group said of its threads at one session; a thread it did not speak of is not there."""

    steps: Mapping[str, int]

    def __post_init__(self) -> None:
        if not self.steps.keys() <= set(THREADS):
            raise BadInput(_NO_THREAD)
        if any(isinstance(step, bool) or step not in STEPS for step in self.steps.values()):
            raise BadInput(_NOT_A_STEP)


def moved(before: FabricPicture, now: FabricPicture) -> dict[str, int]:
    """Return the threads both pictures speak of: 1 where it is firmer, -1 where it is looser, 0 where it stayed.

    How far it moved is not said: the five steps are an order, not a measure.
    """
    return {
        thread: (now.steps[thread] > before.steps[thread]) - (now.steps[thread] < before.steps[thread])
        for thread in THREADS
        if thread in before.steps and thread in now.steps
    }


def fabric_changes(
    pictures: Sequence[FabricPicture], labels: Mapping[str, str], words: Words = ENGLISH
) -> tuple[str, ...]:
    """Say what became firmer and what became looser between the last two pictures, the earlier first."""
    if len(pictures) < 2:
        return ()
    told, way = [], moved(pictures[-2], pictures[-1])
    if firmer := [labels.get(thread, thread) for thread, step in way.items() if step > 0]:
        told.append(words.gettext("Firmer than last time: {names}.").format(names=", ".join(firmer)))
    if looser := [labels.get(thread, thread) for thread, step in way.items() if step < 0]:
        told.append(words.gettext("Looser than last time: {names}.").format(names=", ".join(looser)))
    return tuple(told)
