"""The modules that come with Tejido, and how a module of one's own is read from its text.

Each file in ``session_modules/`` is one module; what one must be is said in :mod:`tejido.domain.modules`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import yaml

from tejido.domain.errors import BadInput
from tejido.domain.modules import Module, read_module
from tejido.domain.words import N_

MODULES: Final = Path(__file__).parent / "session_modules"
#: A module is a page of questions; what is longer is something else.
LONGEST_FILE: Final = 60_000

_NOT_YAML: Final = N_("The text cannot be read as a module, near line {line}. Nothing was changed; look at it there.")
_TOO_LONG: Final = N_("A module fits on a page, and this is much longer. Nothing was changed; look at what you chose.")
_ALIAS: Final = N_("A module uses no anchors (& and *). Nothing was changed; write each text where it belongs.")


@cache
def shipped_modules() -> tuple[Module, ...]:
    """Return the modules that come with Tejido, by file name."""
    return tuple(module_from(path.read_text(encoding="utf-8")) for path in sorted(MODULES.glob("*.yml")))


def module_from(text: str) -> Module:
    """Return the module that a YAML text says.

    Raises ``BadInput`` with a sentence: not YAML (near which line), too long, or not a module.
    """
    if len(text) > LONGEST_FILE:
        raise BadInput(_TOO_LONG)
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.SafeLoader)):
            raise BadInput(_ALIAS)
        raw = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise BadInput(_NOT_YAML, line=mark.line + 1 if mark is not None else 1) from None
    return read_module(raw)
