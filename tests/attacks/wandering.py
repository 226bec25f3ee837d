"""Somebody who goes everywhere and types the same word into everything: every link, every form, every button."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from urllib.parse import urljoin, urlsplit

from tests.attacks.browsing import Answer, Browser, Field, Form, Pair, links_of, read

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
#: What would end the visit, or take away what was just written.
NOT_HERE = re.compile(
    r"/(leave|left|lock|language|enter|setup|unlock|close|recover|join|erase)/|remove|discard|undo|destroy|/passphrase/"
    r"|/circle/(account|circles|guardians|members)/|https?:"
)
#: How often pages and forms of one shape are visited; how often a form that comes back is sent again.
_PAGES, _FORMS, _TRIES = 3, 2, 4
_LATER = re.compile(r"until|expires|holds|review|due", re.IGNORECASE)
_POINT = re.compile(r"lat(itude)?$|lon(gitude)?$")
_DATED = re.compile(
    r"when|since|until|(^|[-_])on$|_on\b|date|expires|from|due|review|taken|holds|day|received|answer_by",
    re.IGNORECASE,
)


def shape(address: str) -> str:
    """Return an address without its ids and its query."""
    return _ID.sub("<id>", urlsplit(address).path)


class Wanderer:
    """Walks a site at work in it; ``typed`` says what goes into a field of free text."""

    def __init__(self, browser: Browser, typed: Callable[[str], str], files: dict[str, tuple[str, bytes]]) -> None:
        self.browser, self._typed, self._files = browser, typed, files
        self.answers: list[Answer] = []
        self.accepted: Counter[str] = Counter()
        self._seen: Counter[str] = Counter()
        self._sent: Counter[tuple[str, ...]] = Counter()
        self._asked: set[str] = set()

    def wander(self, start: str, *, rounds: int = 3) -> None:
        """Visit what can be reached; several rounds, because what was written opens new ways."""
        for _ in range(rounds):
            self._seen.clear()
            self._asked.clear()
            waiting = [start]
            while waiting:
                address = waiting.pop(0)
                if address in self._asked or self._seen[shape(address)] >= _PAGES or NOT_HERE.search(address):
                    continue
                self._asked.add(address)
                self._seen[shape(address)] += 1
                answer = self._noted(self.browser.get(address))
                if answer.is_page and answer.status == 200:
                    waiting += self._visit(answer)

    def _visit(self, page: Answer) -> Iterator[str]:
        links = list(links_of(page))
        for form in read(page).forms:
            for button in form.buttons or [("", "")]:
                yield from self._fill(page, form, button)
        yield from links

    def _fill(self, page: Answer, form: Form, button: Pair) -> Iterator[str]:
        """Fill in and send one form; where it comes back with something to choose, choose and send again."""
        target = urljoin(page.address, form.action or page.address)
        place = (shape(target), form.method, *button, *sorted({one.name for one in form.fields}))
        if NOT_HERE.search(target) or self._sent[place] >= _FORMS:
            return
        self._sent[place] += 1
        for turn in range(_TRIES):
            files = {one.name: self._file(one.name) for one in form.fields if one.kind == "file" and turn == 0}
            values = self.values(form, button, turn=turn)
            answer = self._noted(self.browser.send(page.address, form, values, files))
            if answer.status in {301, 302, 303}:
                self.accepted[shape(target)] += 1
                self._asked.discard(answer.header("Location"))  # what was written shows there now
                yield answer.header("Location")
                return
            if not answer.is_page or form.method == "GET":
                return
            again = [one for one in read(answer).forms if urljoin(page.address, one.action or target) == target]
            if not again:
                return
            page, form = answer, again[-1]

    def values(self, form: Form, button: Pair, *, turn: int = 0) -> list[Pair]:
        """Return what is sent: something in every field.

        At a later ``turn`` the last choice is taken, no box is ticked, what can be given in one way only is given
        in one, and days to come are said as days gone by, then not at all.
        """
        sent = [pair for one in form.fields if one.kind != "file" for pair in self._value(one, form, turn)]
        return [*sent, button] if button[0] else sent

    def _value(self, one: Field, form: Form, turn: int) -> list[Pair]:
        last = turn > 0
        if one.kind == "hidden":
            return [(one.name, one.value)]
        if one.kind == "radio":
            group = [other for other in form.fields if other.name == one.name]
            chosen = group[-1] if last else next((other for other in group if other.chosen), group[0])
            return [(one.name, one.value)] if chosen is one else []
        if one.kind == "checkbox":
            return [] if last else [(one.name, one.value or "on")]
        if one.kind == "select":
            codes = [code for code, _ in one.options if code]
            return [(one.name, one.value if one.chosen and one.value else (codes or [""])[-1 if last else 0])]
        if one.name == "text" and form.takes_files and "module" in self._files:
            return [(one.name, self._files["module"][1].decode())]
        return [(one.name, "" if last and _POINT.search(one.name) else self._words(one, turn))]

    def _words(self, one: Field, turn: int) -> str:
        name = one.name.rsplit("-", 1)[-1]
        if one.kind == "number":
            return one.value or "3"
        if _POINT.search(name):
            return "-33.4"
        if name in {"geometry", "geojson", "outline", "shape"}:
            return '{"type": "Point", "coordinates": [-70.6, -33.4]}'
        if name in {"mapping", "mapping_text"}:
            return one.value or self._files["mapping"][1].decode()
        if "pass" in name or name in {"old", "new"}:
            return one.value
        if name == "present":  # who took part: a number and a group on each line
            return f"3 {self._typed(name)}"
        if _LATER.search(name):
            return ("2099", "1973-09-12", "")[min(turn, 2)]
        return "1973-09-12" if _DATED.search(name) else self._typed(one.name)

    def _file(self, name: str) -> tuple[str, bytes]:
        return self._files["mapping" if "map" in name else "list"]

    def _noted(self, answer: Answer) -> Answer:
        self.answers.append(answer)
        return answer
