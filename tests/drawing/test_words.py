import ast
from pathlib import Path

import polib

import tejido.drawing

ROOM = Path(tejido.drawing.__file__).parent


def marked_messages() -> set[str]:
    """Return every message marked with ``N_`` in this room."""
    calls = [node for path in ROOM.glob("*.py") for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    return {
        str(node.args[0].value)
        for node in calls
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "N_"
        and isinstance(node.args[0], ast.Constant)
    }


def test_every_sentence_about_maps_is_said_in_spanish_with_the_same_parameters() -> None:
    catalogue = {entry.msgid: entry.msgstr for entry in polib.pofile(str(ROOM / "locale/es/LC_MESSAGES/django.po"))}
    assert len(marked_messages()) >= 10
    assert set(catalogue) == marked_messages()
    assert all(said and ("{number}" in said) == ("{number}" in asked) for asked, said in catalogue.items())


def test_no_drawing_reaches_django() -> None:
    for path in ROOM.glob("*.py"):
        assert "import django" not in path.read_text(encoding="utf-8")
        assert "from django" not in path.read_text(encoding="utf-8")
