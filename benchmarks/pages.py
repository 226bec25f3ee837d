"""Whole pages, through the WSGI application, in a session at work: how long the server takes, how many queries."""

from __future__ import annotations

import gzip
import io
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any
from unittest.mock import patch
from urllib.parse import quote
from uuid import UUID

from benchmarks import sayings

if TYPE_CHECKING:
    from benchmarks.weaving import Woven
    from tejido.circles.models import Member

#: How many different addresses of a page are timed, and how many others are asked for first.
TIMED, WARMING = 100, 15


#: What every request says.
_ENVIRON = {
    "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "127.0.0.1",
    "HTTP_ACCEPT_ENCODING": "gzip", "HTTP_ACCEPT_LANGUAGE": "es", "REMOTE_ADDR": "127.0.0.1",
    "wsgi.url_scheme": "http", "wsgi.multithread": True, "wsgi.multiprocess": False, "wsgi.run_once": False,
}  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """A kind of page: its name, the addresses of such pages, and the p95 aimed at, in milliseconds."""

    name: str
    addresses: Sequence[str]
    aim: float | None


@dataclass(frozen=True)
class Timed:
    """Milliseconds of the server per page, bytes sent (packed), and queries (of the store, of the catalogue)."""

    name: str
    pages: int
    p50: float
    p95: float
    longest: float
    aim: float | None
    sent: int
    queries: tuple[int, int]
    catalogue_queries: tuple[int, int]


def kinds(woven: Woven, seed: int = 7, many: int = TIMED + WARMING) -> list[Kind]:
    """Return the kinds of page measured, ``many`` addresses of each (home has only one)."""
    rng = Random(seed)

    def some(ids: Sequence[UUID], address: str) -> list[str]:
        chosen = rng.sample(ids, many) if len(ids) >= many else [rng.choice(ids) for _ in range(many)]
        return [address.format(one) for one in chosen]

    actors = [*woven.people, *woven.collectives]
    towns = woven.territories[1:]
    return [
        Kind("home", ["/"] * many, 100),
        Kind("list of incidents", some(woven.incidents, "/incidents/?after={}"), 25),
        Kind("list of incidents, filtered", [f"/incidents/?act={rng.choice(sayings.ACTS)}" for _ in range(many)], 25),
        Kind("list of actors", some(actors, "/fabric/?after={}"), 25),
        Kind("list of territories", some(woven.territories, "/territories/?after={}"), 25),
        Kind("search", [f"POST /search/?words={words}" for words in _searches(rng, many)], 150),
        Kind("typical incident", some(woven.incidents, "/incidents/{}/"), 60),
        Kind("typical collective", some(woven.collectives, "/fabric/{}/"), 60),
        Kind("collective with 200 incidents and 50 ties", some(woven.rich, "/fabric/{}/"), 300),
        Kind("our fabric", some(woven.collectives, "/fabric/{}/our-fabric/"), 200),
        Kind("what if somebody could not be reached", _what_if(woven, rng, many), 200),
        Kind("the whole fabric", ["/whole-fabric/"] * many, 200),
        Kind("what recurs", ["/patterns/"] * many, 200),
        Kind("what is building up", ["/building-up/"] * many, 200),
        Kind("person", some(woven.people, "/fabric/{}/"), 60),
        Kind("alleged perpetrator", some(woven.aggressors, "/fabric/{}/"), None),
        Kind("territory", some(towns, "/territories/{}/"), None),
        Kind("form of a new incident", ["/incidents/new/"] * many, None),
        Kind("plans", ["/plans/"] * many, None),
    ]


def _what_if(woven: Woven, rng: Random, many: int) -> list[str]:
    """Return forms in which one of those who belong to a collective is thought away."""
    from tejido.fabric.models import Tie
    from tejido.fabric.queries import BELONGING

    found = Tie.objects.filter(to_actor__in=woven.collectives[:300], kind__in=BELONGING, until_week=None)
    pairs = sorted(found.values_list("to_actor_id", "from_actor_id")) or [(woven.collectives[0], woven.people[0])]
    chosen = (rng.choice(pairs) for _ in range(many))
    return [f"/fabric/{collective}/what-if/?asked=1&gone={person}" for collective, person in chosen]


def reckon_first() -> float:
    """Reckon what is building up, so that no page is timed while that goes on beside it; return the seconds."""
    from django.utils import timezone

    from tejido.readings.warning_kept import warning_reckoned

    started = time.perf_counter()
    warning_reckoned(timezone.localdate())
    return time.perf_counter() - started


def _searches(rng: Random, many: int) -> Iterator[str]:
    """Yield what people type: a surname, a whole name, the beginning of a word, a deed and a place."""
    for turn in range(many):
        family = rng.choice(sayings.FAMILY)
        yield (
            family,
            f"{rng.choice(sayings.GIVEN)}+{family}",
            family[:4],
            f"asesinato+{sayings.place(rng).replace(' ', '+')}",
            "cooperativa+agua",
        )[turn % 5]


