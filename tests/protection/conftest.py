"""Fixtures of two circles, as the tests of circles have them."""

from tests.circles.conftest import browsers, two

__all__ = ["browsers", "two"]
