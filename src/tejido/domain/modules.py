"""Modules of a session: questions of their own for a kind of group, kept as data so that anybody can write one.

A module only asks. Capacity building disempowers when it is a list to be ticked off (Protection International and
the Centre for Applied Human Rights, *Rethinking the protection of human rights defenders*), so a module has no
scores, no required answers and no conclusions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tejido.domain.errors import BadInput
from tejido.domain.words import N_

#: The steps of a session at which a module may ask (codes of the list ``assessment_steps``).
STEPS: Final = (
    "work", "interests", "threats", "components", "pictures", "unspoken", "priorities", "wheel", "fabric",
)  # fmt: skip
MOST_PROMPTS: Final = 40
LONGEST_QUESTION: Final = 300

_CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_KEYS: Final = frozenset({"module", "title", "about", "source", "prompts"})
_PROMPT_KEYS: Final = frozenset({"key", "step", "question"})

_NO_MODULE: Final = N_(
    "This is no module: it begins with “module:”, “title:” and “prompts:”. Nothing was changed; compare it with the "
    "example."
)
_UNKNOWN_KEY: Final = N_("The module has a part that nobody knows, beside: {known}. Nothing was changed; take it out.")
_NO_CODE: Final = N_(
    "“{part}” must be a short name in small letters without accents or spaces, such as fisher_folk. Nothing was "
    "changed."
)
_NO_TEXT: Final = N_("“{part}” of the module says nothing. Nothing was changed; write it in at least one language.")
_TOO_LONG: Final = N_("“{part}” of the module is longer than {most} characters. Nothing was changed; shorten it.")
_NO_PROMPTS: Final = N_("The module asks nothing. Nothing was changed; write its questions below “prompts:”.")
_TOO_MANY: Final = N_("A module asks at most {most} questions: a meeting is short. Nothing was changed; choose.")
_BAD_PROMPT: Final = N_(
    "Question {at} of the module has other parts than: {known}. Nothing was changed; compare it with the example."
)
_NO_STEP: Final = N_("Question {at} of the module names no step. Nothing was changed; choose one of: {known}.")
_TWICE: Final = N_("Question {at} of the module has the key of another. Nothing was changed; give each its own.")


@dataclass(frozen=True, slots=True)
class ModulePrompt:
    """One question, asked at one step of the session; its text by language."""

    key: str
    step: str
    texts: Mapping[str, str]

    def question(self, lang: str) -> str:
        """Return the question in ``lang``, else in English, else in the language it was written in."""
        return said_in(self.texts, lang)


@dataclass(frozen=True, slots=True)
class Module:
    """A module: what it is called, for whom it is, where it comes from, and what it asks."""

    code: str
    titles: Mapping[str, str]
    abouts: Mapping[str, str]
    source: str
    prompts: tuple[ModulePrompt, ...]

    def title(self, lang: str) -> str:
        """Return what it is called in ``lang``."""
        return said_in(self.titles, lang)

    def about(self, lang: str) -> str:
        """Return for whom it is, in ``lang``."""
        return said_in(self.abouts, lang)

    def at(self, step: str) -> tuple[ModulePrompt, ...]:
        """Return what it asks at a step."""
        return tuple(prompt for prompt in self.prompts if prompt.step == step)


def said_in(texts: Mapping[str, str], lang: str) -> str:
    """Return the text in ``lang``, else the English one, else the first there is."""
    return texts.get(lang) or texts.get("en") or next(iter(texts.values()), "")


def read_module(raw: object) -> Module:
    """Return the module that a file says, as its reader gives it: nested mappings, lists and texts.

    Raises ``BadInput`` with a sentence that says which part or which question is to be looked at.
    """
    if not isinstance(raw, Mapping) or not {"module", "title", "prompts"} <= raw.keys():
        raise BadInput(_NO_MODULE)
    if not raw.keys() <= _KEYS:
        raise BadInput(_UNKNOWN_KEY, known=", ".join(sorted(_KEYS)))
    return Module(
        code=_code(raw["module"], "module"),
        titles=_texts(raw["title"], "title"),
        abouts=_texts(raw["about"], "about") if raw.get("about") else {},
        source=_text(raw.get("source") or "", "source"),
        prompts=_prompts(raw["prompts"]),
    )


def _prompts(raw: object) -> tuple[ModulePrompt, ...]:
    if not isinstance(raw, Sequence) or isinstance(raw, str) or not raw:
        raise BadInput(_NO_PROMPTS)
    if len(raw) > MOST_PROMPTS:
        raise BadInput(_TOO_MANY, most=MOST_PROMPTS)
    found: dict[str, ModulePrompt] = {}
    for at, one in enumerate(raw, start=1):
        prompt = _prompt(one, at)
        if prompt.key in found:
            raise BadInput(_TWICE, at=at)
        found[prompt.key] = prompt
    return tuple(found.values())


def _prompt(raw: object, at: int) -> ModulePrompt:
    if not isinstance(raw, Mapping) or not {"question"} <= raw.keys() <= _PROMPT_KEYS:
        raise BadInput(_BAD_PROMPT, at=at, known=", ".join(sorted(_PROMPT_KEYS)))
    step = raw.get("step") or "unspoken"
    if step not in STEPS:
        raise BadInput(_NO_STEP, at=at, known=", ".join(STEPS))
    key = _code(raw.get("key") or f"question_{at}", f"key {at}")
    return ModulePrompt(key, str(step), _texts(raw["question"], f"question {at}"))


def _code(value: object, part: str) -> str:
    if not isinstance(value, str) or not _CODE.fullmatch(value):
        raise BadInput(_NO_CODE, part=part)
    return value


def _texts(value: object, part: str) -> Mapping[str, str]:
    given = value if isinstance(value, Mapping) else {"": value}
    # YAML reads the code of Norwegian, no, as false.
    found = {
        "no" if lang is False else _text(lang, part): told
        for lang, text in given.items()
        if (told := _text(text, part))
    }
    if not found:
        raise BadInput(_NO_TEXT, part=part)
    return found


def _text(value: object, part: str) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise BadInput(_NO_TEXT, part=part)
    if isinstance(value, int) and value.bit_length() > LONGEST_QUESTION:  # Python itself refuses to spell it out
        raise BadInput(_TOO_LONG, part=part, most=LONGEST_QUESTION)
    text = " ".join(str(value).split())
    if len(text) > LONGEST_QUESTION:
        raise BadInput(_TOO_LONG, part=part, most=LONGEST_QUESTION)
    return text
