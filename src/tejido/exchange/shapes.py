"""The shapes of territories out of a GeoJSON file, matched by name: accents, case and spelling marks aside."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable

from tejido.domain.date_reading import fold
from tejido.domain.errors import BadInput
from tejido.domain.words import N_
from tejido.drawing.geometry import read_geojson
from tejido.exchange.mapping import ShapeRule
from tejido.exchange.templates import Cells

Files = Callable[[str], bytes]
#: The largest map file taken, in bytes.
LARGEST = 64 * 1024 * 1024
NO_MAP_FILE = N_(
    "The mapping asks for the map file {file}, which is not there. Nothing was imported; put it beside the list, or "
    "take “shape” out of the mapping."
)
_TOO_BIG = N_("The map file {file} is larger than {megabytes} MB. Nothing was imported; please simplify its shapes.")


def no_files(name: str) -> bytes:
    """Stand in where no file can be had."""
    raise BadInput(NO_MAP_FILE, file=name)


class Shapes:
    """The shapes of one import; ``unmatched`` gathers the names that no file knows."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._known: dict[tuple[str, str, str], dict[str, list[tuple[str, dict[str, object]]]]] = {}
        self.unmatched: dict[str, None] = {}

    def of(self, rule: ShapeRule, cells: Cells) -> dict[str, object] | None:
        """Return the geometry for a row: the one of that name, within the right territory where several are."""
        name = rule.name.of(cells)
        if name is None:
            return None
        within = rule.within.of(cells) if rule.within is not None else None
        candidates = self._index(rule).get(plain(name), [])
        inside = plain(within) if within else ""
        exact = [shape for around, shape in candidates if inside and around == inside]
        if len(exact) == 1:
            return exact[0]
        if len(candidates) == 1 and (not inside or not candidates[0][0] or _alike(candidates[0][0], inside)):
            return candidates[0][1]
        self.unmatched[f"{name} ({within})" if within else name] = None
        return None

    def _index(self, rule: ShapeRule) -> dict[str, list[tuple[str, dict[str, object]]]]:
        place = (rule.file, rule.name_property, rule.within_property)
        if place not in self._known:
            content = self._files(rule.file)
            if len(content) > LARGEST:
                raise BadInput(_TOO_BIG, file=rule.file, megabytes=LARGEST // 1024 // 1024)
            index: dict[str, list[tuple[str, dict[str, object]]]] = defaultdict(list)
            for feature in read_geojson(content):
                if feature.geometry is not None:
                    name = plain(str(feature.properties.get(rule.name_property) or ""))
                    around = plain(str(feature.properties.get(rule.within_property) or ""))
                    index[name].append((around, dict(feature.geometry)))
            self._known[place] = dict(index)
        return self._known[place]


def plain(text: str) -> str:
    """Return a place name in small letters, without accents and marks, for comparing."""
    return " ".join(re.sub(r"[^a-z0-9 ]", " ", fold(text)).split())


def _alike(one: str, other: str) -> bool:
    """Say whether one name is a part of the other, as ``bogota`` of ``bogota d c``."""
    short, long = sorted((set(one.split()), set(other.split())), key=len)
    return short <= long
