"""The sessions of one's own account: which are open, and ending them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from tejido.circles.policies import Worker
from tejido.circles.presence import PRESENCE, name_of
from tejido.domain.errors import NotFound
from tejido.domain.words import N_
from tejido.vault.journal import By, writing
from tejido.vault.models import Session
from tejido.vault.permits import demand

_GONE = N_("That session had ended already. Nothing was changed.")
_TELEPHONES = ("Mobile", "Android", "iPhone", "iPad")
#: What a browser calls itself holds names of others too: the first that fits counts.
_BROWSERS = (
    ("Edg", "Edge"),
    ("Firefox", N_("Firefox or Tor Browser")),
    ("FxiOS", N_("Firefox or Tor Browser")),
    ("Chrom", N_("Chrome or Chromium")),
    ("CriOS", N_("Chrome or Chromium")),
    ("Safari", "Safari"),
)


@dataclass(frozen=True)
class OpenSession:
    """One session: since when, last used, with which browser and on what, as words to be translated."""

    name: str
    since: datetime | None
    used: datetime
    browser: str
    device: str
    is_this: bool


def open_sessions(*, by: Worker, session_key: str | None) -> list[OpenSession]:
    """Return the sessions of whoever is at work, the one used last first."""
    if by.account is None:
        return []
    now, clock, this = timezone.now(), PRESENCE.clock(), name_of(session_key)
    return [
        OpenSession(
            name,
            seat.since,
            now - timedelta(seconds=max(0.0, clock - seat.seen)),
            *in_words(seat.browser),
            is_this=name == this,
        )
        for name, seat in PRESENCE.of(by.account)
    ]


def in_words(agent: str) -> tuple[str, str]:
    """Return browser and device in coarse words, from what the browser calls itself."""
    browser = next((words for mark, words in _BROWSERS if mark in agent), N_("another browser"))
    on_telephone = any(mark in agent for mark in _TELEPHONES)
    return browser, N_("on a telephone or tablet") if on_telephone else N_("on a computer")


def end_session(*, by: Worker, name: str) -> None:
    """End one session of one's own, at once; ``NotFound`` when there is none of that name."""
    if by.account is None or not any(name == one for one, _seat in PRESENCE.of(by.account)):
        raise NotFound(_GONE)
    with writing(by=by, action="account.end_session"):
        pass
    PRESENCE.go_one(by.account, name)


def end_other_sessions(*, by: Worker, session_key: str | None) -> int:
    """End every other session of one's own; return how many there were."""
    if by.account is None or PRESENCE.many(by.account) < 2:
        return 0
    with writing(by=by, action="account.end_session") as entry:
        entry.notes["many"] = PRESENCE.many(by.account) - 1
    return PRESENCE.go_all(by.account, but=session_key)


def open_everywhere() -> int:
    """Return how many sessions are open, of everybody and in every process."""
    return Session.objects.count()


def end_every_session(*, by: By) -> int:
    """End the sessions of everybody, in every process, as when a machine is lost; return how many. For coordinators.

    Nobody is locked out: the passphrase opens as before.
    """
    demand(by, "manage members")
    with writing(by=by, action="circle.end_sessions") as entry:
        many = open_everywhere()
        Session.objects.all().delete()
        entry.notes["many"] = many
    return many
