"""The catalogue: an encrypted file, derived from sealed records, that lists and searches them.

Sealed columns can be neither ordered nor searched in the database, on purpose. So each circle has a catalogue:
a SQLCipher file beside the workspace, under a key derived from the circle's, with a full-text index (SQLite
FTS5). It may be deleted at any time: it is made again from the records. Before each reading it catches up with
what was written since, by the records' stamps; if the store was put back to an earlier state, it starts anew.

What a line says is decided by the slice that owns the record, as a ``Noun``; this file knows no slice.
"""

from __future__ import annotations

import contextlib
import threading
import weakref
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from itertools import islice
from pathlib import Path
from typing import Any, Concatenate, Final, Generic, ParamSpec, TypeVar
from uuid import UUID

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.db.models.functions import Coalesce

from tejido.domain.names import likeness, match_key, sort_key
from tejido.vault.catalogue_file import Line, Shelf, forget, forget_all, remove_file, write
from tejido.vault.journal import last_line
from tejido.vault.keyring import FILE_KEY, circle_at_work, current
from tejido.vault.models import Removal, SealedRecord
from tejido.vault.sqlcipher.base import Database
from tejido.web.paging import Page

R = TypeVar("R", bound=SealedRecord)
P = ParamSpec("P")
A = TypeVar("A")
Progress = Callable[[int, int], None]

_CHUNK: Final = 2000


@dataclass(frozen=True)
class Noun(Generic[R]):
    """A kind of record as the catalogue sees it: its model and how a record becomes a line.

    ``alike`` asks for likely doubles to be found by the shape of the label, not only by whole words. ``asked``
    adds to the query what ``line`` needs beyond the record and its ``related`` and ``prefetch``.
    """

    name: str
    model: type[R]
    line: Callable[[R], Line]
    prefetch: tuple[str | Prefetch[Any], ...] = ()
    related: tuple[str, ...] = ()
    alike: bool = False
    asked: Callable[[QuerySet[R]], QuerySet[R]] | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """One answer of a search: which kind of record, and its line."""

    noun: str
    line: Line


@dataclass(frozen=True, slots=True)
class Alike:
    """A likely double, with its likeness from 0 to 1."""

    line: Line
    likeness: float


def _made_again_if_damaged(
    reading: Callable[Concatenate[Catalogue, P], A],
) -> Callable[Concatenate[Catalogue, P], A]:
    """Read once more from a catalogue made anew if the file turns out to be damaged: it holds nothing of its own."""

    @wraps(reading)
    def read(catalogue: Catalogue, /, *args: P.args, **options: P.kwargs) -> A:
        try:
            return reading(catalogue, *args, **options)
        except Database.DatabaseError as error:
            # Its subclasses say that the disk is full or somebody holds the file: making it anew mends neither.
            if type(error) is not Database.DatabaseError:
                raise
            catalogue._make_again()
            return reading(catalogue, *args, **options)

    return read


