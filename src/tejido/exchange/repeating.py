"""Parts of a mapping that stand for several columns: ``repeat: {n: [1, 2, 3]}``."""

from __future__ import annotations

from collections.abc import Iterator

from tejido.exchange.nodes import Node


def repeated(node: Node, key: str) -> Iterator[Node]:
    """Yield the members under ``key``; one with ``repeat: {n: [1, 2]}`` stands once for each, ``[n]`` replaced."""
    for member in node.items(key):
        if not member.has("repeat"):
            yield member
            continue
        rest = {name: value for name, value in _entries(member).items() if name != "repeat"}
        for sign, _inner in member.entries("repeat"):
            for value in member.get("repeat").names(sign):
                yield Node(_replaced(rest, f"[{sign}]", value), member.path)


def _entries(node: Node) -> dict[str, object]:
    return dict(node.value) if isinstance(node.value, dict) else {}


def _replaced(value: object, sign: str, by: str) -> object:
    if isinstance(value, str):
        return value.replace(sign, by)
    if isinstance(value, list):
        return [_replaced(inner, sign, by) for inner in value]
    if isinstance(value, dict):
        return {key: _replaced(inner, sign, by) for key, inner in value.items()}
    return value
