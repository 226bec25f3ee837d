"""What the pages of evidence show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext

from tejido.domain.words import N_
from tejido.incidents.evidence_actions import has_content, neutral_name
from tejido.incidents.evidence_custody import CustodyLine, fault_of, lines_of
from tejido.incidents.evidence_forms import MOST_FILES, AboutSheet, ReasonSheet, ShareSheet
from tejido.incidents.evidence_models import Evidence
from tejido.incidents.models import Incident
from tejido.vault.file_kinds import KINDS, is_disguised
from tejido.vault.previews import SHOWN, can_preview
from tejido.vault.stripping import REMAINS, REMOVED
from tejido.vault.uploads import LARGEST

_OFFICE: Final = N_("an office document")
_SOUND: Final = N_("sound or moving pictures")
_MEDIA: Final[dict[str, str]] = {
    "jpeg": N_("a picture (JPEG)"),
    "png": N_("a picture (PNG)"),
    "webp": N_("a picture (WebP)"),
    "tiff": N_("a picture (TIFF)"),
    "gif": N_("a picture (GIF)"),
    "bmp": N_("a picture (BMP)"),
    "heic": N_("a picture (HEIC)"),
    "pdf": N_("a PDF"),
    "docx": _OFFICE,
    "xlsx": _OFFICE,
    "pptx": _OFFICE,
    "odt": _OFFICE,
    "ods": _OFFICE,
    "odp": _OFFICE,
    "old_office": _OFFICE,
    "mp4": _SOUND,
    "webm": _SOUND,
    "ogg": _SOUND,
    "mp3": _SOUND,
    "wav": _SOUND,
    "amr": _SOUND,
    "zip": N_("a packed file (ZIP)"),
    "svg": N_("a drawing that can hold scripts (SVG)"),
    "html": N_("a page of the web"),
    "xml": N_("a file of marks (XML)"),
    "program": N_("a program: do not open it outside"),
    "text": N_("a text"),
}
_UNKNOWN: Final = N_("of a kind that is not known here")


@dataclass(frozen=True)
class Turned:
    """A file that was not kept: its name as it was sent, and why."""

    name: str
    why: str


@dataclass(frozen=True)
class EvidenceNewPage:
    """Adding evidence; ``kept`` and ``turned`` tell of the files sent just now."""

    incident: Incident
    form: AboutSheet
    kept: tuple[Evidence, ...] = ()
    turned: tuple[Turned, ...] = ()
    most_files: int = MOST_FILES
    most_megabytes: int = LARGEST // 1024**2


@dataclass(frozen=True)
class EvidencePage:
    """One item: what it is, what was done with it, and what can be done. ``fault`` says what is wrong with its log."""

    item: Evidence
    media: str
    name: str
    disguised: bool
    here: bool
    custody: tuple[CustodyLine, ...]
    fault: str
    copies: tuple[Evidence, ...]
    removed: tuple[str, ...]
    remains: tuple[str, ...]
    previews: bool
    is_picture: bool
    looks: bool


@dataclass(frozen=True)
class EvidenceAboutPage:
    """Correcting what is said of an item."""

    item: Evidence
    form: AboutSheet
    differs: bool = False


@dataclass(frozen=True)
class EvidenceReasonPage:
    """Asks why, before an original is opened or destroyed."""

    item: Evidence
    form: ReasonSheet
    copies: int = 0


@dataclass(frozen=True)
class EvidenceSharePage:
    """Asks to whom and why, before an item is handed over; ``second`` where a second person has to agree."""

    item: Evidence
    form: ShareSheet
    is_copy: bool
    remains: tuple[str, ...]
    second: bool = False


def evidence_page(item: Evidence, *, looks: bool) -> EvidencePage:
    """Compose the page of an item; ``looks`` when a preview is shown on it."""
    how = item.made_how
    fault = fault_of(item)
    return EvidencePage(
        item=item,
        media=gettext(_MEDIA.get(item.media, _UNKNOWN)),
        name=neutral_name(item),
        disguised=is_disguised(KINDS.get(item.media, KINDS["unknown"]), item.file_name),
        here=has_content(item),
        custody=lines_of(item),
        fault=gettext(fault) if fault else "",
        copies=tuple(item.copies.order_by("born", "id")),
        removed=tuple(gettext(REMOVED[code]) for code in how.get("removed", ()) if code in REMOVED),
        remains=remains_of(item),
        previews=can_preview(),
        is_picture=item.media in SHOWN,
        looks=looks and item.media in SHOWN and can_preview(),
    )


def remains_of(item: Evidence) -> tuple[str, ...]:
    """Return, in sentences, what nobody took out of a working copy."""
    return tuple(gettext(REMAINS[code]) for code in item.made_how.get("remains", ()) if code in REMAINS)
