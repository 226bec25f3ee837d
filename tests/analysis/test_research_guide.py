"""The guide for researchers runs, block by block, as it stands."""

from __future__ import annotations

import re

import pytest

from tests.house.tree import ROOT

BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(text: str) -> list[str]:
    return BLOCK.findall(text)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_every_block_of_the_guide_for_researchers_runs(lang: str) -> None:
    found = blocks((ROOT / "docs" / "guides" / f"research.{lang}.md").read_text("utf-8"))
    assert len(found) >= 7
    names: dict[str, object] = {}
    for number, block in enumerate(found):
        exec(compile(block, f"block {number}", "exec"), names)
    assert "pooled" in names


def test_a_planted_fault_in_a_block_would_be_seen() -> None:
    assert blocks("text\n```python\nassert False\n```\nmore\n") == ["assert False\n"]
