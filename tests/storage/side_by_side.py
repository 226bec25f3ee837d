"""Several people at work at once, each in a thread with a connection of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection

from tejido.vault.keyring import current, using

T = TypeVar("T")


def all_at_once(work: Callable[[int], T], *, many: int) -> list[T]:
    """Run ``work(0)``, ``work(1)`` … at the same moment, with the keys of whoever calls; return what they return."""
    keyring, start = current(), threading.Barrier(many)

    def one(number: int) -> T:
        with using(keyring):
            try:
                start.wait(timeout=30)
                return work(number)
            finally:
                connection.close()

    with ThreadPoolExecutor(many) as pool:
        return list(pool.map(one, range(many)))
