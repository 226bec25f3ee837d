"""Choosing actors (or territories) by typing names: the one already known, a likely double, or a new one.

A form part without JavaScript. Somebody types names, one on each line. A name that exactly one known actor bears
is that actor. If several bear it, or others are much alike, the form comes back and asks, with radio buttons; a
name that resembles nobody's is a new actor of the form's own kind, or the form asks of which kind.

As a field of a form (``tejido.fabric.choice_fields``), the usual way::

    class RecordSheet(Sheet):
        victims = ActorsField(label=_("Whom was it done to?"), new_kind="person", required=False)

    {% field form.victims %}                                   {# draws text, questions and answers #}
    ids = form.cleaned_data["victims"].settle(by=request.by, entry=entry)    # inside ``writing``

``settle`` gives the ids of the actors meant, each once, and records the new ones under the same journal entry.
``initial=[ids]`` starts from actors already chosen; ``many=False`` takes one name. Nothing typed is lost: the part
shows again what was posted, with its questions; the form's error summary links to it.

Without a form: ``ActorChoice(prefix, request.POST, …)`` has ``is_settled()``, ``errors``, ``asks``, ``resolved``,
``typed``, ``settle``; and ``resolve(text, chosen, kind)`` answers for one name.

Fields posted, with ``p`` the prefix: ``p`` (text), ``p-known`` (ids, repeated), and for each question, under a key
made of its name, ``p-is-KEY`` (an id, or ``new``) and ``p-kind-KEY`` (kind of the new actor).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from tejido.domain.errors import BadInput
from tejido.domain.names import sort_key, usual_form
from tejido.fabric.catalogue import ACTORS, TERRITORIES
from tejido.fabric.making import LONGEST_NAME, make_actor, make_territory, one_line
from tejido.fabric.models import Actor, Territory
from tejido.vault.catalogue import Line, Noun, catalogue
from tejido.vault.journal import By, Entry
from tejido.vault.records import create_all
from tejido.vocabularies import vocabulary

#: How many names one part takes; a longer list is brought in by an import.
MOST_TYPED: Final = 100
_MOST_CANDIDATES: Final = 6
_LIKELY: Final = 0.82


@dataclass(frozen=True, slots=True)
class Candidate:
    """A known actor that may be the one meant; ``kind`` is a code, ``note`` what tells it from others."""

    id: UUID
    name: str
    kind: str
    note: str = ""

    @property
    def key(self) -> str:
        """The id as a form posts it."""
        return str(self.id)


@dataclass(frozen=True, slots=True)
class Known:
    """An actor that is on record."""

    id: UUID


@dataclass(frozen=True, slots=True)
class New:
    """An actor to be recorded."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A question that only a person can answer: which of these, or a new one of which kind?

    ``chosen`` (an id as text, ``new`` or nothing) and ``kind`` are what was answered so far.
    """

    key: str
    name: str
    candidates: tuple[Candidate, ...] = ()
    chosen: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Chooser:
    """Finds whom typed names mean among the records of one noun; ``kinds`` is the list of their kinds."""

    noun: Noun[Any]
    kinds: str

    def resolve(self, text: str, chosen: str = "", kind: str = "", new_kind: str = "") -> Known | Ask | New:
        """Return whom a typed name means; see ``resolve`` below."""
        name = one_line(text)
        if chosen == "new" and kind in vocabulary(self.kinds):
            return New(kind, name)
        picked = as_id(chosen)
        if picked is not None and picked in catalogue().lines(self.noun, [picked]):
            return Known(picked)
        same, candidates = self.candidates(name)
        if len(same) == 1 and not chosen:
            return Known(same[0].id)
        if not candidates and new_kind and not chosen:
            return New(new_kind, name)
        return Ask(key_of(name), name, candidates, chosen if chosen == "new" else "", kind or new_kind)

    def candidates(self, name: str) -> tuple[list[Candidate], tuple[Candidate, ...]]:
        """Return the records that bear exactly this name, and all that may be meant (these among them)."""
        cat = catalogue()
        same = [_candidate(line) for line in cat.exactly(self.noun, name)]
        found = {one.id: one for one in same}
        for alike in cat.alike(self.noun, name, least=_LIKELY):
            found.setdefault(alike.line.id, _candidate(alike.line))
        if not found:  # a former name, an acronym or another name
            for hit in cat.find(name, nouns=[self.noun], size=3):
                found.setdefault(hit.line.id, _candidate(hit.line))
        return same, tuple(found.values())[:_MOST_CANDIDATES]


_ACTORS: Final = Chooser(ACTORS, "actor_kinds")
_TERRITORIES: Final = Chooser(TERRITORIES, "territory_kinds")


def resolve(text: str, chosen: str = "", kind: str = "", new_kind: str = "") -> Known | Ask | New:
    """Return which actor a typed name means.

    ``chosen`` is the answer to an earlier question (an id as text, or ``new``) and ``kind`` the kind answered
    with it; ``new_kind`` is the kind of an actor whose name resembles nobody's (without it, that is asked).
    Raises ``BadInput`` for an overlong name.
    """
    return _ACTORS.resolve(text, chosen, kind, new_kind)


def doubles_of(names: Sequence[str], *, but: UUID | None = None) -> tuple[Candidate, ...]:
    """Return known actors that may be the one about to be recorded under ``names``; ``but`` is not its own double."""
    found: dict[UUID, Candidate] = {}
    for name in names[:5]:
        same, alike = _ACTORS.candidates(usual_form(name)[:LONGEST_NAME])
        found.update((one.id, one) for one in (*same, *alike) if one.id != but)
    return tuple(found.values())[:_MOST_CANDIDATES]


def key_of(name: str) -> str:
    """Return the key under which a question about ``name`` is asked; it does not say the name."""
    return sha256(usual_form(name).casefold().encode()).hexdigest()[:12]


class Choice:
    """One form part in which records of one noun are chosen; see the top of this file."""

    chooser: Chooser

    def __init__(
        self,
        prefix: str,
        data: QueryDict | None = None,
        *,
        known: Iterable[UUID] = (),
        new_kind: str = "",
        many: bool = True,
        needed: bool = False,
    ) -> None:
        self.prefix, self.new_kind, self.many, self.needed = prefix, new_kind, many, needed
        self._data = data
        self._first = list(dict.fromkeys(known))

    @property
    def anchor(self) -> str:
        """The id of the part's text field."""
        return f"id_{self.prefix}"

    @cached_property
    def typed(self) -> str:
        """The names as they were typed."""
        return self._data.get(self.prefix, "") if self._data is not None else ""

    @cached_property
    def picked(self) -> tuple[Candidate, ...]:
        """The actors chosen before, to be unticked where one is not meant."""
        posted = self._data.getlist(f"{self.prefix}-known") if self._data is not None else map(str, self._first)
        ids = [one for one in map(as_id, list(posted)[: MOST_TYPED * 5]) if one is not None]
        lines = catalogue().lines(self.chooser.noun, ids) if ids else {}
        return tuple(_candidate(lines[one]) for one in dict.fromkeys(ids) if one in lines)

    @cached_property
    def asks(self) -> tuple[Ask, ...]:
        """What is still to be answered or was answered, in the order typed; shown as radio buttons."""
        return tuple(ask for _answer, ask in self._answers.values() if ask is not None)

    @cached_property
    def resolved(self) -> tuple[Known | New, ...]:
        """Whom the answers so far mean, each actor once."""
        found: dict[UUID | str, Known | New] = {one.id: Known(one.id) for one in self.picked}
        for answer, _ask in self._answers.values():
            if isinstance(answer, Known):
                found.setdefault(answer.id, answer)
            elif isinstance(answer, New):
                found.setdefault(sort_key(answer.name) or answer.name, answer)
        return tuple(found.values())

    @cached_property
    def errors(self) -> tuple[str, ...]:
        """What stands in the way, as sentences."""
        if self._mistake is not None:
            return (self._mistake,)
        open_ones = [ask for answer, ask in self._answers.values() if isinstance(answer, Ask) and ask is not None]
        if open_ones:
            return tuple(_question(ask) for ask in open_ones)
        if self.needed and not self.resolved:
            return (_("Please write at least one name, or words such as “a community of the river”."),)
        return ()

    @property
    def is_bound(self) -> bool:
        """Say whether something was posted."""
        return self._data is not None

    def is_settled(self) -> bool:
        """Say whether everything typed was understood."""
        return self._data is not None and not self.errors

    @property
    def kinds(self) -> str:
        """The list from which the kind of a new one is taken."""
        return self.chooser.kinds

    def settle(self, *, by: By, entry: Entry) -> list[UUID]:
        """Return the ids of those meant, each once, the new ones recorded under ``entry``."""
        made = {one: self.make(by, one) for one in self.resolved if isinstance(one, New)}
        self.write(list(made.values()), entry)
        return [made[one].pk if isinstance(one, New) else one.id for one in self.resolved]

    def make(self, by: By, new: New) -> Any:
        """Return the new record, not yet written."""
        raise TypeError("a choice says what it makes of a new name")

    def write(self, records: list[Any], entry: Entry) -> None:
        """Write the new records."""
        if records:
            create_all(type(records[0]), records, entry)

    @cached_property
    def _read(self) -> tuple[tuple[str, ...], str | None]:
        """The names typed, cleaned, each once, with what is wrong with them as a whole."""
        lines = self.typed.splitlines() if self.many else [" ".join(self.typed.split())]
        try:
            names = list(dict.fromkeys(name for name in map(one_line, lines[: MOST_TYPED * 2]) if name))
        except BadInput:
            return (), _("A name is longer than %(most)s characters. What you typed was kept; please shorten it.") % {
                "most": LONGEST_NAME
            }
        if len(names) > MOST_TYPED or len(lines) > MOST_TYPED * 2:
            return (), _(
                "At most %(most)s names are taken here. What you typed was kept; a longer list can be imported."
            ) % {"most": MOST_TYPED}
        return tuple(names), None

    @property
    def _mistake(self) -> str | None:
        return self._read[1]

    @cached_property
    def _answers(self) -> Mapping[str, tuple[Known | Ask | New, Ask | None]]:
        """By name: whom it means, and the question that goes on being shown with its answer."""
        data = self._data
        if data is None:
            return {}
        answers: dict[str, tuple[Known | Ask | New, Ask | None]] = {}
        for name in self._read[0]:
            key = key_of(name)
            chosen = data.get(f"{self.prefix}-is-{key}", "")
            kind = data.get(f"{self.prefix}-kind-{key}", "")
            answer = self.chooser.resolve(name, chosen, kind, self.new_kind)
            question: Ask | None = answer if isinstance(answer, Ask) else None
            if question is None and chosen:
                _same, candidates = self.chooser.candidates(name)
                question = Ask(key, name, candidates, chosen, kind or self.new_kind)
            answers[name] = (answer, question)
        return answers


class ActorChoice(Choice):
    """One form part in which actors are chosen."""

    chooser = _ACTORS

    def make(self, by: By, new: New) -> Actor:
        """Return the new actor, not yet written."""
        return make_actor(by=by, kind=new.kind, names=[new.name])


class TerritoryChoice(Choice):
    """One form part in which a territory is chosen."""

    chooser = _TERRITORIES

    def make(self, by: By, new: New) -> Territory:
        """Return the new territory, not yet written."""
        return make_territory(by=by, name=new.name, kind=new.kind)


def _question(ask: Ask) -> str:
    if ask.candidates:
        return _("“%(name)s”: say whether it is one of those already known, or another.") % {"name": ask.name}
    return _("“%(name)s” is new here: say what kind it is.") % {"name": ask.name}


def _candidate(line: Line) -> Candidate:
    kind = next((facet.removeprefix("kind:") for facet in line.facets if facet.startswith("kind:")), "unknown")
    return Candidate(line.id, line.label, kind, line.note)


def as_id(text: str) -> UUID | None:
    """Return the id that ``text`` writes, if it writes one."""
    try:
        return UUID(text)
    except ValueError:
        return None
