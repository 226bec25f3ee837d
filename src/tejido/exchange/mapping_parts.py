"""The parts of a mapping, each read from its place in the document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from tejido.domain.errors import BadInput
from tejido.domain.words import N_
from tejido.exchange import mapping as shape
from tejido.exchange.nodes import Node
from tejido.exchange.repeating import repeated
from tejido.exchange.templates import Table, Template, compiled
from tejido.vocabularies import vocabulary

_NO_TABLE = N_("In the mapping, {path} names the table “{table}”, which is not under “values”.")
_NO_CODE = N_("In the mapping, {path} gives “{code}”, which is not in the list of {vocabulary}. It has: {known}.")
_NO_SUCH = N_("In the mapping, {path} names “{name}”, which is not defined. Defined are: {known}.")
_BAD_PATTERN = N_("In the mapping, {path} is not a well-formed pattern: {problem}.")
_WHEN_KINDS: Final = ("day", "month", "year", "text")
_TITLE_FIELDS: Final = frozenset({"acts", "victim", "victims", "where", "when"})
_ACTOR_KEYS: Final = ("form", "naming", "name", "names", "identities", "about", "size", "details", "ties", "part_of")


class Parts:
    """Reads parts and gathers the columns they use."""

    def __init__(self, tables: dict[str, Table], language: str) -> None:
        self._tables, self._language = tables, language
        self.columns: set[str] = set()
        self._territories: frozenset[str] = frozenset()
        self._known: frozenset[str] = frozenset()
        self._actors: frozenset[str] = frozenset()
        self._bound: frozenset[str] = frozenset()

    def know_territories(self, names: Iterable[str]) -> None:
        """Take in the names of territories that may be referred to."""
        self._territories = frozenset(names)

    def know_known(self, names: Iterable[str]) -> None:
        """Take in the names of actors that the mapping knows."""
        self._known = frozenset(names)

    def know_actors(self, names: Iterable[str]) -> None:
        """Take in the names of the actors of a row."""
        self._actors = frozenset(names)

    def template(self, node: Node, codes: str = "") -> Template:
        """Return a template; its outcomes are checked against the vocabulary ``codes`` where one is named."""
        try:
            found = compiled(node.words(self._language), self._tables)
        except KeyError as missing:
            raise BadInput(_NO_TABLE, path=node.where, table=missing.args[0]) from None
        self.columns |= found.columns - self._bound
        if codes:
            for code in found.possible() or ():
                if code is not None and code not in vocabulary(codes):
                    known = ", ".join(list(vocabulary(codes).codes)[:60])
                    raise BadInput(_NO_CODE, path=node.where, code=code, vocabulary=codes, known=known)
        return found

    def maybe(self, node: Node, key: str, codes: str = "") -> Template | None:
        """Return the template under ``key``, if there is one."""
        return self.template(node.get(key), codes) if node.has(key) else None

    def code(self, node: Node, key: str, codes: str, default: str) -> Template:
        """Return the template of a code, or the default."""
        return self.maybe(node, key, codes) or Template(default, (default,))

    def plain_code(self, node: Node, key: str, codes: str, default: str = "") -> str:
        """Return a code that does not depend on the row."""
        found = self.maybe(node, key, codes)
        return default if found is None else found.text

    def condition(self, node: Node) -> shape.Condition | None:
        """Return the condition under ``if``."""
        if not node.has("if"):
            return None
        inner = node.get("if")
        if inner.is_text:
            column, equals = inner.text(), frozenset[str]()
        else:
            inner.allow("equals", needs=("column",))
            column, equals = inner.get("column").text(), frozenset(inner.names("equals"))
        self.columns.add(column)
        return shape.Condition(column, equals)

    def when(self, node: Node, key: str) -> shape.WhenRule | None:
        """Return the date rule under ``key``."""
        if not node.has(key):
            return None
        inner = node.get(key)
        if inner.is_text:
            return shape.WhenRule(start=(("text", self.template(inner)),))
        inner.allow("to", "about", "to_alone", needs=("from",))
        about = None
        if inner.has("about"):
            about_node = Node({"if": inner.get("about").value}, inner.path)
            about = self.condition(about_node)
        return shape.WhenRule(
            start=self._end(inner.get("from")),
            end=self._end(inner.get("to")) if inner.has("to") else (),
            about=about,
            end_alone=not inner.has("to_alone") or inner.get("to_alone").yes(),
        )

    def _end(self, node: Node) -> tuple[tuple[str, Template], ...]:
        if node.is_text:
            return (("text", self.template(node)),)
        node.allow(*_WHEN_KINDS)
        return tuple((kind, self.template(node.get(kind))) for kind in _WHEN_KINDS if node.has(kind))

    def labelled(self, node: Node, key: str) -> shape.Labelled:
        """Return the details under ``key``: label and template."""
        found = []
        for label, inner in node.entries(key):
            if isinstance(inner.value, dict) and inner.has("text"):
                inner.allow("if", "label", needs=("text",))
                shown = inner.get("label").words(self._language) if inner.has("label") else label
                found.append((shown, self.template(inner.get("text")), self.condition(inner)))
            else:
                found.append((label, self.template(inner), None))
        return tuple(found)

    def point(self, node: Node) -> tuple[Template, Template] | None:
        """Return the templates of latitude and longitude."""
        if not node.has("point"):
            return None
        inner = node.get("point").allow(needs=("latitude", "longitude"))
        return self.template(inner.get("latitude")), self.template(inner.get("longitude"))

    def territory(self, alias: str, node: Node) -> shape.TerritoryRule:
        """Return a territory; its parent must stand before it."""
        node.allow("parent", "about", "shown", "point", "shape", "if", needs=("key", "name", "kind"))
        self.know_territories([*self._territories, alias])
        return shape.TerritoryRule(
            alias=alias,
            key=self.template(node.get("key")),
            name=self.template(node.get("name")),
            kind=self.template(node.get("kind"), "territory_kinds"),
            parent=self._named(node, "parent", self._territories) if node.has("parent") else "",
            about=self.maybe(node, "about"),
            shown=self.plain_code(node, "shown", "coarseness", "km_5"),
            point=self.point(node),
            shape=self._shape(node.get("shape")) if node.has("shape") else None,
            condition=self.condition(node),
        )

    def _shape(self, node: Node) -> shape.ShapeRule:
        node.allow("within", needs=("file", "property", "name"))
        within = node.get("within").allow(needs=("property", "name")) if node.has("within") else None
        return shape.ShapeRule(
            file=node.get("file").text(),
            name_property=node.get("property").text(),
            name=self.template(node.get("name")),
            within_property=within.get("property").text() if within else "",
            within=self.template(within.get("name")) if within else None,
        )

    def known_actor(self, alias: str, node: Node) -> shape.ActorRule:
        """Return an actor that the mapping itself knows, under its own name as key."""
        node.allow(*_ACTOR_KEYS, "key", needs=("kind",))
        key = node.get("key").text() if node.has("key") else alias
        return self._actor(alias, node, Template(key, (key,)))

    def actor_or_reading(self, alias: str, node: Node) -> shape.ActorRule | shape.PhraseReading:
        """Return an actor of the row, or the reading of a free text into actors."""
        if node.has("read"):
            node.allow("if", needs=("read", "rules"))
            column = node.get("read").text()
            self.columns.add(column)
            rules = tuple(self._phrase(inner) for inner in node.list_of("rules"))
            return shape.PhraseReading(alias, column, rules, self.condition(node))
        node.allow(*_ACTOR_KEYS, "if", "each", needs=("key", "kind"))
        if not node.has("each"):
            return self._actor(alias, node, self.template(node.get("key")))
        each = node.get("each").allow("split", needs=("column",))
        column = each.get("column").text()
        self.columns.add(column)
        self._bound = frozenset({"each"})
        found = self._actor(alias, node, self.template(node.get("key")))
        self._bound = frozenset()
        return replace(found, each=(column, each.get("split").text() if each.has("split") else ","))

    def _actor(self, alias: str, node: Node, key: Template) -> shape.ActorRule:
        return shape.ActorRule(
            alias=alias,
            key=key,
            kind=self.template(node.get("kind"), "actor_kinds"),
            names=tuple(self._names(node)),
            form=self.maybe(node, "form", "group_forms"),
            naming=self.plain_code(node, "naming", "naming", "nobody"),
            identities=tuple(self.template(inner) for inner in node.items("identities")),
            about=self.maybe(node, "about"),
            size=self.maybe(node, "size"),
            details=self.labelled(node, "details"),
            ties=tuple(self._own_ties(alias, node)),
            condition=self.condition(node),
        )

    def _names(self, node: Node) -> Iterator[shape.NameRule]:
        if node.has("name"):
            inner = node.get("name")
            yield shape.NameRule(self.template(inner), lang="" if inner.is_text else self._language)
            if isinstance(inner.value, dict):
                for lang in inner.value:
                    if lang != self._language:
                        yield shape.NameRule(self.template(inner.get(lang)), "translation", lang)
        for member in node.list_of("names"):
            if member.is_text:
                yield shape.NameRule(self.template(member))
            else:
                member.allow("kind", "lang", needs=("text",))
                kind = self.plain_code(member, "kind", "name_kinds", "usual")
                lang = member.get("lang").text() if member.has("lang") else ""
                yield shape.NameRule(self.template(member.get("text")), kind, lang)

    def _own_ties(self, alias: str, node: Node) -> Iterator[shape.TieRule]:
        for member in node.items("part_of"):
            target = self._checked(member, self._known | self._actors)
            yield shape.TieRule(alias, target, *_codes("part_of", "strong", "confirmed"))
        for member in node.list_of("ties"):
            member.allow("strength", "certainty", "words", "source", "since", "until", "if", needs=("to", "kind"))
            yield self._tie(member, alias)

    def tie(self, node: Node) -> shape.TieRule:
        """Return a tie between two actors of the row."""
        node.allow("kind", "strength", "certainty", "words", "source", "since", "until", "if", needs=("from", "to"))
        return self._tie(node, self._named(node, "from", self._actors | self._known))

    def _tie(self, node: Node, origin: str) -> shape.TieRule:
        return shape.TieRule(
            origin=origin,
            target=self._named(node, "to", self._actors | self._known),
            kind=self.code(node, "kind", "tie_kinds", "member_of"),
            strength=self.code(node, "strength", "tie_strengths", "medium"),
            certainty=self.code(node, "certainty", "certainties", "unknown"),
            words=self.maybe(node, "words"),
            source=self.maybe(node, "source"),
            since=self.when(node, "since"),
            until=self.when(node, "until"),
            condition=self.condition(node),
        )

    def _phrase(self, node: Node) -> shape.PhraseRule:
        node.allow("actor", "actors", "tie", "involvement", "certainty", "words", "only", needs=("find",))
        try:
            find = re.compile(node.get("find").text(), re.IGNORECASE)
        except re.error as wrong:
            raise BadInput(_BAD_PATTERN, path=node.get("find").where, problem=str(wrong)) from None
        tie = node.get("tie").allow("kind", "strength", "certainty") if node.has("tie") else Node({}, node.path)
        self._bound = frozenset(find.groupindex) | {"text"}
        actors = tuple(self._phrase_actor(inner) for key in ("actor", "actors") for inner in node.items(key))
        self._bound = frozenset()
        return shape.PhraseRule(
            find=find,
            actors=actors,
            kind=self.plain_code(tie, "kind", "tie_kinds"),
            strength=self.plain_code(tie, "strength", "tie_strengths"),
            certainty=self.plain_code(tie, "certainty", "certainties")
            or self.plain_code(node, "certainty", "certainties"),
            involvement=self.plain_code(node, "involvement", "involvements"),
            words=node.get("words").words(self._language) if node.has("words") else "",
            only=node.has("only") and node.get("only").yes(),
        )

    def _phrase_actor(self, node: Node) -> str | shape.ActorRule:
        if node.is_text:
            return self._checked(node, self._known)
        node.allow(*_ACTOR_KEYS, needs=("key", "kind"))
        return self._actor("", node, self.template(node.get("key")))

    def presence(self, node: Node) -> shape.PresenceRule:
        """Return that an actor is in a territory."""
        node.allow("kind", "words", "if", needs=("actor", "territory"))
        return shape.PresenceRule(
            actor=self._named(node, "actor", self._actors | self._known),
            territory=self._named(node, "territory", self._territories),
            kind=self.code(node, "kind", "presence_kinds", "lives"),
            words=self.maybe(node, "words"),
            condition=self.condition(node),
        )

    def incident(self, node: Node) -> shape.IncidentRule:
        """Return how rows become incidents."""
        node.allow(
            "key", "when", "summary", "territory", "verification", "details", "places", "acts", "sources",
            needs=("title",),
        )  # fmt: skip
        return shape.IncidentRule(
            title=self._title(node.get("title")),
            key=self.maybe(node, "key"),
            when=self.when(node, "when"),
            summary=self.maybe(node, "summary"),
            territories=tuple(self._checked(inner, self._territories) for inner in node.items("territory")),
            verification=self.maybe(node, "verification", "verifications"),
            details=self.labelled(node, "details"),
            places=tuple(self._place(inner) for inner in repeated(node, "places")),
            acts=tuple(self._act(inner) for inner in repeated(node, "acts")),
            sources=tuple(self._source(inner) for inner in repeated(node, "sources")),
        )

    def _title(self, node: Node) -> shape.TitleRule:
        self._bound = _TITLE_FIELDS
        try:
            if not node.is_text and (node.has("one") or node.has("several")):
                node.allow(needs=("one", "several"))
                return shape.TitleRule(self.template(node.get("one")), self.template(node.get("several")))
            only = self.template(node)
            return shape.TitleRule(only, only)
        finally:
            self._bound = frozenset()

    def _place(self, node: Node) -> shape.PlaceRule:
        node.allow("words", "kind", "point", "precision", "if")
        return shape.PlaceRule(
            words=self.maybe(node, "words"),
            kind=self.maybe(node, "kind", "place_kinds"),
            point=self.point(node),
            precision=self.maybe(node, "precision", "place_precisions"),
            condition=self.condition(node),
        )

    def _source(self, node: Node) -> shape.SourceRule:
        node.allow("how", "name", "reference", "reliability", "said_on", "if", needs=("kind",))
        return shape.SourceRule(
            kind=self.template(node.get("kind"), "source_kinds"),
            how=self.maybe(node, "how", "how_known"),
            name=self.maybe(node, "name"),
            reference=self.maybe(node, "reference"),
            reliability=self.maybe(node, "reliability", "reliabilities"),
            said_on=self.when(node, "said_on"),
            condition=self.condition(node),
        )

    def _act(self, node: Node) -> shape.ActRule:
        node.allow("means", "when", "details", "victims", "perpetrators", "if", needs=("kind",))
        return shape.ActRule(
            kind=self.template(node.get("kind"), "acts"),
            means=self.maybe(node, "means", "means"),
            when=self.when(node, "when"),
            details=self.labelled(node, "details"),
            victims=tuple(self._victim(inner) for inner in node.items("victims")),
            perpetrators=tuple(self._perpetrator(inner) for inner in node.items("perpetrators")),
            condition=self.condition(node),
        )

    def _victim(self, node: Node) -> shape.VictimRule:
        if node.is_text:
            return shape.VictimRule(self._checked(node, self._actors | self._known))
        node.allow("persons", needs=("actor",))
        return shape.VictimRule(self._named(node, "actor", self._actors | self._known), self.maybe(node, "persons"))

    def _perpetrator(self, node: Node) -> shape.PerpetratorRule:
        if node.is_text:
            node = Node({"actor": node.value}, node.path)
        node.allow("involvement", "certainty", "words", needs=("actor",))
        return shape.PerpetratorRule(
            actor=self._named(node, "actor", self._actors | self._known),
            involvement=self.code(node, "involvement", "involvements", "suspected"),
            certainty=self.code(node, "certainty", "certainties", "unknown"),
            words=self.maybe(node, "words"),
        )

    def _named(self, node: Node, key: str, known: frozenset[str]) -> str:
        return self._checked(node.get(key), known)

    def _checked(self, node: Node, known: frozenset[str]) -> str:
        name = node.text()
        if name not in known:
            raise BadInput(_NO_SUCH, path=node.where, name=name, known=", ".join(sorted(known)) or "-")
        return name


def _codes(*codes: str) -> tuple[Template, Template, Template]:
    first, second, third = (Template(code, (code,)) for code in codes)
    return first, second, third
