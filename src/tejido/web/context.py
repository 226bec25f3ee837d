"""What every page shows around its own content."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language_bidi, gettext

from tejido.domain.roles import may
from tejido.domain.words import N_
from tejido.web.wording import page_language

#: The main ways, in their order: what each is called and which page it leads to. Names only: the pages
#: themselves belong to the slices.
WAYS = (
    (N_("Today"), "dossiers:home"),
    (N_("Fabric"), "fabric:actors"),
    (N_("Incidents"), "incidents:incidents"),
    (N_("Territory"), "fabric:territories"),
    (N_("Plans"), "protection:plans"),
    (N_("Bring in data"), "exchange:imports"),
    (N_("Search"), "dossiers:search"),
)


@dataclass(frozen=True)
class Way:
    """One link of the main navigation; ``here`` when the page shown lies under it."""

    name: str
    address: str
    here: bool


@dataclass(frozen=True)
class Language:
    """A language the page could also speak."""

    code: str
    name: str


@dataclass(frozen=True)
class Site:
    """What the frame of a page needs; templates find it as ``site``."""

    name: str
    language: str
    direction: str
    others: tuple[Language, ...]
    address: str
    ways: tuple[Way, ...]
    at_work: bool
    circle_name: str
    idle_minutes: int
    home: str
    help: str
    journal: str


def every_page(request: HttpRequest) -> dict[str, Site]:
    """Return the frame of the page as ``site``."""
    by = getattr(request, "by", None)
    return {"site": site_of(request.path, address=_address(request), by=by)}


def site_of(path: str, *, address: str = "/", by: object = None) -> Site:
    """Return the frame for the page at ``path``; ``by`` is whoever is at work, if anybody."""
    language = page_language()
    return Site(
        name=settings.NEUTRAL_NAME,
        language=language,
        direction="rtl" if get_language_bidi() else "ltr",
        others=tuple(Language(code, name) for code, name in settings.LANGUAGES if code != language),
        address=address,
        ways=tuple(_ways(path)) if by is not None else (),
        at_work=by is not None,
        circle_name=str(getattr(by, "circle_name", "")),
        idle_minutes=settings.IDLE_MINUTES,
        home=address_of("dossiers:home") or "/",
        help=address_of("dossiers:help"),
        journal=address_of(_journal_of(str(getattr(by, "role", "")))),
    )


def _journal_of(role: str) -> str:
    """Return which journal somebody in ``role`` reads: that of the whole circle, or of their own deeds."""
    return "circles:journal" if may(role, "read journal").allowed else "circles:my_journal"


def address_of(view: str) -> str:
    """Return the address of a page by its name; nothing when this installation has no such page."""
    try:
        return reverse(view)
    except NoReverseMatch:
        return ""


def _ways(path: str) -> Iterator[Way]:
    for name, view in WAYS:
        address = address_of(view)
        if address:
            here = path == address if address == "/" else path.startswith(address)
            yield Way(gettext(name), address, here)


def _address(request: HttpRequest) -> str:
    """Return where to come back to: this page; never a one-time address, nor the fields of a form."""
    found = request.resolver_match
    if found is not None and "token" in found.kwargs:
        return "/"
    return request.get_full_path() if request.method in {"GET", "HEAD"} else request.path
