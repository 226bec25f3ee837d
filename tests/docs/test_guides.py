"""The words a guide prints bold are on the screen, in the guide's language; and the guides read dates as we do."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

import polib
import pytest

from tejido.domain import date_reading
from tests.docs.reading import bold
from tests.house.tree import ROOT, SOURCE

GUIDES = sorted(one for name in ("user", "facilitator") for one in (ROOT / "docs" / "guides").glob(f"{name}.*.md"))
#: The guide's own word for what it does.
OF_THE_GUIDE = {"bold", "negrita"}
QUOTED = {"en": r"“([^”]+)”|\"([^\"]+)\"", "es": r"«([^»]+)»"}


@cache
def on_the_screen(lang: str) -> frozenset[str]:
    """Return every sentence that a page can say."""
    said: set[str] = set()
    for path in SOURCE.glob("*/locale/es/LC_MESSAGES/django.po"):
        for entry in polib.pofile(str(path)):
            said |= {entry.msgid} if lang == "en" else {entry.msgstr, *entry.msgstr_plural.values()}
    return frozenset(said)


def not_on_the_screen(text: str, lang: str) -> list[str]:
    """Return the bold words of a guide that no page says."""
    words = bold(re.sub(r"(?<!\n)\n(?!\n)", " ", text))
    return sorted(set(words) - on_the_screen(lang) - OF_THE_GUIDE)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_bold_words_are_on_the_screen(guide: object) -> None:
    path = ROOT / "docs" / "guides" / str(guide).rsplit("/", 1)[-1]
    text = path.read_text("utf-8")
    assert len(bold(text)) > (30 if path.name.startswith("user") else 12)
    assert not_on_the_screen(text, path.suffixes[0].removeprefix(".")) == []


def test_a_planted_button_is_seen() -> None:
    assert not_on_the_screen("Press **Publish everything\nnow**, or **Search**.", "en") == ["Publish everything now"]


@pytest.mark.parametrize(("lang", "begins"), [("en", "- **When?**"), ("es", "- **¿Cuándo?**")])
def test_every_date_that_a_guide_shows_is_understood(lang: str, begins: str) -> None:
    text = (ROOT / "docs" / "guides" / f"user.{lang}.md").read_text("utf-8")
    item = text.partition(begins)[2].partition("\n- ")[0]
    dates = ["".join(found) for found in re.findall(QUOTED[lang], item)]
    assert len(dates) == 4
    spans = [date_reading.read(shown, today=date(2024, 11, 20)) for shown in dates]
    assert all(span[0].year == 2024 for span in spans)
