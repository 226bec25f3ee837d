"""The reference in ``docs/`` is what the lists say."""

from __future__ import annotations

from pathlib import Path

from tejido.vocabularies import vocabulary, vocabulary_names
from tejido.vocabularies.reference import DEFAULT, main, reference

ROOT = Path(__file__).parents[2]


def test_the_reference_is_up_to_date() -> None:
    written = (ROOT / DEFAULT).read_text(encoding="utf-8")
    assert written == reference(), "run: python -m tejido.vocabularies.reference"


def test_the_reference_has_every_list_and_term() -> None:
    lines = reference().splitlines()
    assert [line[3:] for line in lines if line.startswith("## ")] == list(vocabulary_names())
    rows = [line for line in lines if line.startswith("| `")]
    assert len(rows) == sum(len(vocabulary(name)) for name in vocabulary_names())


def test_the_reference_is_written_where_it_is_asked_for(tmp_path: Path) -> None:
    main([str(tmp_path / "reference" / "lists.md")])
    assert (tmp_path / "reference" / "lists.md").read_text(encoding="utf-8") == reference()
