"""The invented fabric for commands that run in this process."""

from __future__ import annotations

from typing import Any

import pytest

from tests.readings.ribera import Ribera, ribera


@pytest.fixture
def river(at_work: Any) -> Ribera:
    """The fabric of the Ribera, made in a fresh circle."""
    return ribera(at_work)
