"""A browser without pictures: cookies, links, forms. It fills in what it is given and follows where it is led."""

from __future__ import annotations

import http.client
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

Pair = tuple[str, str]
Upload = tuple[str, bytes]


@dataclass
class Field:
    """One field of a form, as the page has it."""

    name: str
    kind: str
    value: str = ""
    chosen: bool = False
    options: list[Pair] = field(default_factory=list)


@dataclass
class Form:
    """One form: where it goes, how, its fields and its buttons (name and value)."""

    action: str
    method: str
    fields: list[Field] = field(default_factory=list)
    buttons: list[Pair] = field(default_factory=list)

    @property
    def takes_files(self) -> bool:
        """Whether something can be uploaded."""
        return any(one.kind == "file" for one in self.fields)


@dataclass(frozen=True)
class Answer:
    """What came back: the address asked for, status, headers as sent, body."""

    address: str
    status: int
    headers: Sequence[Pair]
    body: bytes

    def header(self, name: str) -> str:
        """Return a header, or nothing."""
        return next((text for key, text in self.headers if key.lower() == name.lower()), "")

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    @property
    def is_page(self) -> bool:
        """Whether it is HTML."""
        return self.header("Content-Type").startswith("text/html")


class _Reader(HTMLParser):
    """Gathers links and forms."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._field: Field | None = None
        self._button: bool = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: text or "" for name, text in attrs}
        if tag == "a" and "href" in has:
            self.links.append(has["href"])
        elif tag == "form":
            self._form = Form(has.get("action", ""), has.get("method", "get").upper())
            self.forms.append(self._form)
        elif self._form is None:
            return
        elif tag == "button" or (tag == "input" and has.get("type") == "submit"):
            self._form.buttons.append((has.get("name", ""), has.get("value", "")))
        elif tag == "input" and "name" in has:
            chosen = "checked" in has
            self._form.fields.append(Field(has["name"], has.get("type", "text"), has.get("value", ""), chosen))
        elif tag in {"textarea", "select"} and "name" in has:
            self._field = Field(has["name"], tag)
            self._form.fields.append(self._field)
        elif tag == "option" and self._field is not None:
            self._field.options.append((has.get("value", ""), ""))
            if "selected" in has:
                self._field.value, self._field.chosen = has.get("value", ""), True

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag in {"textarea", "select"}:
            self._field = None

    def handle_data(self, data: str) -> None:
        if self._field is not None and self._field.kind == "textarea":
            self._field.value += data


def read(answer: Answer) -> _Reader:
    """Return the links and forms of a page."""
    reader = _Reader()
    reader.feed(answer.text)
    return reader


class Browser:
    """One visitor of one server."""

    def __init__(self, address: str) -> None:
        self._host = urlsplit(address).netloc
        self._origin = address
        self.cookies: dict[str, str] = {}
        self.headers: dict[str, str] = {"Accept-Language": "en"}

    def get(self, address: str) -> Answer:
        """Ask for a page; follow redirects within the site."""
        return self._followed(self.ask("GET", address))

    def send(self, page: str, form: Form, values: Sequence[Pair], files: Mapping[str, Upload] | None = None) -> Answer:
        """Send a form that stood on ``page``; redirects are not followed."""
        action = urljoin(page, form.action or page)
        if form.method == "GET":
            return self.ask("GET", action.split("?")[0] + "?" + urlencode(values))
        if not form.takes_files:
            return self.ask(
                "POST", action, urlencode(values).encode(), {"Content-Type": "application/x-www-form-urlencoded"}
            )
        body, kind = multipart(values, files or {})
        return self.ask("POST", action, body, {"Content-Type": kind})

    def ask(self, method: str, address: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
        """Ask once. ``headers`` replace those a browser sends; an empty one is left out."""
        sent = {"Host": self._host, "Connection": "close", **self.headers}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={text}" for name, text in self.cookies.items())
        if method != "GET":
            sent |= {"Content-Length": str(len(body)), "Origin": self._origin, "Referer": self._origin + "/"}
        sent |= headers or {}
        connection = http.client.HTTPConnection(self._host, timeout=60)
        try:
            parts = urlsplit(address)
            target = parts.path + ("?" + parts.query if parts.query else "")
            connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
            for name, text in sent.items():
                if text:
                    connection.putheader(name, text)
            connection.endheaders(body)
            reply = connection.getresponse()
            answer = Answer(target, reply.status, reply.getheaders(), reply.read())
        finally:
            connection.close()
        self._keep_cookies(answer)
        return answer

    def _followed(self, answer: Answer) -> Answer:
        for _ in range(5):
            where = answer.header("Location")
            if answer.status not in {301, 302, 303, 307} or not where.startswith("/"):
                break
            answer = self.ask("GET", where)
        return answer

    def _keep_cookies(self, answer: Answer) -> None:
        for name, text in answer.headers:
            if name.lower() != "set-cookie":
                continue
            for morsel in SimpleCookie(text).values():
                if morsel.value and morsel["max-age"] != "0":
                    self.cookies[morsel.key] = morsel.value
                else:
                    self.cookies.pop(morsel.key, None)


def multipart(values: Sequence[Pair], files: Mapping[str, Upload]) -> tuple[bytes, str]:
    """Return a multipart body and its content type."""
    border = uuid.uuid4().hex
    parts = [(f'form-data; name="{name}"', b"", text.encode()) for name, text in values]
    parts += [
        (f'form-data; name="{name}"; filename="{title}"', b"Content-Type: text/csv\r\n", content)
        for name, (title, content) in files.items()
    ]
    body = b"".join(
        b"--"
        + border.encode()
        + b"\r\nContent-Disposition: "
        + head.encode()
        + b"\r\n"
        + kind
        + b"\r\n"
        + content
        + b"\r\n"
        for head, kind, content in parts
    )
    return body + b"--" + border.encode() + b"--\r\n", f"multipart/form-data; boundary={border}"


def links_of(answer: Answer) -> Iterator[str]:
    """Yield the addresses of this site that a page leads to."""
    for link in read(answer).links:
        where = urlsplit(urljoin(answer.address, link))
        if not where.netloc and where.path.startswith("/"):
            yield where.path + ("?" + where.query if where.query else "")
