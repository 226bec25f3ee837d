"""The threads that the compiled loops share."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache


@cache
def threads() -> ThreadPoolExecutor:
    """Return two threads, started when first asked for: the loops divide their rows into two parts at most."""
    return ThreadPoolExecutor(2, thread_name_prefix="analysis")
