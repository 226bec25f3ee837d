"""Records of the fabric, checked and ready to be written, not yet written.

Actions write one at a time; an import or the record of an incident makes many inside one journal entry. Both get
their records here, so that every text is cleaned and every code checked in one place. All raise ``BadInput``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tejido.domain.date_reading import REVERSED
from tejido.domain.dates import ImpreciseDate, iso_week
from tejido.domain.errors import BadInput
from tejido.domain.names import usual_form
from tejido.domain.words import N_
from tejido.drawing.geometry import Geometry, centre_of, check_geometry
from tejido.fabric.models import Actor, Asset, Consent, Presence, Territory, Tie
from tejido.vault.journal import By
from tejido.vocabularies import vocabulary

#: What one record holds at most; a form or an import that brings more is told so.
MOST_NAMES: Final = 50
MOST_LINES: Final = 200
LONGEST_NAME: Final = 300
LONGEST_TEXT: Final = 20_000

_NO_NAME = N_(
    "Please say what to call it. Words such as “two men on a motorcycle” are enough. What you typed was kept."
)
_TOO_MANY = N_("At most {most} are kept here, one on each line. What you typed was kept; please shorten the list.")
_TOO_LONG = N_("A text is longer than {most} characters. What you typed was kept; please shorten it.")
_ONE_END = N_("A tie joins two different actors. Nothing was changed; please choose another for one of its ends.")
_NO_MEMBERS = N_("Nobody belongs to a single person. Nothing was changed; choose a collective or another kind of tie.")
_NOT_COLLECTIVE = N_("A person cannot consent for a collective. Nothing was changed; record it as the person's own.")

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Name:
    """One name of an actor; ``kind`` is a code of ``name_kinds``, ``lang`` a language tag or nothing."""

    text: str
    kind: str = "usual"
    lang: str = ""


def one_line(text: str) -> str:
    """Return ``text`` on one line, composed, without what cannot be seen; ``BadInput`` if overlong."""
    return _not_longer(usual_form(text), LONGEST_NAME)


def paragraphs(text: str) -> str:
    """Return ``text`` with its lines kept, each composed and without what cannot be seen."""
    lines = (usual_form(line) for line in _not_longer(text, LONGEST_TEXT).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def each_once(lines: Sequence[str]) -> list[str]:
    """Return the lines cleaned, empty and repeated ones left out; ``BadInput`` when there are too many."""
    found = list(dict.fromkeys(line for line in map(one_line, lines[: MOST_LINES * 4]) if line))
    if len(found) > MOST_LINES or len(lines) > MOST_LINES * 4:
        raise BadInput(_TOO_MANY, most=MOST_LINES)
    return found


def names_of(names: Sequence[Name | str]) -> list[dict[str, str]]:
    """Return names as a record keeps them, each once, a usual one first; ``BadInput`` when none is left."""
    if len(names) > MOST_NAMES * 4:
        raise BadInput(_TOO_MANY, most=MOST_NAMES)
    kept: dict[str, dict[str, str]] = {}
    for given in names:
        name = given if isinstance(given, Name) else Name(given)
        text = one_line(name.text)
        if text and text not in kept:
            lang = name.lang.strip() if _LANGUAGE.fullmatch(name.lang.strip()) else ""
            kept[text] = {"text": text, "kind": _code("name_kinds", name.kind), "lang": lang}
    if len(kept) > MOST_NAMES:
        raise BadInput(_TOO_MANY, most=MOST_NAMES)
    if not kept:
        raise BadInput(_NO_NAME)
    return sorted(kept.values(), key=lambda name: name["kind"] != "usual")


def details_of(details: Mapping[str, str]) -> dict[str, str]:
    """Return further facts with label and value cleaned, those without a value left out."""
    if len(details) > MOST_LINES:
        raise BadInput(_TOO_MANY, most=MOST_LINES)
    cleaned = {one_line(label): paragraphs(value) for label, value in details.items()}
    return {label: value for label, value in cleaned.items() if label and value}


def make_actor(
    *,
    by: By,
    kind: str,
    names: Sequence[Name | str],
    form: str = "",
    naming: str = "nobody",
    identities: Sequence[str] = (),
    about: str = "",
    size: str = "",
    details: Mapping[str, str] | None = None,
) -> Actor:
    """Return an actor of ``kind`` with at least one name."""
    return Actor(
        circle_id=by.circle_id,
        kind=_code("actor_kinds", kind),
        form=_code("group_forms", form) if form else "",
        naming=_code("naming", naming),
        names=names_of(names),
        identities=each_once(identities),
        about=paragraphs(about),
        size=one_line(size),
        details=details_of(details or {}),
    )


def make_tie(
    *,
    by: By,
    from_actor: Actor,
    to_actor: Actor,
    kind: str,
    strength: str = "medium",
    certainty: str = "unknown",
    since: ImpreciseDate | None = None,
    until: ImpreciseDate | None = None,
    words: str = "",
    source: str = "",
) -> Tie:
    """Return a tie from one actor to another, that held ``since`` … ``until`` (``None``: open or not known)."""
    check_ends(kind, from_actor, to_actor)
    tie = Tie(
        circle_id=by.circle_id,
        from_actor=from_actor,
        to_actor=to_actor,
        kind=_code("tie_kinds", kind),
        strength=_code("tie_strengths", strength),
        certainty=_code("certainties", certainty),
        words=paragraphs(words),
        source=paragraphs(source),
    )
    for name, value in held(since, until).items():
        setattr(tie, name, value)
    return tie


def check_ends(kind: str, from_actor: Actor, to_actor: Actor) -> None:
    """Raise ``BadInput`` unless a tie of ``kind`` can lead from one to the other."""
    if from_actor.pk == to_actor.pk:
        raise BadInput(_ONE_END)
    if kind in ("member_of", "part_of") and to_actor.kind == "person":
        raise BadInput(_NO_MEMBERS)


def held(since: ImpreciseDate | None, until: ImpreciseDate | None) -> dict[str, object]:
    """Return the four values that say when a tie held: exact ones, and the widest weeks they allow."""
    if since is not None and until is not None and until.certainly_before(since):
        raise BadInput(REVERSED)
    return {
        "since": since,
        "until": until,
        "since_week": None if since is None else iso_week(since.earliest),
        "until_week": None if until is None else iso_week(until.latest),
    }


def make_territory(
    *,
    by: By,
    name: str,
    kind: str,
    parent: Territory | None = None,
    about: str = "",
    shown: str = "km_5",
    geometry: Geometry | None = None,
) -> Territory:
    """Return a territory; ``geometry`` is GeoJSON (WGS 84 degrees, longitude first), ``None`` where none is known."""
    if not one_line(name):
        raise BadInput(_NO_NAME)
    return Territory(
        circle_id=by.circle_id,
        kind=_code("territory_kinds", kind),
        parent=parent,
        shown=_code("coarseness", shown),
        name=one_line(name),
        about=paragraphs(about),
        **placed(geometry),
    )


def placed(geometry: Geometry | None) -> dict[str, object]:
    """Return the outline of a territory, checked, and the point that stands for it as ``[lat, lon]``."""
    if not geometry:
        return {"geometry": {}, "centre": []}
    tidy = check_geometry(geometry)
    lat, lon = centre_of(tidy)
    return {"geometry": dict(tidy), "centre": [round(lat, 6), round(lon, 6)]}


def make_asset(*, by: By, territory: Territory, kind: str, name: str = "", condition: str = "") -> Asset:
    """Return something a community lives by; without a name, its kind says what it is."""
    return Asset(
        circle_id=by.circle_id,
        territory=territory,
        kind=_code("asset_kinds", kind),
        name=one_line(name),
        condition=paragraphs(condition),
    )


def make_presence(*, by: By, actor: Actor, territory: Territory, kind: str = "lives", words: str = "") -> Presence:
    """Return an actor's presence in a territory."""
    return Presence(
        circle_id=by.circle_id,
        actor=actor,
        territory=territory,
        kind=_code("presence_kinds", kind),
        words=paragraphs(words),
    )


