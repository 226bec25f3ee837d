"""What views of the fabric share in answering forms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse

from tejido.fabric.beside import Beside
from tejido.fabric.catalogue import ACTORS, TERRITORIES
from tejido.fabric.choosing import Choice
from tejido.fabric.pages import Row
from tejido.vault.catalogue import Line, catalogue
from tejido.vault.journal import By, writing
from tejido.vocabularies import vocabulary
from tejido.web.wording import page_language


def sought_words(request: HttpRequest, room: str) -> str:
    """Return the words last searched for in ``room``, while its address says that they are.

    They are kept in the sealed session: no name ever stands in an address.
    """
    return str(request.session.get(f"sought-{room}", "")) if request.GET.get("sought") else ""


def keep_sought(request: HttpRequest, room: str, address: str) -> HttpResponseRedirect:
    """Keep the words posted as ``words`` in the session and go on to the list at ``address``."""
    words = request.POST.get("words", "").strip()[:200]
    request.session[f"sought-{room}"] = words
    return HttpResponseRedirect(f"{address}?sought=1" if words else address)


def dossier(noun: str, record: UUID) -> str:
    """Return the address of a dossier; of the list where this installation has no dossiers."""
    try:
        return reverse(f"dossiers:{noun}", args=[record])
    except NoReverseMatch:
        return reverse("fabric:actors" if noun == "actor" else "fabric:territories")


def rows_of(
    noun: str, lines: Iterable[Line], kinds: str, around: Mapping[UUID, Beside] | None = None
) -> tuple[Row, ...]:
    """Return lines of the catalogue as rows; the address and each label are worked out once, not for each row."""
    some, labels, lang = UUID(int=0), vocabulary(kinds), page_language()
    before, found, after = dossier(noun, some).partition(str(some))
    words: dict[str, str] = {"": ""}
    rows = []
    for line in lines:
        kind = next((facet.removeprefix("kind:") for facet in line.facets if facet.startswith("kind:")), "")
        words.setdefault(kind, labels.label(kind, lang))
        address = f"{before}{line.id}{after}" if found else before
        rows.append(Row(line, words[kind], address, (around or {}).get(line.id, Beside())))
    return tuple(rows)


def settled(choice: Choice, by: By) -> UUID | None:
    """Return the one record a choice means, recorded first if it is new; none where nothing was chosen."""
    if not choice.resolved:
        return None
    (only,) = choice.resolved
    if hasattr(only, "id"):
        return only.id
    with writing(by=by, action=f"{choice.chooser.noun.name}.record") as entry:
        (made,) = choice.settle(by=by, entry=entry)
        entry.about(choice.chooser.noun.model._meta.label_lower, made)
    return made


def differing(form: Form, now: Mapping[str, Any], lists: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return, by label, what a record says now wherever that is not what the form holds.

    ``lists`` names the list of each field that holds a code.
    """
    found = []
    for name, bound in ((name, form[name]) for name in form.fields if name in now and name != "revision"):
        here, there = bound.data, now[name]
        if isinstance(here, Choice):
            if {one.id for one in here.resolved if hasattr(one, "id")} != set(there):
                found.append((str(bound.label), _labels(here, there)))
        elif _plain(there) != _plain(here):
            word = vocabulary(lists[name]).label(str(there), page_language()) if name in lists and there else there
            found.append((str(bound.label), _shown(word)))
    return tuple(found)


def _labels(choice: Choice, ids: Any) -> str:
    noun = ACTORS if choice.chooser.noun is ACTORS else TERRITORIES
    return ", ".join(line.label for line in catalogue().lines(noun, ids).values()) or "—"


def _plain(value: Any) -> str:
    text = value.words(page_language()) if hasattr(value, "words") else str(value or "")
    return "\n".join(line.strip() for line in text.splitlines()).strip()


def _shown(value: Any) -> str:
    return _plain(value) or "—"
