"""Several people at work at once, each in a thread or a process with a connection of their own."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection

from tejido.vault import keystore
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


def each_in_a_process(work: Callable[[int], None], *, many: int) -> list[int]:
    """Run ``work(0)``, ``work(1)`` … in processes that begin together; return with what each ended: 0 is well."""
    connection.close()
    keystore.of_process().close()
    waiting, start = os.pipe()
    children = [os.fork() or _at_work(work, number, waiting, start) for number in range(many)]
    os.close(waiting)
    os.close(start)  # what all of them wait for
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


def _at_work(work: Callable[[int], None], number: int, waiting: int, start: int) -> int:
    ended = 1
    try:
        os.close(start)
        os.read(waiting, 1)
        work(number)
        ended = 0
    finally:
        os._exit(ended)
