"""Bringing the Chilean list into a workspace, as anybody would import a list of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from django.utils import translation

from tejido.exchange.actions import run_import
from tejido.exchange.models import Import
from tejido.exchange.nodes import LANGUAGES
from tejido.exchange.reports import Report
from tejido.exchange.writing import Progress
from tejido.vault.journal import By

_CHILE: Final = Path(__file__).parent / "data" / "chile"
DEMO_CSV: Final = _CHILE / "pinochet.csv"
DEMO_MAPPING: Final = _CHILE / "mapping.yml"


def is_loaded(*, by: By) -> bool:
    """Say whether a list was brought into this circle."""
    return Import.objects.filter(circle_id=by.circle_id, status="done").exists()


def load_demo(*, by: By, progress: Progress | None = None) -> Report:
    """Import the Chilean list, with titles and names in the language of whoever asks; return what it did.

    Importing it again matches what is there. ``progress`` is told rows done, bytes read and bytes in all.
    """
    language = (translation.get_language() or "es").split("-")[0]
    return run_import(
        by=by,
        path=DEMO_CSV,
        file_name=DEMO_CSV.name,
        mapping_text=DEMO_MAPPING.read_text(encoding="utf-8"),
        progress=progress,
        language=language if language in LANGUAGES else None,
    )
