"""What a list must be, said once and checked by the tests; at run time the lists are taken at their word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast

from tejido.vocabularies.reading import Raw
from tejido.vocabularies.terms import LANGUAGES

Kind: TypeAlias = Literal["flag", "number", "text", "texts", "code"]


@dataclass(frozen=True, slots=True)
class ExtraKey:
    """An extra key of the terms of one list.

    ``texts`` is one text per language of ``languages``; ``code`` is a code of the list ``of`` (the same list
    where ``of`` is empty); ``fields`` are the places that each text must leave open.
    """

    name: str
    kind: Kind
    meaning: str
    required: bool = True
    languages: tuple[str, ...] = LANGUAGES
    of: str = ""
    fields: tuple[str, ...] = ()


_RANK = ExtraKey("rank", "number", "order from least to most")
_KM = ExtraKey("km", "number", "kilometres; none where nothing is shown or known", required=False)

#: Which extra keys each list has. A list that is not here has none.
EXTRAS: Mapping[str, tuple[ExtraKey, ...]] = {
    "actor_kinds": (ExtraKey("collective", "flag", "others can belong to an actor of this kind"),),
    "tie_kinds": (
        ExtraKey("symmetric", "flag", "reads the same from both ends"),
        ExtraKey("inverse", "texts", "the label read from the other end"),
        ExtraKey("sentence", "texts", "the tie as a sentence", fields=("{frm}", "{to}")),
    ),
    "tie_strengths": (_RANK,),
    "certainties": (_RANK,),
    "reliabilities": (_RANK,),
    "verifications": (_RANK,),
    "justice_stages": (_RANK,),
    "audiences": (ExtraKey("rank", "number", "how far from the group, 0 being its own circle"),),
    "coarseness": (_KM,),
    "place_precisions": (_KM,),
    "acts": (
        ExtraKey("severity", "number", "1 (hinders) to 5 (takes life or leaves it changed), ordinal"),
        ExtraKey("is_threat", "flag", "announces harm to come rather than doing it"),
        ExtraKey("collective", "flag", "done to a collective as such"),
    ),
    "incident_links": (ExtraKey("inverse", "code", "the same link read from the other end"),),
    "measure_families": (ExtraKey("letter", "text", "first letter of the codes of its measures"),),
    "measures": (
        ExtraKey("family", "code", "the family it belongs to", of="measure_families"),
        ExtraKey("prompt", "texts", "the question it puts to the group", languages=("en", "es")),
        ExtraKey(
            "known_harms",
            "texts",
            "what it is known to do to the group, the family or the work",
            required=False,
            languages=("en", "es"),
        ),
    ),
    "measure_statuses": (ExtraKey("open", "flag", "something is still to be done"),),
    "assessment_steps": (ExtraKey("question", "texts", "what the step asks the group", languages=("en", "es")),),
    "assessment_stances": (ExtraKey("pull", "number", "1 for the group's work, -1 against it, 0 open"),),
    "assessment_weights": (_RANK,),
    "assessment_components": (
        ExtraKey("exposes", "texts", "asks what is open to harm", languages=("en", "es")),
        ExtraKey("protects", "texts", "asks what shelters", languages=("en", "es")),
    ),
    "assessment_absent": (ExtraKey("question", "texts", "what it asks the group", languages=("en", "es")),),
    "alert_urgencies": (ExtraKey("days", "number", "days within which an answer is expected"),),
    "review_rhythms": (ExtraKey("months", "number", "months from one review to the next"),),
    "commitment_statuses": (ExtraKey("open", "flag", "it is still waited for"),),
    "request_kinds": (ExtraKey("measure", "code", "the measure of the catalogue it asks for", of="measures"),),
    "request_statuses": (ExtraKey("open", "flag", "something is still to be done"),),
}

_TERM_KEYS = frozenset({"code", "label", "definition", "parent", "mappings"})
_CODE = re.compile(r"[a-z][a-z0-9_]*|[ABI][0-9]+")
_MAPPINGS = {
    "huridocs": re.compile(r"[0-9]{1,2}/[0-9]{12}"),
    "iccs": re.compile(r"[0-9]{4}"),
    "sdg": re.compile(
        r"16\.10\.1/(killing|enforced_disappearance|torture|arbitrary_detention|kidnapping|other_harmful_acts)"
    ),
}


def faults(raw: Raw, codes_of: Mapping[str, Collection[str]]) -> list[str]:
    """Return what is wrong with one list as read from its file, one sentence each; none when it is sound.

    Args:
        raw: the file.
        codes_of: the codes of every list, by name, for the extras that point to another list.
    """
    terms = cast("list[Raw]", raw.get("terms") or [])
    return [
        *_header_faults(raw),
        *_code_faults(terms),
        *_tree_faults(terms),
        *_term_faults(raw, terms, codes_of),
    ]


def _header_faults(raw: Raw) -> Iterator[str]:
    for key in ("vocabulary", "source", "terms"):
        if not raw.get(key):
            yield f"the list says no {key}"
    yield from _text_faults("the list", "title", raw.get("title"), LANGUAGES)


def _code_faults(terms: list[Raw]) -> Iterator[str]:
    counts = Counter(str(term.get("code")) for term in terms)
    for code, count in counts.items():
        if count > 1:
            yield f"{code}: stands {count} times"
        if not _CODE.fullmatch(code):
            yield f"{code}: is not a code"


def _tree_faults(terms: list[Raw]) -> Iterator[str]:
    parents = {str(term.get("code")): str(term["parent"]) for term in terms if "parent" in term}
    codes = {str(term.get("code")) for term in terms}
    for code, parent in parents.items():
        if parent not in codes:
            yield f"{code}: its parent {parent} is not in the list"
        seen, step = {code}, parent
        while step not in seen and step in parents:
            seen.add(step)
            step = parents[step]
        if step in seen:
            yield f"{code}: is under itself"


def _term_faults(raw: Raw, terms: list[Raw], codes_of: Mapping[str, Collection[str]]) -> Iterator[str]:
    extras = EXTRAS.get(str(raw.get("vocabulary")), ())
    known = _TERM_KEYS | {extra.name for extra in extras}
    own = [str(term.get("code")) for term in terms]
    for term in terms:
        code = str(term.get("code"))
        yield from (f"{code}: nobody knows the key {key}" for key in term if key not in known)
        yield from _text_faults(code, "label", term.get("label"), LANGUAGES)
        yield from _label_faults(code, term.get("label"))
        yield from _text_faults(code, "definition", term.get("definition"), ("en", "es"))
        yield from _definition_faults(code, term.get("definition"))
        yield from _mapping_faults(code, term.get("mappings"))
        for extra in extras:
            yield from _extra_faults(code, extra, term.get(extra.name), codes_of.get(extra.of, own))


def _text_faults(where: str, key: str, texts: object, languages: Collection[str]) -> Iterator[str]:
    given = texts if isinstance(texts, Mapping) else {}
    for lang in languages:
        if not str(given.get(lang) or "").strip():
            yield f"{where}: its {key} is missing in {lang}"
    for lang in given:
        if lang not in LANGUAGES:
            yield f"{where}: its {key} is in {lang}, which is not one of our languages"


def _label_faults(code: str, labels: object) -> Iterator[str]:
    for lang, text in (labels if isinstance(labels, Mapping) else {}).items():
        words = str(text)
        if words != words.strip() or not words[:1].islower() or words.endswith("."):
            yield f"{code}: its {lang} label does not read inside a sentence"


def _definition_faults(code: str, definitions: object) -> Iterator[str]:
    for lang, text in (definitions if isinstance(definitions, Mapping) else {}).items():
        if text and (not str(text).endswith(".") or ". " in str(text)):
            yield f"{code}: its {lang} definition is not one sentence"


def _mapping_faults(code: str, mappings: object) -> Iterator[str]:
    for scheme, target in (mappings if isinstance(mappings, Mapping) else {}).items():
        shape = _MAPPINGS.get(str(scheme))
        if shape is None:
            yield f"{code}: nobody knows the scheme {scheme}"
        elif not isinstance(target, str) or not shape.fullmatch(target):
            yield f"{code}: {target} is not a code of {scheme}"


def _extra_faults(code: str, extra: ExtraKey, value: object, codes: Collection[str]) -> Iterator[str]:
    if value is None:
        if extra.required:
            yield f"{code}: says no {extra.name}"
    elif extra.kind == "texts":
        yield from _text_faults(code, extra.name, value, extra.languages)
        for lang, text in (value if isinstance(value, Mapping) else {}).items():
            if any(field not in str(text) for field in extra.fields):
                yield f"{code}: its {lang} {extra.name} leaves no place for {' and '.join(extra.fields)}"
    elif extra.kind == "code":
        if value not in codes:
            yield f"{code}: its {extra.name} {value} is not in the list"
    elif not _is_kind(value, extra.kind):
        yield f"{code}: its {extra.name} is not a {extra.kind}"


def _is_kind(value: object, kind: Kind) -> bool:
    if kind == "flag":
        return isinstance(value, bool)
    if kind == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, str)


def unknown_huridocs_codes(raw: Raw, known: Collection[str]) -> list[str]:
    """Return the HURIDOCS codes the list maps to that are not among ``known`` (each ``"<list>/<code>"``)."""
    terms = cast("list[Raw]", raw.get("terms") or [])
    targets = (cast("Mapping[str, str]", term.get("mappings") or {}).get("huridocs") for term in terms)
    return [target for target in targets if target is not None and target not in known]


def borrowed_wordings(raw: Raw, foreign: Collection[str], shortest: int = 5) -> list[str]:
    """Return the codes of terms that repeat a wording of somebody else's list.

    A definition that is nothing but a foreign label is borrowed, however short; a label or definition that
    contains one is borrowed when it has at least ``shortest`` words (shorter ones, such as "family", are
    everybody's).
    """
    labels = {_plain(text) for text in foreign} - {""}
    long = {text for text in labels if len(text.split()) >= shortest}
    return [
        str(term.get("code"))
        for term in cast("list[Raw]", raw.get("terms") or [])
        if any(text in labels for text in _texts_of(term, "definition"))
        or any(f" {phrase} " in f" {text} " for text in _texts_of(term, "label", "definition") for phrase in long)
    ]


def _texts_of(term: Raw, *keys: str) -> list[str]:
    return [_plain(text) for key in keys for text in cast("Mapping[str, str]", term.get(key) or {}).values()]


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
