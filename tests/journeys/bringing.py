"""Bringing in a list, after a look at what it would make; and undoing it."""

from __future__ import annotations

from playwright.sync_api import FilePayload

from tejido.demo.loading import DEMO_CSV, DEMO_MAPPING
from tests.journeys.visiting import Visitor


def bring_in_the_list(visitor: Visitor) -> str:
    """Send the Chilean list and its mapping, look at the preview, bring it in; return the path of the import."""
    page = visitor.page
    visitor.press("Traer datos", "Bring in data")
    visitor.look("import")
    page.locator("[name=file]").set_input_files(DEMO_CSV)
    # What the mapping names in both languages, such as titles, is written in the one it says.
    mapping = DEMO_MAPPING.read_text(encoding="utf-8").replace("language: es", f"language: {visitor.lang}", 1)
    page.locator("[name=mapping]").set_input_files(
        FilePayload(name=DEMO_MAPPING.name, mimeType="application/yaml", buffer=mapping.encode())
    )
    visitor.press("Mirarla primero", "Look at it first")
    visitor.look("preview")
    shown = visitor.figures()
    assert "2398" in shown
    assert "1391" in shown
    assert "Corpus Mercedes Valenzuela Almarza" in shown or page.locator("tbody tr").count() > 10
    visitor.press("Filas siguientes", "Later rows")
    visitor.look("preview-later")
    visitor.press("Traerla", "Bring it in")
    visitor.look("imported")
    return page.url.removeprefix(visitor.address)


def undo_it(visitor: Visitor, path: str) -> None:
    """Undo the import: what it brought is gone, what was written by hand since is kept."""
    visitor.go(path)
    visitor.press("Deshacer esta importación", "Undo this import")
    visitor.look("undo")
    visitor.press("Deshacerla", "Undo it")
    visitor.look("undo-asks")
    visitor.page.check("[name=keep]")
    visitor.press("Deshacerla", "Undo it")
    visitor.look("undone")
    visitor.go("/incidents/")
    assert visitor.page.locator("ul.flow > li").count() < 5
