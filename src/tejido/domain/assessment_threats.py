"""Looking into a threat in five steps, each resting on those before it.

Source: Protection International, *New Protection Manual for Human Rights Defenders*: the facts, the pattern over
time, the objective, who is making it, and then a reasonable conclusion whether it can be carried out. The source of
a threat is the easiest part to get wrong: a signature can be false, so it comes fourth.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from tejido.domain.words import ENGLISH, N_, Words

Step = Literal["facts", "pattern", "objective", "source", "conclusion"]
FIVE_STEPS: Final[tuple[Step, ...]] = ("facts", "pattern", "objective", "source", "conclusion")

_NEEDED: Final[dict[Step, str]] = {
    "facts": N_("the facts"),
    "pattern": N_("the pattern"),
    "objective": N_("what they want"),
    "source": N_("whom it comes from"),
    "conclusion": N_("the conclusion"),
}


@dataclass(frozen=True, slots=True)
class ThreatLook:
    """What a group wrote at each of the five steps; ``incidents`` is how many it was seen in."""

    facts: str = ""
    pattern: str = ""
    objective: str = ""
    source: str = ""
    conclusion: str = ""
    incidents: int = 0

    def said(self, step: Step) -> bool:
        """Whether a step was answered; incidents on record are facts too."""
        text: str = getattr(self, step)
        return bool(text.strip()) or (step == "facts" and self.incidents > 0)

    @property
    def reached(self) -> int:
        """How many steps were taken in their order, 0 to 5."""
        return next((at for at, step in enumerate(FIVE_STEPS) if not self.said(step)), len(FIVE_STEPS))

    @property
    def next_step(self) -> Step | None:
        """The first step that was not taken; ``None`` when all were."""
        return FIVE_STEPS[self.reached] if self.reached < len(FIVE_STEPS) else None


@dataclass(frozen=True, slots=True)
class Prompt:
    """Something to talk about again: the sentence, the reason, and a way out."""

    about: Step
    sentence: str
    why: str
    way_out: str


def prompts_for(look: ThreatLook, words: Words = ENGLISH) -> tuple[Prompt, ...]:
    """Return what the order of the five steps asks the group to look at again; nothing forbids going on.

    A source named before the first three steps, and a conclusion drawn before the other four, are spoken of.
    """
    return tuple(_prompts(look, words))


def _prompts(look: ThreatLook, words: Words) -> Iterator[Prompt]:
    missing = [step for step in FIVE_STEPS[:3] if not look.said(step)]
    if look.said("source") and missing:
        yield Prompt(
            "source",
            words.gettext("You name whom it comes from before you wrote down {missing}.").format(
                missing=_listed(missing, words)
            ),
            words.gettext(
                "Whoever threatens can sign with another's name; the first three steps show whether it fits."
            ),
            words.gettext("Write down what you know of these, or leave the source open for now."),
        )
    missing = [step for step in FIVE_STEPS[:4] if not look.said(step)]
    if look.said("conclusion") and missing:
        yield Prompt(
            "conclusion",
            words.gettext("You draw a conclusion before you wrote down {missing}.").format(
                missing=_listed(missing, words)
            ),
            words.gettext("A conclusion that rests on little tends to follow fear, or habit."),
            words.gettext("Look at these once more, and write “we do not know” where that is so."),
        )


def _listed(steps: list[Step], words: Words) -> str:
    told = [words.gettext(_NEEDED[step]) for step in steps]
    if len(told) == 1:
        return told[0]
    return words.gettext("{first} and {last}").format(first=", ".join(told[:-1]), last=told[-1])
