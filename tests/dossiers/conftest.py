"""The invented fabric, and a browser of somebody at work in it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.readings.ribera import Ribera, ribera


@pytest.fixture
def river(at_work: Any) -> Ribera:
    """The fabric of the Ribera, made in a fresh circle."""
    return ribera(at_work)
