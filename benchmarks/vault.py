"""What sealing costs: the same rows sealed, through plain Django and in plain SQLite, in one run, as ratios.

Plain Django is the same model on the same machine with its texts in clear, in an unencrypted file. Each figure is the
best of several: other work on the machine can only make one longer.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

if TYPE_CHECKING:
    from tejido.circles.models import Member

_WRITTEN, _PAGE, _TURNS = 2_000, 50, 15
_TEXT = "La asamblea decidió acompañar a la familia y avisar a la red de la cuenca. " * 3


@dataclass(frozen=True)
class Measured:
    """One kind of work: milliseconds sealed, through plain Django and in plain SQLite (None where there is none)."""

    name: str
    sealed: float
    django: float | None = None
    sqlite: float | None = None
    aim: str = ""


def measure(
    by: Member, room: Path, *, dossiers: int = 10_000, sizes: tuple[int, ...] = (10_000, 100_000)
) -> list[Measured]:
    """Measure writing, reading, a list page of 50, search, unlocking and rotation."""
    plain = _PlainDjango(room / "django.db")
    raw = _PlainSqlite(room / "raw.db")
    found = [*_rows(by, plain, raw), *_rotation(by, dossiers)]
    made = 0
    for size in sizes:
        found.append(_search(by, raw, made, size))
        made = size
    found.append(_unlock())
    return found


def _best(work: Callable[[], object], turns: int = _TURNS) -> float:
    """Return the shortest of several runs, in milliseconds."""
    taken = []
    for _ in range(turns):
        started = time.perf_counter()
        work()
        taken.append((time.perf_counter() - started) * 1000)
    return min(taken)


class _PlainDjango:
    """The same columns in clear, through Django, in an unencrypted file."""

    def __init__(self, path: Path) -> None:
        from django.db import connections, models

        connections.databases["plain"] = {
            **connections.databases["default"], "ENGINE": "django.db.backends.sqlite3", "NAME": str(path),
        }  # fmt: skip

        class PlainActor(models.Model):
            id = models.UUIDField(primary_key=True, default=uuid4)
            kind = models.CharField(max_length=24)
            names = models.JSONField(default=list)
            about = models.TextField()

            class Meta:
                app_label = "vault"
                db_table = "plain_actor"

        self.model: Any = PlainActor
        connection = connections["plain"]
        with connection.cursor() as cursor:
            for pragma in ("journal_mode = WAL", "synchronous = FULL"):
                cursor.execute(f"PRAGMA {pragma}")
        with connection.schema_editor() as editor:
            editor.create_model(PlainActor)

    def write(self, ids: list[UUID]) -> None:
        """Insert one row for each id."""
        rows = [self.model(id=one, kind="person", names=_names(n), about=_TEXT) for n, one in enumerate(ids)]
        self.model.objects.using("plain").bulk_create(rows, batch_size=500)

    def page(self, ids: list[UUID]) -> int:
        """Read a page of rows and show them."""
        rows = self.model.objects.using("plain").filter(pk__in=ids)
        return sum(len(row.names[0]["text"]) + len(row.about) for row in rows)


class _PlainSqlite:
    """The same rows by hand-written SQL."""

    def __init__(self, path: Path) -> None:
        self._store = sqlite3.connect(path)
        self._store.execute("PRAGMA journal_mode = WAL")
        self._store.execute("PRAGMA synchronous = FULL")
        self._store.execute("CREATE TABLE actor (id BLOB PRIMARY KEY, kind TEXT, names TEXT, about TEXT)")
        self._store.execute("CREATE VIRTUAL TABLE words USING fts5(label, prefix='2 3')")

    def write(self, ids: list[UUID]) -> None:
        """Insert one row for each id."""
        rows = [(one.bytes, "person", str(_names(n)), _TEXT) for n, one in enumerate(ids)]
        self._store.executemany("INSERT INTO actor VALUES (?, ?, ?, ?)", rows)
        self._store.commit()

    def page(self, ids: list[UUID]) -> int:
        """Read a page of rows."""
        marks = ", ".join("?" * len(ids))
        rows = self._store.execute(f"SELECT * FROM actor WHERE id IN ({marks})", [one.bytes for one in ids])
        return sum(len(row[2]) + len(row[3]) for row in rows)

    def index(self, first: int, last: int) -> None:
        """Index names for search."""
        self._store.executemany("INSERT INTO words VALUES (?)", [(_label(n),) for n in range(first, last)])
        self._store.commit()

    def search(self, words: str) -> int:
        """Search the first twenty names with ``words``."""
        return len(self._store.execute("SELECT * FROM words WHERE words MATCH ? LIMIT 20", [words]).fetchall())


def _label(n: int) -> str:
    return f"Asamblea {n:06} de la Ribera"


def _names(n: int) -> list[dict[str, str]]:
    return [{"text": _label(n), "kind": "usual", "lang": "es"}]


def _seal(by: Member, ids: list[UUID], first: int = 0, *, about: str = _TEXT) -> None:
    from tejido.fabric.models import Actor
    from tejido.vault.journal import writing
    from tejido.vault.records import create_all

    with writing(by=by, action="bench.make") as entry:
        rows = (
            Actor(id=one, circle_id=by.circle_id, kind="person", names=_names(n), about=about)
            for n, one in enumerate(ids, start=first)
        )
        create_all(Actor, rows, entry)


def _rows(by: Member, plain: _PlainDjango, raw: _PlainSqlite) -> list[Measured]:
    from tejido.fabric.models import Actor
    from tejido.vault.keyring import Keyring, current, using

    batches = [[uuid4() for _ in range(_WRITTEN)] for _ in range(3)]
    turns = [iter(batches) for _ in range(3)]
    writing = Measured(
        f"write {_WRITTEN:,} records",
        _best(lambda: _seal(by, next(turns[0])), 3),
        _best(lambda: plain.write(next(turns[1])), 3),
        _best(lambda: raw.write(next(turns[2])), 3),
    )
    shown = batches[0][:_PAGE]

    def page(ids: list[UUID] = shown) -> int:
        return sum(len(row.usual_name) + len(row.about) for row in Actor.objects.filter(pk__in=ids))

    def cold() -> None:
        with using(Keyring(current().exported())):
            page()

    one = shown[:1]
    return [
        writing,
        Measured(
            "read 1 record", _best(lambda: page(one)), _best(lambda: plain.page(one)), _best(lambda: raw.page(one))
        ),
        Measured(
            f"rows of a list page of {_PAGE}", _best(page), _best(lambda: plain.page(shown)),
            _best(lambda: raw.page(shown)),
        ),
        Measured("the same, no key of them in memory yet", _best(cold), _best(lambda: plain.page(shown))),
        *_whole_pages(by, plain, shown),
    ]  # fmt: skip


def _whole_pages(by: Member, plain: _PlainDjango, shown: list[UUID]) -> list[Measured]:
    """A list page of 50, its rows from the encrypted catalogue, as lists are made here, and with each record opened.

    The same frame and a template as long stand around plain rows.
    """
    from django.template import engines

    from tejido.fabric.catalogue import ACTORS
    from tejido.fabric.models import Actor
    from tejido.vault.catalogue import catalogue

    listed = engines["django"].from_string(
        "{% extends 'web/skeleton.html' %}{% block page %}<table>{% for row in rows %}<tr>"
        "<td>{{ row.facets.0 }}</td><td>{{ row.label }}</td><td>{{ row.note }}</td></tr>"
        "{% endfor %}</table>{% endblock %}"
    )
    template = engines["django"].from_string(
        "{% extends 'web/skeleton.html' %}{% block page %}<table>{% for row in rows %}<tr><td>{{ row.kind }}</td><td>"
        "{{ row.names.0.text }}</td><td>{{ row.about }}</td></tr>{% endfor %}</table>{% endblock %}"
    )

    def sealed() -> str:
        return template.render({"rows": Actor.objects.filter(pk__in=shown)})

    def clear() -> str:
        return template.render({"rows": plain.model.objects.using("plain").filter(pk__in=shown)})

    def rows_listed() -> str:
        return listed.render({"rows": catalogue().page(ACTORS, after=shown[0], size=_PAGE).rows})

    rows_listed()
    return [
        Measured(f"list page of {_PAGE}, as lists are made", _best(rows_listed), _best(clear), aim="≤ 1.5 × Django"),
        Measured(f"list page of {_PAGE}, each record opened", _best(sealed), _best(clear)),
    ]


def _rotation(by: Member, dossiers: int) -> list[Measured]:
    from tejido.circles.actions import begin_epoch
    from tejido.circles.membership import rewrap_dossiers
    from tejido.vault import keystore
    from tejido.vault.journal import writing
    from tejido.vault.keyring import current

    missing = dossiers - keystore.of_process().many()
    _seal(by, [uuid4() for _ in range(max(0, missing))], about="")
    with writing(by=by, action="circle.begin_epoch") as entry:
        epoch, key = begin_epoch(by.circle_id, entry)
    current().learn(by.circle_id, epoch, key)
    return [Measured(f"rotate {dossiers:,} dossiers", _best(lambda: rewrap_dossiers(by.circle_id), 1))]


def _search(by: Member, raw: _PlainSqlite, made: int, size: int) -> Measured:
    from tejido.fabric.catalogue import ACTORS
    from tejido.fabric.models import Actor
    from tejido.vault.catalogue import catalogue

    first = Actor.objects.count()
    for start in range(first, size, 10_000):
        _seal(by, [uuid4() for _ in range(min(10_000, size - start))], start, about="")
    raw.index(made, size)
    cat = catalogue()
    cat.catch_up([ACTORS])
    numbers = count(max(1, made // 2))
    sealed = _best(lambda: cat.find(f"{next(numbers):06} ribera", nouns=[ACTORS]))
    again = count(max(1, made // 2))
    aim = "≤ 100 ms" if size == 10_000 else ""
    return Measured(
        f"search {size:,} records", sealed, None, _best(lambda: raw.search(f'"{next(again):06}"* ribera*')), aim
    )


def _unlock() -> Measured:
    from django.conf import settings

    from benchmarks.place import PASSPHRASE
    from tejido.circles.actions import open_keyring
    from tejido.vault.keyring import FILE_KEY

    held = FILE_KEY.get()

    def unlock() -> None:
        open_keyring(settings.WORKSPACE.unlock(PASSPHRASE))

    taken = _best(unlock, 3)
    FILE_KEY.put(held)
    return Measured("unlock", taken, aim="≤ 1 s")
