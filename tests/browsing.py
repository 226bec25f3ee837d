"""Django's test client as a browser of somebody at work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.http import HttpRequest
from django.test import Client

from tejido.circles.models import Member
from tejido.circles.presence import PRESENCE
from tejido.circles.work_session import open_session
from tejido.vault.keyring import FILE_KEY, current
from tejido.vault.sessions import SessionStore
from tests.conftest import TEST_FILE_KEY


@contextmanager
def sign_in(member: Member) -> Iterator[Client]:
    """Yield a client with a session of ``member``, opened with the keyring in place; put all keys back after."""
    client = Client()
    request = HttpRequest()
    request.session = SessionStore()
    open_session(request, member=member, keyring=current())
    request.session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key or ""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    try:
        yield client
    finally:
        PRESENCE.go(request.session.session_key)
        FILE_KEY.put(TEST_FILE_KEY)
