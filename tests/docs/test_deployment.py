"""The settings that the guide to deployment shows are settings that do what it says."""

from __future__ import annotations

import configparser
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tejido.vault.checkup_database import QUIET, SAFE
from tejido.vault.uploads import LARGEST
from tejido.vault.workspace import database_settings_from
from tests.docs.reading import refusal
from tests.house.tree import ROOT, SOURCE

GUIDES = sorted((ROOT / "docs" / "guides").glob("deployment.*.md"))
SETTING = re.compile(r"TEJIDO_[A-Z]+(?:_[A-Z]+)*")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
#: Read by the tests' own settings and by scripts, never by who deploys.
NOT_DEPLOYED = {"TEJIDO_DEMO", "TEJIDO_DEMO_DIR", "TEJIDO_DEMO_LOADER", "TEJIDO_WARM"}
each_guide = pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)


def blocks(guide: Path, kind: str) -> list[str]:
    """Return the blocks of one kind that a guide shows."""
    return [text for name, text in BLOCK.findall(guide.read_text("utf-8")) if name == kind]


def read_from_environment() -> set[str]:
    """Return the settings that the source reads from the environment."""
    found: set[str] = set()
    for path in SOURCE.rglob("*.py"):
        found |= set(
            re.findall(r"environ(?:\.get\(|\[|\.setdefault\()\s*\"(TEJIDO_[A-Z_]+)\"", path.read_text("utf-8"))
        )
    return found


def unit(text: str) -> Mapping[str, list[str]]:
    """Return what a unit of systemd sets for its service: names may stand more than once."""
    said: dict[str, list[str]] = {}
    part = ""
    for line in text.splitlines():
        if line.startswith("["):
            part = line.strip("[]")
        elif "=" in line and part == "Service":
            name, _, value = line.partition("=")
            said.setdefault(name, []).append(value)
    return said


def spooling(text: str) -> list[str]:
    """Return what a configuration of nginx lacks to keep bodies and pages off the disk."""
    wanted = {
        "proxy_request_buffering": "off", "proxy_buffering": "off", "proxy_max_temp_file_size": "0",
        "proxy_cache": "off", "access_log": "off", "proxy_http_version": "1.1",
    }  # fmt: skip
    said = {words[0]: words[1] for line in text.splitlines() if len(words := line.strip().rstrip(";").split()) == 2}
    return [name for name, value in wanted.items() if said.get(name) != value]


def test_both_languages_show_the_same_settings() -> None:
    english, spanish = GUIDES
    for kind in ("ini", "nginx", "nftables", "torrc", "postgresql", "python"):
        assert blocks(english, kind) == blocks(spanish, kind) != [], kind
    without_names = [re.sub(r'--circle "[^"]*"', "", text) for text in blocks(english, "sh")]
    assert without_names == [re.sub(r'--circle "[^"]*"', "", text) for text in blocks(spanish, "sh")]


@each_guide
def test_every_setting_named_is_read_and_every_one_that_is_read_is_named(guide: Path) -> None:
    named, read = set(SETTING.findall(guide.read_text("utf-8"))), read_from_environment()
    assert {"TEJIDO_HOSTS", "TEJIDO_HTTPS", "TEJIDO_DIR"} <= read
    assert named - read == set()
    assert read - NOT_DEPLOYED - named == set()


@each_guide
def test_the_unit_starts_what_there_is_and_holds_it_tight(guide: Path) -> None:
    text = next(block for block in blocks(guide, "ini") if "ExecStart" in block)
    configparser.ConfigParser(strict=False, interpolation=None).read_string(text)
    said = unit(text)
    program, *words = shlex.split(said["ExecStart"][0])
    assert program.endswith("/tejido") and refusal(shlex.join(words)) == ""
    assert not any("passphrase" in word for word in words), "nobody's passphrase lies on the server"
    assert {"NoNewPrivileges", "ProtectSystem", "ProtectHome", "PrivateTmp", "IPAddressDeny"} <= set(said)
    assert said["UMask"] == ["0077"] and said["LimitCORE"] == ["0"] and said["MemorySwapMax"] == ["0"]
    assert said["ReadWritePaths"] == [str(Path(words[words.index("--dir") + 1]).parent)]
    assert "MemoryDenyWriteExecute" not in said, "the numbers are compiled while it runs"
    assert "AF_NETLINK" in said["RestrictAddressFamilies"][0], "the sandbox of previews needs it"


@each_guide
def test_the_web_server_writes_no_body_and_no_page_to_the_disk(guide: Path) -> None:
    (text,) = blocks(guide, "nginx")
    assert spooling(text) == []
    assert text.count("{") == text.count("}") and "TLSv1.2 TLSv1.3;" in text
    most = re.search(r"client_max_body_size (\d+)m;", text)
    assert most and int(most[1]) * 1024 * 1024 > LARGEST
    assert "X-Forwarded" not in text and "proxy_set_header Host $host;" in text
    port = re.search(r"proxy_pass http://127\.0\.0\.1:(\d+);", text)
    assert port and f"--port {port[1]}" in "".join(blocks(guide, "ini"))


def test_a_web_server_that_spools_is_seen() -> None:
    assert spooling("proxy_request_buffering on;\nproxy_buffering off;\n")[0] == "proxy_request_buffering"


@each_guide
def test_the_onion_service_leads_to_the_port_of_the_service(guide: Path) -> None:
    (text,) = blocks(guide, "torrc")
    said = dict(line.split(maxsplit=1) for line in text.splitlines())
    assert said["HiddenServiceVersion"] == "3" and said["SocksPort"] == "0"
    assert said["HiddenServicePort"].split()[1].rsplit(":", 1)[1] in "".join(blocks(guide, "nginx"))
    onion = next(block for block in blocks(guide, "ini") if ".onion" in block)
    assert re.search(r"TEJIDO_HOSTS=[a-z2-7]{56}\.onion\n", onion) and "HTTPS" not in onion


@each_guide
def test_keys_for_client_authorisation_have_the_form_that_tor_reads(guide: Path) -> None:
    (text,) = blocks(guide, "python")
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
    assert re.fullmatch(r"server descriptor:x25519:[A-Z2-7]{52}\nmember [A-Z2-7]{52}\n", done.stdout)


@each_guide
def test_the_server_of_the_database_is_set_as_the_check_wants_it(guide: Path) -> None:
    (text,) = blocks(guide, "postgresql")
    said = {name.strip(): value.strip() for name, _, value in (line.partition("=") for line in text.splitlines())}
    assert {name: said.get(name) for name in (*QUIET, *SAFE)} == {**QUIET, **SAFE}
    assert said["listen_addresses"] == "''"
    (address,) = set(re.findall(r"--database (\S+)", "".join(blocks(guide, "sh"))))
    settings = database_settings_from(address)
    assert settings["NAME"] == "tejido" and settings["HOST"] == "", "over the socket"