class Visitor:
    """Somebody at work in a session of their own, asking the WSGI application directly."""

    def __init__(self, by: Member) -> None:
        from django.conf import settings
        from django.http import HttpRequest

        from tejido.circles.work_session import open_session
        from tejido.vault.keyring import current
        from tejido.vault.sessions import SessionStore
        from tejido.wsgi import application

        request = HttpRequest()
        request.session = SessionStore()
        open_session(request, member=by, keyring=current())
        request.session.save()
        # A form's token may be the cookie's secret itself.
        self._token = "t" * 32
        self._cookie = f"{settings.SESSION_COOKIE_NAME}={request.session.session_key}; {settings.CSRF_COOKIE_NAME}="
        self._cookie += self._token
        self._application: Callable[..., Any] = application

    def ask(self, address: str) -> tuple[int, bytes]:
        """Return the status and the body, as it is sent; ``POST /address/?fields`` sends the fields as a form."""
        posts = address.startswith("POST ")
        path, _, query = address.removeprefix("POST ").partition("?")
        form = f"csrfmiddlewaretoken={self._token}&{quote(query, safe='=&+')}".encode() if posts else b""
        environ = {
            "REQUEST_METHOD": "POST" if posts else "GET",
            "PATH_INFO": path,
            "QUERY_STRING": "" if posts else query,
            "CONTENT_TYPE": "application/x-www-form-urlencoded" if posts else "",
            "CONTENT_LENGTH": str(len(form)),
            "HTTP_COOKIE": self._cookie,
            "wsgi.input": io.BytesIO(form),
            "wsgi.errors": io.StringIO(),
            **_ENVIRON,
        }
        told: list[str] = []
        answer = self._application(environ, lambda status, headers, *_: told.append(status))
        body = b"".join(answer)
        answer.close()
        return int(told[0].split()[0]), body


def measure(
    visitor: Visitor,
    kind: Kind,
    *,
    timed: int = TIMED,
    warming: int = WARMING,
    clock: Callable[[], float] = time.perf_counter,
) -> Timed | None:
    """Time the pages of a kind, warm; None where there is no such page."""
    *_, (status, body) = [visitor.ask(address) for address in kind.addresses[:warming]]
    if status == 404:
        return None
    taken, sent = [], []
    for address in kind.addresses[warming : warming + timed]:
        started = clock()
        status, body = visitor.ask(address)
        taken.append((clock() - started) * 1000)
        sent.append(len(body))
        if status != 200:
            raise RuntimeError(f"{kind.name}: {address} answered {status}")
    counts = [queries_of(visitor, address) for address in kind.addresses[warming : warming + 20]]
    return _told(kind, taken, sent, counts, pages=len(set(kind.addresses[warming : warming + timed])))


def measure_new(
    visitor: Visitor, by: Member, woven: Woven, *, timed: int, clock: Callable[[], float] = time.perf_counter
) -> list[Timed]:
    """Record incidents, and time the first view of each on its page and on that of a collective it was done to."""
    rng = Random(11)
    pages = {"a new incident, first view": "/incidents/{0}/", "its collective after that": "/fabric/{1}/"}
    taken, sent, counts = ({name: list[Any]() for name in pages} for _ in range(3))
    for turn in range(timed + WARMING):
        incident, collective = _recorded(by, woven, rng, turn)
        for name, address in pages.items():
            started = clock()
            with counting() as asked:
                status, body = visitor.ask(address.format(incident, collective))
            if status != 200:
                raise RuntimeError(f"{name}: {address} answered {status}")
            if turn >= WARMING:
                taken[name].append((clock() - started) * 1000)
                sent[name].append(len(body))
                counts[name].append((asked["store"], asked["catalogue"]))
    return [_told(Kind(name, (), 200), taken[name], sent[name], counts[name], pages=timed) for name in pages]


def _recorded(by: Member, woven: Woven, rng: Random, turn: int) -> tuple[UUID, UUID]:
    """Record an incident with victims, a place and somebody who is said to have done it."""
    from django.utils import timezone

    from tejido.domain.dates import ImpreciseDate
    from tejido.incidents.actions import record_incident
    from tejido.incidents.given import ActGiven, PerpetratorGiven, VictimGiven

    collective = rng.choice(woven.collectives)
    act = ActGiven(
        kind=rng.choice(sayings.ACTS),
        victims=tuple(VictimGiven(one) for one in (collective, *rng.sample(woven.people, 2))),
        perpetrators=(PerpetratorGiven(rng.choice(woven.aggressors)),),
    )
    told = record_incident(
        by=by, title=f"Nuevo {turn}", when=ImpreciseDate.decode(timezone.localdate().isoformat()),
        territory=rng.choice(woven.territories), acts=[act],
    )  # fmt: skip
    return told.pk, collective


def _told(
    kind: Kind, taken: Sequence[float], sent: Sequence[int], counts: Sequence[tuple[int, int]], *, pages: int
) -> Timed:
    ordered = sorted(taken)
    store, catalogue = [one for one, _ in counts], [other for _, other in counts]
    return Timed(
        name=kind.name,
        pages=pages,
        p50=ordered[len(ordered) // 2],
        p95=ordered[min(len(ordered) - 1, -(-len(ordered) * 95 // 100) - 1)],
        longest=ordered[-1],
        aim=kind.aim,
        sent=sorted(sent)[len(sent) // 2],
        queries=(min(store), max(store)),
        catalogue_queries=(min(catalogue), max(catalogue)),
    )


def queries_of(visitor: Visitor, address: str) -> tuple[int, int]:
    """Return how many questions one page asks of the store and of the catalogue."""
    with counting() as counts:
        visitor.ask(address)
    return counts["store"], counts["catalogue"]


@contextmanager
def counting() -> Iterator[dict[str, int]]:
    """Count the questions asked inside the block."""
    from django.db import connection

    from tejido.vault.catalogue import Catalogue

    counts = {"store": 0, "catalogue": 0}
    plain = Catalogue._rows

    def of_store(execute: Callable[..., Any], *arguments: Any) -> Any:
        counts["store"] += 1
        return execute(*arguments)

    def of_catalogue(catalogue: Catalogue, *arguments: Any) -> Any:
        counts["catalogue"] += 1
        return plain(catalogue, *arguments)

    with connection.execute_wrapper(of_store), patch.object(Catalogue, "_rows", of_catalogue):
        yield counts


def unpacked(body: bytes) -> str:
    """Return the page that was sent."""
    return (gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body).decode()