class Catalogue:
    """The catalogue of one circle. One object serves all threads; each has its own connection."""

    def __init__(self, path: Path, key: bytes, circle: UUID) -> None:
        self._path, self._key, self._circle = path, key, circle
        self._local = threading.local()
        self._taking_in = threading.Lock()
        self._shelves: weakref.WeakSet[Shelf] = weakref.WeakSet()
        self._made: dict[tuple[object, ...], tuple[bytes, Any]] = {}

    def close(self) -> None:
        """Close every connection that no thread is using just now: each holds the key in memory."""
        self._made.clear()
        for shelf in list(self._shelves):
            shelf.close_if_idle()

    @_made_again_if_damaged
    def page(
        self,
        noun: Noun[Any],
        *,
        facets: Collection[str] = (),
        words: str = "",
        after: UUID | None = None,
        before: UUID | None = None,
        size: int = 50,
        newest_first: bool = False,
    ) -> Page[Line]:
        """Return one page of lines in their order, after or before a given record, holding all ``facets``."""
        self.catch_up([noun])
        backwards = before is not None
        rising = newest_first is backwards
        wanted = _Wanted(noun.name, tuple(facets), _query(words))
        pivot = self._order_of(noun.name, before or after)
        rows = self._rows(*wanted.select(pivot, rising=rising, size=size + 1))
        more = len(rows) > size
        lines = [_line(row) for row in rows[:size]]
        if backwards:
            lines.reverse()
        has_before = more if backwards else pivot is not None
        has_after = pivot is not None if backwards else more
        return Page(
            rows=tuple(lines),
            after=lines[-1].id if lines and has_after else None,
            before=lines[0].id if lines and has_before else None,
        )

    @_made_again_if_damaged
    def find(self, words: str, *, nouns: Sequence[Noun[Any]], size: int = 50) -> tuple[Found, ...]:
        """Return the ``size`` best answers to ``words``: every word begins a word of the record, accents aside."""
        self.catch_up(nouns)
        query = _query(words)
        if not query:
            return ()
        marks = ",".join("?" * len(nouns))
        sql = (
            f"SELECT l.noun, l.id, l.label, l.ord, l.note, l.facets FROM words w JOIN line l ON l.n = w.rowid "  # noqa: S608
            f"WHERE words MATCH ? AND l.noun IN ({marks}) ORDER BY bm25(words, 8.0, 1.0), l.n DESC LIMIT ?"
        )
        rows = self._rows(sql, [query, *(noun.name for noun in nouns), size])
        return tuple(Found(row[0], _line(row[1:])) for row in rows)

    @_made_again_if_damaged
    def alike(self, noun: Noun[Any], text: str, *, size: int = 5, least: float = 0.72) -> tuple[Alike, ...]:
        """Return likely doubles of ``text`` among the labels of ``noun``, most alike first."""
        self.catch_up([noun])
        key = match_key(text)
        pieces = {key[at : at + 3] for at in range(len(key) - 2)}
        if not pieces:
            return ()
        query = " OR ".join('"' + piece.replace('"', '""') + '"' for piece in sorted(pieces))
        rows = self._rows(
            "SELECT l.id, l.label, l.ord, l.note, l.facets FROM shapes s JOIN line l ON l.n = s.rowid "
            "WHERE shapes MATCH ? AND l.noun = ? ORDER BY rank LIMIT 60",
            [query, noun.name],
        )
        scored = (Alike(line, likeness(text, line.label)) for line in map(_line, rows))
        close = sorted((one for one in scored if one.likeness >= least), key=lambda one: (-one.likeness, one.line.id))
        return tuple(close[:size])

    @_made_again_if_damaged
    def exactly(self, noun: Noun[Any], text: str) -> tuple[Line, ...]:
        """Return the records whose ``order`` is the sort key of ``text``: same name, accents and case aside."""
        self.catch_up([noun])
        sql = "SELECT id, label, ord, note, facets FROM line WHERE noun = ? AND ord = ? ORDER BY id LIMIT 20"
        return tuple(map(_line, self._rows(sql, [noun.name, sort_key(text)])))

    @_made_again_if_damaged
    def lines(self, noun: Noun[Any], ids: Iterable[UUID]) -> dict[UUID, Line]:
        """Return the lines of the given records."""
        self.catch_up([noun])
        wanted = [one.bytes for one in ids]
        found: dict[UUID, Line] = {}
        for at in range(0, len(wanted), 500):
            part = wanted[at : at + 500]
            marks = ",".join("?" * len(part))
            sql = f"SELECT id, label, ord, note, facets FROM line WHERE noun = ? AND id IN ({marks})"  # noqa: S608
            found.update((line.id, line) for line in map(_line, self._rows(sql, [noun.name, *part])))
        return found

    @_made_again_if_damaged
    def counts(self, noun: Noun[Any], prefix: str) -> dict[str, int]:
        """Return how many records carry each facet that begins with ``prefix``, by what follows it."""
        self.catch_up([noun])
        sql = "SELECT value, many FROM tally WHERE noun = ? AND value >= ? AND value < ? AND many > 0 ORDER BY value"
        rows = self._rows(sql, [noun.name, prefix, prefix + "\U0010ffff"])
        return {str(value)[len(prefix) :]: int(many) for value, many in rows}

    @_made_again_if_damaged
    def total(self, noun: Noun[Any]) -> int:
        """Return how many records there are."""
        self.catch_up([noun])
        rows = self._rows("SELECT many FROM tally WHERE noun = ? AND value = ''", [noun.name])
        return int(rows[0][0]) if rows else 0

    def once(self, name: tuple[object, ...], make: Callable[[], A]) -> A:
        """Return what ``make`` reads, made once for as long as nothing is written; gone with the key.

        For what every page of a list shows alike, such as its filters. Whoever is given it changes nothing in it.
        """
        digest = last_line()[1]
        known = self._made.get(name)
        if known is None or known[0] != digest:
            made: A = make()
            known = self._made[name] = digest, made
        found: A = known[1]
        return found

    def catch_up(self, nouns: Sequence[Noun[Any]], *, progress: Progress | None = None) -> None:
        """Take in what was written since the last reading; called by every reading."""
        stamp, digest = last_line()
        for noun in nouns:
            mark = self._rows("SELECT stamp, digest FROM mark WHERE noun = ?", [noun.name])
            if not mark or mark[0][0] != stamp or bytes(mark[0][1]) != digest:
                # Threads wait here as long as it takes; the file itself would turn them away after a while.
                with self._taking_in, self._at_hand() as store:
                    self._take_in(store, noun, progress)

    def _take_in(self, store: Any, noun: Noun[Any], progress: Progress | None) -> None:
        store.execute("BEGIN IMMEDIATE")
        try:
            # Asked again: somebody may have written, and another thread taken it in, while this one waited.
            stamp, digest = last_line(anew=True)
            mark = store.execute("SELECT stamp, digest FROM mark WHERE noun = ?", [noun.name]).fetchone()
            seen = int(mark[0]) if mark else 0
            if mark and (seen > stamp or last_line(at=seen)[1] != bytes(mark[1])):
                forget_all(store, noun.name)
                seen = 0
            self._write_changes(store, noun, seen, stamp, progress)
            store.execute("INSERT OR REPLACE INTO mark VALUES (?, ?, ?)", [noun.name, stamp, digest])
            store.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(Database.DatabaseError):
                store.execute("ROLLBACK")
            raise

    def _write_changes(self, store: Any, noun: Noun[Any], seen: int, stamp: int, progress: Progress | None) -> None:
        label = noun.model._meta.label_lower
        for gone in Removal.objects.filter(stamp__gt=seen, stamp__lte=stamp, noun=label).values_list(
            "record", flat=True
        ):
            forget(store, noun.name, gone)
        changed = noun.model._default_manager.filter(stamp__gt=seen, stamp__lte=stamp)
        if seen:
            # Asked for the circle as it stands, SQLite would go through all its rows: wrapped, it begins at the stamp.
            changed = changed.annotate(theirs=Coalesce("circle_id", "circle_id")).filter(theirs=self._circle)
        else:
            changed = changed.filter(circle_id=self._circle)
        changed = changed.select_related(*noun.related).prefetch_related(*noun.prefetch)
        records = (noun.asked(changed) if noun.asked else changed).iterator(chunk_size=_CHUNK)
        total = changed.count() if progress else 0
        done = 0
        while lines := [noun.line(record) for record in islice(records, _CHUNK)]:
            for line in lines if seen else ():
                forget(store, noun.name, line.id)
            write(store, noun.name, lines, by_shape=noun.alike)
            done += len(lines)
            if progress:
                progress(done, total)

    def _order_of(self, noun: str, record: UUID | None) -> tuple[str, bytes] | None:
        if record is None:
            return None
        rows = self._rows("SELECT ord, id FROM line WHERE noun = ? AND id = ?", [noun, record.bytes])
        return (rows[0][0], bytes(rows[0][1])) if rows else None

    def _rows(self, sql: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        with self._at_hand() as store:
            rows: list[tuple[Any, ...]] = store.execute(sql, values).fetchall()
        return rows

    @contextmanager
    def _at_hand(self) -> Iterator[Any]:
        """Give this thread's connection; a new one if the file was deleted or made again since."""
        shelf: Shelf | None = getattr(self._local, "shelf", None)
        if shelf is None or not shelf.serves(self._path):
            if shelf is not None:
                shelf.close_if_idle()
            shelf = self._local.shelf = Shelf(self._path, self._key)
            self._shelves.add(shelf)
        with shelf.in_use() as store:
            yield store

    def _make_again(self) -> None:
        """Let go of a file that is damaged, unless another thread did so already."""
        shelf: Shelf | None = getattr(self._local, "shelf", None)
        if shelf is not None and shelf.serves(self._path):
            shelf.close_if_idle()
            remove_file(self._path)
        self._local.shelf = None


@dataclass(frozen=True)
class _Wanted:
    """What a page asks for, turned into one statement that walks an index in order."""

    noun: str
    facets: tuple[str, ...]
    query: str

    def select(self, pivot: tuple[str, bytes] | None, *, rising: bool, size: int) -> tuple[str, list[object]]:
        values: list[object] = []
        if self.facets:
            sql = "SELECT l.id, l.label, l.ord, l.note, l.facets FROM facet f JOIN line l ON l.n = f.n "
            sql += "WHERE f.noun = ? AND f.value = ?"
            values += [self.noun, self.facets[0]]
            walk = "f"
        else:
            sql = "SELECT l.id, l.label, l.ord, l.note, l.facets FROM line l WHERE l.noun = ?"
            values.append(self.noun)
            walk = "l"
        for facet in self.facets[1:]:
            sql += " AND EXISTS (SELECT 1 FROM facet o WHERE o.n = f.n AND o.value = ?)"
            values.append(facet)
        if self.query:
            sql += " AND l.n IN (SELECT rowid FROM words WHERE words MATCH ?)"
            values.append(self.query)
        if pivot is not None:
            sql += f" AND ({walk}.ord, {walk}.id) {'>' if rising else '<'} (?, ?)"
            values += pivot
        way = "ASC" if rising else "DESC"
        return f"{sql} ORDER BY {walk}.ord {way}, {walk}.id {way} LIMIT ?", [*values, size]


__all__ = ["Alike", "Catalogue", "Found", "Line", "Noun", "catalogue"]

_open: dict[tuple[UUID, bytes], Catalogue] = {}
_open_lock = threading.Lock()


def _forget_keys() -> None:
    """Keep no key of a catalogue in memory over the lock."""
    with _open_lock:
        known = list(_open.values())
        _open.clear()
    for one in known:
        one.close()


FILE_KEY.when_dropped(_forget_keys)


def catalogue() -> Catalogue:
    """Return the catalogue of the circle at work."""
    keyring, circle = current(), circle_at_work()
    key = keyring.derived(circle, "catalogue")
    with _open_lock:
        known = _open.get((circle, key))
        if known is None:
            path = Path(settings.WORKSPACE.directory) / f"catalogue-{circle.hex[:12]}.db"
            known = _open[(circle, key)] = Catalogue(path, key, circle)
        return known


def _query(words: str) -> str:
    """Turn what was typed into an FTS5 query: each word quoted, as a prefix; no operators get through."""
    parts = sort_key(words).split()[:12]
    return " ".join(f'"{part}"*' for part in parts if part.strip('"'))


def _line(row: Sequence[Any]) -> Line:
    record, label, order, note, facets = row
    return Line(UUID(bytes=bytes(record)), label, order, "", tuple(facets.split("\n")) if facets else (), note)
