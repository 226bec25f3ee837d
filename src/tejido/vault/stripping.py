"""A copy of a file without what betrays where, when and by whom it was made, and sentences about it.

The work is done in a process of its own (``confining``); here nothing of the file is read.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO, Final

from tejido.domain.errors import BadInput
from tejido.domain.words import N_
from tejido.vault.confining import BROKEN, Answer, bubblewrap, take_apart
from tejido.vault.file_kinds import KINDS

#: What was taken out of a file.
REMOVED: Final[dict[str, str]] = {
    "gps": N_("where it was taken (the position that the device wrote into it)"),
    "exif": N_("with what device, when and how it was taken"),
    "xmp": N_("notes of the programs it went through"),
    "thumbnail": N_("a small picture of it hidden inside, which may show more than the large one"),
    "comments": N_("comments, with who wrote them"),
    "profile": N_("the colour profile of the device"),
    "tail": N_("something that hung on behind the end of the picture"),
    "properties": N_("properties: author, program, dates, printer, folders"),
    "scripts": N_("scripts that would run when it is opened"),
    "files": N_("files hidden inside the file"),
    "notes": N_("forms and notes on the pages, of which what can be seen became part of the page"),
    "history": N_("earlier versions and what was struck out"),
    "marks": N_("marks that tell who wrote what, and in which sitting"),
    "fonts": N_("fonts of the machine it was written on"),
    "unseen": N_("characters that cannot be seen"),
}
#: What no program can take out for you.
REMAINS: Final[dict[str, str]] = {
    "picture": N_(
        "What the picture shows is still there: faces, signs, number plates, a window, a screen. Look at it "
        "slowly, and cover what must not be seen before you add it again."
    ),
    "words": N_("What the text says is still there: names, places, dates. Read it as a stranger would."),
    "bars": N_(
        "A black bar drawn over a text hides nothing: the text below can be copied out. Print and scan instead."
    ),
    "hidden": N_("Hidden rows, sheets and text are still there. Look for them before you hand it over."),
}
_WHY: Final[dict[str, str]] = {
    "heic": N_(
        "Pictures of this kind (HEIC) cannot be cleaned here, so no copy was made. Save it as JPEG on the telephone, "
        "add that as an item of its own, and make the copy from it."
    ),
    "moving": N_(
        "Sound and moving pictures cannot be cleaned here, so no copy was made: a voice and a face are in them "
        "anyway. Share single pictures of it, or clean it with a program made for it and add the result as an item of "
        "its own."
    ),
    "active": N_(
        "A file of this kind can hold scripts and call on other machines, so no copy was made. Take a screenshot of "
        "it, add that as an item of its own, and make the copy from it."
    ),
    "packed": N_(
        "A packed file (ZIP) can hold anything, so no copy was made. Unpack it, add what is in it one by one, and "
        "make copies from those."
    ),
    "program": N_("This is a program, so no copy was made. Give it to nobody but somebody trained to examine it."),
    "old_office": N_(
        "Office files of the old kind (doc, xls, ppt) cannot be cleaned here, so no copy was made. Save it as PDF "
        "where it was made, add that as an item of its own, and make the copy from it."
    ),
    "slides": N_(
        "Slides cannot be cleaned here, so no copy was made. Save them as PDF where they were made, add that as an "
        "item of its own, and make the copy from it."
    ),
    "picture": N_(
        "Pictures of this kind (GIF, BMP) cannot be cleaned here, so no copy was made. Save it as PNG, add that as an "
        "item of its own, and make the copy from it."
    ),
    "unknown": N_(
        "It is not known what kind of file this is, so no copy was made. Save it as PDF, JPEG or text where it was "
        "made, add that as an item of its own, and make the copy from it."
    ),
    "embedded": N_(
        "This document holds parts that cannot be cleaned (a file or drawing within the file), so no copy was made. "
        "Save it as PDF where it was made, add that as an item of its own, and make the copy from it."
    ),
    "macros": N_(
        "This document holds macros, which are programs, so no copy was made. Save it as PDF where it was made, add "
        "that as an item of its own, and make the copy from it."
    ),
    "declares": N_(
        "This document brings declarations of its own, as no office program writes them and attacks do, so no copy "
        "was made. Do not open it elsewhere; ask whoever gave it for a PDF."
    ),
    "unsafe": N_(
        "This packed file holds parts whose names lead outside of it, as attacks do, so no copy was made. Do not open "
        "it elsewhere; ask whoever gave it for a PDF."
    ),
    "locked": N_(
        "This file is locked with a password, so no copy was made. Open it where it was made, save it without one, "
        "and add that as an item of its own."
    ),
    "truncated": N_(
        "This picture is cut short or damaged, so no copy was made. It stays sealed as it came; ask for it once more."
    ),
    "damaged": N_(
        "This file is damaged, or is not what it says it is, so no copy was made. It stays sealed as it came; ask for "
        "it once more."
    ),
    "not_that_kind": N_(
        "This file is not what it says it is, so no copy was made. It stays sealed as it came; ask whoever gave it."
    ),
    "too_many_points": N_(
        "This picture unfolds into more points than this machine may hold, as attacks do, so no copy was made. If it "
        "is an honest picture, make it smaller, add that as an item of its own, and make the copy from it."
    ),
    "too_much": N_(
        "This file unfolds into more than this machine may hold, as attacks do, so no copy was made. It stays sealed "
        "as it came; ask for a smaller one."
    ),
    "jpx": N_(
        "This PDF holds pictures of a kind that cannot be cleaned here (JPEG 2000), so no copy was made. Print it to "
        "a new PDF, add that as an item of its own, and make the copy from it."
    ),
    "no_preview": N_("There is no preview of this kind of file. Nothing was opened."),
}


@dataclass(frozen=True)
class CleanCopy:
    """A cleaned file: its content, its kind, and codes of what was removed and of what remains."""

    content: bytes
    media: str
    removed: tuple[str, ...]
    remains: tuple[str, ...]

    def stream(self) -> BinaryIO:
        """Return the content to read from."""
        return io.BytesIO(self.content)


def strip(content: BinaryIO, media: str, size: int) -> CleanCopy:
    """Return a cleaned copy of a file of kind ``media`` (``file_kinds``) and of ``size`` bytes.

    Raises ``BadInput`` with the reason and a way out when this kind, or this file, cannot be cleaned.
    """
    answer = accepted(take_apart("strip", media, content, size, within=bubblewrap()))
    made = str(answer.says.get("media", ""))
    if made not in KINDS:
        raise BadInput(BROKEN)
    return CleanCopy(answer.content, made, _codes(answer, "removed", REMOVED), _codes(answer, "remains", REMAINS))


def accepted(answer: Answer) -> Answer:
    """Return an answer that gives something; ``BadInput`` with its sentence for one that refuses."""
    if "refused" in answer.says:
        raise BadInput(_WHY.get(str(answer.says["refused"]), BROKEN))
    return answer


def _codes(answer: Answer, name: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return the codes that are known: the process that took a file apart is not to be believed."""
    said = answer.says.get(name)
    return tuple(code for code in known if isinstance(said, list) and code in said)
