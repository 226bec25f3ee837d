"""A ``tejido serve`` in a process of its own, and the unremarkable site that leaving leads to."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

#: What stands on the stub of the neutral site.
ELSEWHERE = "weather for tomorrow"


@dataclass
class Site:
    """A running server: its one-time link and its address."""

    process: subprocess.Popen[str]
    link: str
    address: str

    def stop(self) -> None:
        """End the process."""
        self.process.terminate()
        self.process.wait(timeout=20)


def clean_environment() -> dict[str, str]:
    """Return the environment of a newcomer: no settings of ours."""
    ours = ("DJANGO_SETTINGS_MODULE", "TEJIDO_DIR")
    return {name: text for name, text in os.environ.items() if name not in ours} | {"PYTHONUNBUFFERED": "1"}


def serve(directory: Path, *more: str, neutral_site: str = "") -> Site:
    """Start serving ``directory`` and wait until its one-time link is printed."""
    command = [sys.executable, "-m", "tejido.cli", "serve", "--dir", str(directory), "--port", "0", "--json", *more]
    environment = clean_environment()
    if neutral_site:
        environment["TEJIDO_NEUTRAL_SITE"] = neutral_site
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=directory.parent)
    assert process.stdout is not None
    text = ""
    while not text.rstrip().endswith("}"):
        line = process.stdout.readline()
        assert line, "the server ended before it served"
        text += line
    told = json.loads(text)
    return Site(process, told["link"], told["address"])


@contextmanager
def elsewhere() -> Iterator[str]:
    """Serve one page that has nothing to do with us, for the block; yield its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Weather)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


class _Weather(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = f"<!DOCTYPE html><title>Weather</title><h1>{ELSEWHERE}</h1>".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the tests speak for themselves."""
