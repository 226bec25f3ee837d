"""Everything the rules say is said in Spanish too."""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterator
from datetime import date
from gettext import GNUTranslations
from pathlib import Path

import polib
import pytest

import tejido.domain
from tejido.domain import errors
from tejido.domain.affectation import IncidentFact, TieFact, affected_by, sentences
from tejido.domain.plan_checks import PlanFacts, PlanNotDecided, findings, refuse_adoption

DOMAIN = Path(tejido.domain.__file__).parent
CATALOGUE = DOMAIN / "locale" / "es" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"\{[a-z_]*\}")

Message = tuple[str, str | None]


def spoken_in(source: str) -> Iterator[Message]:
    """Find N_(…), ….gettext(…), ….ngettext(…) and the ``message`` of classes; plurals come with their pair."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args:
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
            told = [text for text in texts if isinstance(text, str)]
            if called in {"N_", "gettext"} and told:
                yield told[0], None
            elif called == "ngettext" and len(told) >= 2:
                yield told[0], told[1]
        elif isinstance(node, ast.ClassDef):
            yield from _class_messages(node)


def _class_messages(node: ast.ClassDef) -> Iterator[Message]:
    for line in node.body:
        targets = line.targets if isinstance(line, ast.Assign) else []
        names = [target.id for target in targets if isinstance(target, ast.Name)]
        if isinstance(line, ast.Assign) and "message" in names and isinstance(line.value, ast.Constant):
            yield str(line.value.value), None


def spoken() -> set[Message]:
    return {message for path in sorted(DOMAIN.glob("*.py")) for message in spoken_in(path.read_text("utf-8"))}


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


def test_the_extractor_finds_every_way_of_speaking() -> None:
    source = (
        'class E(Exception):\n    message = "one"\nclass F(E):\n    message = N_("two")\n'
        'words.gettext("three")\nwords.ngettext("four", "fours", n)\ngettext(known)\n'
    )
    found = {("one", None), ("two", None), ("three", None), ("four", "fours")}
    assert set(spoken_in(source)) == found
    assert len(spoken()) > 70
    assert (errors.BadInput.message, None) in spoken()


def test_nothing_is_missing_from_the_spanish_catalogue_and_nothing_is_stale(catalogue: polib.POFile) -> None:
    kept = {(entry.msgid, entry.msgid_plural or None) for entry in catalogue if not entry.obsolete}
    assert kept == spoken()


def test_no_translation_is_empty_doubtful_or_left_in_english(catalogue: polib.POFile) -> None:
    for entry in catalogue:
        told = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        assert len(told) == (2 if entry.msgid_plural else 1)
        assert not entry.fuzzy
        assert all(text.strip() for text in told)
        worded = re.sub(r"\{[a-z_]*\}|[^a-z]", "", entry.msgid)
        assert not worded or entry.msgid not in told


def test_translations_name_the_same_things_and_end_alike(catalogue: polib.POFile) -> None:
    for entry in catalogue:
        told = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        for text in told:
            assert sorted(PLACEHOLDER.findall(text)) == sorted(PLACEHOLDER.findall(entry.msgid))
            assert text.endswith(".") == entry.msgid.endswith(".")


def test_reasons_and_findings_read_well_in_spanish(catalogue: polib.POFile) -> None:
    spanish = GNUTranslations(io.BytesIO(catalogue.to_binary()))
    ties = [TieFact("t0", "juan", "coop", "member_of"), TieFact("t1", "ana", "coop", "member_of")]
    day = date(2024, 5, 3)
    incident = IncidentFact("i", frozenset(["juan"]), frozenset(["x"]), None, day, day)
    before = date(2024, 5, 2)
    other = IncidentFact("j", frozenset(["ana"]), frozenset(["x"]), None, before, before)
    touched = affected_by(incident, ties=ties, others=[other], today=day)
    (ana,) = [one for one in touched if one.actor == "ana"]
    names, kinds = {"juan": "Juan Pérez", "coop": "La Unión"}, {"coop": "organisation"}
    assert sentences(ana, names=names, kinds=kinds, words=spanish, lang="es") == [
        "sufrió un ataque del mismo agresor 1 día antes",
        "pertenece a la misma organización (La Unión) que Juan Pérez, víctima de este ataque",
    ]
    with pytest.raises(PlanNotDecided) as refusal:
        refuse_adoption(PlanFacts(), day)
    assert refusal.value.sentence(spanish).startswith("Este plan aún no se adopta")
    late = PlanFacts(status="adopted", review_due=before)
    told = [finding.sentence(spanish, "es") for finding in findings(late, day)]
    assert "Este plan debía revisarse a más tardar el 2 de mayo de 2024." in told


def test_the_catalogue_says_its_language_charset_and_plurals(catalogue: polib.POFile) -> None:
    assert catalogue.metadata["Language"] == "es"
    assert "charset=UTF-8" in catalogue.metadata["Content-Type"]
    assert catalogue.metadata["Plural-Forms"].startswith("nplurals=2; plural=")