def make_consent(
    *,
    by: By,
    actor: Actor,
    purpose: str,
    audience: str,
    scope: str,
    status: str = "given",
    given_on: ImpreciseDate | None = None,
    expires_on: ImpreciseDate | None = None,
    words: str = "",
) -> Consent:
    """Return what an actor agreed to (or refused, by ``status``).

    A person consents for nobody else. A collective's record may also hold what one of its unnamed members agreed
    to for themselves (scope ``individual``); that never counts as the collective's consent.
    """
    if scope == "collective" and actor.kind == "person":
        raise BadInput(_NOT_COLLECTIVE)
    if given_on is not None and expires_on is not None and expires_on.certainly_before(given_on):
        raise BadInput(REVERSED)
    return Consent(
        circle_id=by.circle_id,
        actor=actor,
        purpose=_code("consent_purposes", purpose),
        audience=_code("audiences", audience),
        scope=_code("consent_scopes", scope),
        status=_code("consent_statuses", status),
        given_on=given_on,
        expires_on=expires_on,
        # The earliest reading of an imprecise end: a consent never stretches by being vague.
        expires_week=None if expires_on is None else iso_week(expires_on.earliest),
        words=paragraphs(words),
    )


def _code(name: str, code: str) -> str:
    return vocabulary(name).term(code).code


def _not_longer(text: str, most: int) -> str:
    if len(text) > most:
        raise BadInput(_TOO_LONG, most=most)
    return text
