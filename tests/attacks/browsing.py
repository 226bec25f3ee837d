"""A browser without pictures: cookies, links, forms. It fills in what it is given and follows where it is led."""

from __future__ import annotations

import http.client
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

from lxml import html

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


@dataclass
class Read:
    """What a page leads to: links, and forms with their fields."""

    links: list[str] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)


def read(answer: Answer) -> Read:
    """Return the links and forms of a page."""
    found = Read()
    if not answer.body.strip():
        return found
    page = html.document_fromstring(answer.body, parser=html.HTMLParser(encoding="utf-8"))
    found.links = [str(link.get("href")) for link in page.iter("a") if "href" in link.attrib]
    found.forms = [_form(one) for one in page.iter("form")]
    return found


def _form(element: html.HtmlElement) -> Form:
    form = Form(element.get("action", ""), element.get("method", "get").upper())
    for one in element.iter("button", "input", "textarea", "select"):
        kind, name = one.get("type", "text"), one.get("name")
        if one.tag == "button" or (one.tag == "input" and kind == "submit"):
            form.buttons.append((name or "", one.get("value", "")))
        elif name is None:
            continue
        elif one.tag == "input":
            form.fields.append(Field(name, kind, one.get("value", ""), "checked" in one.attrib))
        elif one.tag == "textarea":
            form.fields.append(Field(name, "textarea", one.text_content().removeprefix("\n")))
        else:
            form.fields.append(_choice(name, one))
    return form


def _choice(name: str, element: html.HtmlElement) -> Field:
    made = Field(name, "select")
    for option in element.iter("option"):
        made.options.append((option.get("value", ""), ""))
        if "selected" in option.attrib:
            made.value, made.chosen = option.get("value", ""), True
    return made


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
