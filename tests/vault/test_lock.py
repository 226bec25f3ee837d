"""After the lock no key is left in the memory of a thread that waits for its next request."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import close_old_connections, connection, connections

from tejido.fabric.models import Actor
from tejido.vault.keyring import FILE_KEY
from tejido.vault.sqlcipher.base import Database
from tests.conftest import TEST_FILE_KEY

pytestmark = pytest.mark.django_db(transaction=True)


class Worker:
    """A thread of a server: one request, and then the wait for the next."""

    def __init__(self, *, between_requests: bool) -> None:
        self.asked, self.go_on = threading.Event(), threading.Event()
        self.raw: Any = None
        self._between = between_requests
        self._thread = threading.Thread(target=self._work)
        self._thread.start()
        assert self.asked.wait(60)

    def _work(self) -> None:
        Actor.objects.count()
        if self._between:
            connection.close_at = None  # kept from one request to the next, as a workspace has it
            close_old_connections()  # as at the end of every request
        self.raw = connection.connection
        self.asked.set()
        self.go_on.wait(60)
        connections.close_all()

    def is_closed(self) -> bool:
        try:
            self.raw.execute("SELECT 1")
        except Database.ProgrammingError:
            return True
        return False

    def end(self) -> None:
        FILE_KEY.put(TEST_FILE_KEY)
        self.go_on.set()
        self._thread.join()


def test_a_thread_between_two_requests_keeps_no_open_connection(db: Any) -> None:
    if connection.vendor != "sqlite":
        return
    worker = Worker(between_requests=True)
    try:
        assert not worker.is_closed()
        FILE_KEY.drop()
        assert worker.is_closed()
    finally:
        worker.end()


def test_a_thread_in_the_middle_of_a_request_is_left_to_finish(db: Any) -> None:
    if connection.vendor != "sqlite":
        return
    worker = Worker(between_requests=False)
    try:
        FILE_KEY.drop()
        assert not worker.is_closed()
    finally:
        worker.end()
