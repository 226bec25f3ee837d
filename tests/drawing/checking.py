"""What every drawing must keep to, and how small it must be."""

from __future__ import annotations

import gzip
import re
import xml.etree.ElementTree as ET

_SAFE_TAGS = {"svg", "g", "a", "title", "desc", "path", "rect", "circle", "text", "tspan"}
_LONG_DECIMALS = re.compile(r"\d\.\d\d")


def faults_in(svg: str) -> list[str]:
    """Return what is wrong with a drawing: not XML, unsafe, unnamed, or too precise."""
    try:
        root = ET.fromstring(svg)
    except ET.ParseError as mistake:
        return [f"not XML: {mistake}"]
    found = []
    linked = False
    for node in root.iter():
        tag = node.tag.removeprefix("{http://www.w3.org/2000/svg}")
        if tag not in _SAFE_TAGS:
            found.append(f"element {tag}")
        for name, value in node.attrib.items():
            if name in ("style", "id") or name.startswith("on") or ("url(" in value and name != "aria-label"):
                found.append(f"attribute {name}")
            if name == "href" and not re.match(r"(/(?!/)|#)", value):
                found.append(f"link {value}")
            if name in ("d", "x", "y", "cx", "cy", "r") and _LONG_DECIMALS.search(value):
                found.append(f"coordinate {value}")
        if tag == "a":
            linked = True
            if not node.findtext("{*}title"):
                found.append("link without a name")
    if root.get("role") != ("group" if linked else "img"):
        found.append("role")
    if root.get("direction") != "ltr" or "width" in root.attrib or not root.get("viewBox"):
        found.append("frame")
    return found


def words_in(svg: str) -> list[str]:
    """Return every text, title and accessible name of a drawing."""
    root = ET.fromstring(svg)
    return [node.text or "" for node in root.iter()] + [node.get("aria-label", "") for node in root.iter()]


def weight_of(svg: str) -> int:
    """Return the size in bytes as it travels."""
    return len(gzip.compress(svg.encode()))
