"""A server of its own: it ends cleanly when told to, and goes on looking for idleness whatever happens."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tejido.cli.serving import _watch


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server on a place where no workspace is yet, and its host and port."""
    command = [sys.executable, "-m", "tejido.cli", "serve", "--dir", str(tmp_path / "w"), "--port", "0", "--json"]
    environment = {name: text for name, text in os.environ.items() if name not in {"DJANGO_SETTINGS_MODULE"}}
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path
    )
    assert process.stdout is not None
    told = ""
    while not told.endswith("}\n"):
        line = process.stdout.readline()
        assert line, process.stderr.read() if process.stderr else ""
        told += line
    try:
        yield process, str(json.loads(told)["address"]).removeprefix("http://")
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_it_ends_cleanly_when_told_to(server: tuple[subprocess.Popen[str], str], name: str) -> None:
    process, _ = server
    process.send_signal(getattr(signal, name))
    assert process.wait(timeout=20) == 0
    assert process.stderr is not None
    assert process.stderr.read() == ""


def test_a_header_without_end_is_refused(server: tuple[subprocess.Popen[str], str]) -> None:
    _, host = server
    asked = http.client.HTTPConnection(host, timeout=60)
    asked.request("GET", "/left/", headers={"X-Long": "x" * 60_000, "X-Longer": "x" * 60_000})
    assert asked.getresponse().status == 413


def test_a_look_that_fails_is_not_the_last() -> None:
    stopping, looks = threading.Event(), 0

    def look() -> None:
        nonlocal looks
        looks += 1
        if looks == 3:
            stopping.set()
        raise RuntimeError

    _watch(stopping, look, 0.0)
    assert looks == 3
