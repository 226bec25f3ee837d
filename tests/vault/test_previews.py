"""A preview is drawn inside a sandbox, or not at all."""

from __future__ import annotations

import io
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tejido.domain.errors import BadInput
from tejido.vault import confining, previews
from tests.vault import hostile

#: Stands in for bubblewrap: notes how it was called, and runs what stands after its last option.
FAKE = """#!{python}
import os, sys
with open({notes!r}, "w") as notes:
    notes.write("\\n".join(sys.argv[1:]))
at = sys.argv.index("--chdir") + 2
os.execv(sys.argv[at], sys.argv[at:])
"""


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A program in the place of bubblewrap; yields where it notes how it was called."""
    program, notes = tmp_path / "bwrap", tmp_path / "notes"
    program.write_text(FAKE.format(python=sys.executable, notes=str(notes)))
    program.chmod(0o700)
    monkeypatch.setattr("tejido.vault.confining.shutil.which", lambda *args, **more: str(program))
    confining._working.cache_clear()
    yield notes
    confining._working.cache_clear()


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine without bubblewrap."""
    monkeypatch.setattr("tejido.vault.confining.shutil.which", lambda *args, **more: None)
    confining._working.cache_clear()
    yield
    confining._working.cache_clear()


def _drawn(content: bytes, media: str = "jpeg") -> bytes:
    return previews.preview(io.BytesIO(content), media, len(content))


def test_a_preview_is_a_small_picture_drawn_where_nothing_else_is(fake: Path) -> None:
    made = _drawn(hostile.picture(size=(2000, 1000)))
    with Image.open(io.BytesIO(made)) as picture:
        assert (picture.format, picture.size) == ("PNG", (1000, 500))
    assert hostile.WORD.encode() not in made
    words = fake.read_text().split("\n")
    assert {"--unshare-all", "--die-with-parent", "--new-session", "--clearenv"} <= set(words)
    bound = {words[at + 1] for at, word in enumerate(words) if word.startswith("--ro-bind")}
    assert not any(word.startswith("--bind") for word in words)
    home = str(Path.home())
    assert "/" not in bound and home not in bound and "/tmp" not in bound and "/home" not in bound


def test_without_a_sandbox_there_is_no_preview_and_nothing_is_run(without: None, monkeypatch: Any) -> None:
    monkeypatch.setattr(subprocess, "Popen", lambda *args, **more: pytest.fail("something was run"))
    assert not previews.can_preview()
    with pytest.raises(BadInput, match="only inside a sandbox"):
        _drawn(hostile.picture())


def test_a_sandbox_that_does_not_work_is_none(tmp_path: Path, monkeypatch: Any) -> None:
    for number, body in enumerate(("#!/bin/sh\nexit 1\n", "no program at all")):
        program = tmp_path / f"bwrap{number}"
        program.write_text(body)
        program.chmod(0o700)
        monkeypatch.setattr("tejido.vault.confining.shutil.which", lambda *args, to=str(program), **more: to)
        assert confining.bubblewrap() == ""


def test_what_is_no_picture_has_no_preview(fake: Path) -> None:
    for content, media in ((hostile.pdf(), "pdf"), (b"<svg onload='x()'/>", "svg"), (b"x", "unknown")):
        with pytest.raises(BadInput, match="no preview of this kind"):
            _drawn(content, media)


def test_what_comes_back_is_a_picture_or_nothing(fake: Path, monkeypatch: Any) -> None:
    planted = confining.Answer({"size": 8}, b"<script>")
    monkeypatch.setattr(previews, "take_apart", lambda *args, **more: planted)
    with pytest.raises(BadInput):
        _drawn(hostile.picture())


def test_the_real_sandbox_shows_no_home_no_network_and_takes_no_file(tmp_path: Path) -> None:
    """Where bubblewrap is here and may work; elsewhere there are no previews, and that is what is held to."""
    program = confining.bubblewrap()
    if not program:
        assert not previews.can_preview()
        return
    secret = tmp_path / "secret"
    secret.write_text("secret")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        tried = f"""
import os, socket
found = []
if os.path.exists({str(secret)!r}): found.append("a secret")
home, bound = {str(Path.home())!r}, {confining._wrapped(program)!r}
for name in os.listdir(home) if os.path.isdir(home) else []:
    # Where Python itself lies below the home, the way to it is there, and nothing beside it.
    if not any(path.startswith(home + "/" + name) for path in bound): found.append("a home")
try: socket.create_connection(("127.0.0.1", {port}), timeout=2); found.append("network")
except OSError: pass
for place in ("/", "/usr", {str(Path(confining.__file__).parent)!r}):
    try: open(place + "/planted", "w").close(); found.append("wrote " + place) if place != "/" else None
    except OSError: pass
print(found)
"""
        ran = subprocess.run(
            [*confining._wrapped(program), sys.executable, "-I", "-c", tried],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert (ran.stdout.strip(), ran.returncode) == ("[]", 0), ran.stderr
    made = _drawn(hostile.picture(size=(1500, 1500)))
    with Image.open(io.BytesIO(made)) as picture:
        assert picture.size == (1000, 1000)
