"""Serving the workspace to a browser on this machine.

Loopback only: who wants to serve others puts a web server with https, or an onion service, in front (see the
guides). One process, a few threads; the first visit is let in by a link that works once.
"""

from __future__ import annotations

import logging
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from tejido.cli.asking import asking
from tejido.cli.telling import Telling
from tejido.vault.workspace import Workspace

logger = logging.getLogger(__name__)

HOST = "127.0.0.1"
_THREADS = 6
_LONGEST_HEADER = 64 * 1024  # bytes; without a limit one request could fill the memory
_TICK = 15  # seconds between looks at whether the workspace lies idle


def serve_forever(workspace: Workspace, port: int, telling: Telling, *, passphrase: str | None) -> None:
    """Serve until interrupted; print the one-time link once the port is open."""
    from cheroot import wsgi

    from tejido.circles.door import DOOR
    from tejido.vault.keyring import FILE_KEY
    from tejido.wsgi import application

    if passphrase is not None:
        who = asking()
        DOOR.let_in_with(workspace.unlock(passphrase, handle=who.handle, key_file=who.key_file))
    server = wsgi.Server((HOST, port), _without_server_name(application), numthreads=_THREADS, server_name=HOST)
    server.error_log = _silent  # type: ignore[method-assign]
    server.max_request_header_size = _LONGEST_HEADER
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _end)
    server.prepare()
    stopping = threading.Event()
    # Whatever ends it from here on has to end the server's threads as well: they would keep the process alive.
    try:
        _tell(f"http://{HOST}:{server.bind_addr[1]}", DOOR.issue(), telling)
        FILE_KEY.drop()
        threading.Thread(target=_watch, args=(stopping, DOOR.lock_if_idle), name="idle lock", daemon=True).start()
        server.serve()
    finally:
        stopping.set()
        server.stop()
        FILE_KEY.drop()


def _tell(address: str, token: str, telling: Telling) -> None:
    """Print the one-time link."""
    link = f"{address}/enter/{token}/"
    telling.document({"address": address, "link": link})
    telling.say(telling.words.gettext("Open this link in a browser on this machine; it works once:"))
    telling.say(f"\n    {link}\n")
    telling.say(telling.words.gettext("Press Ctrl+C to stop."))


def _watch(stopping: threading.Event, lock_if_idle: Callable[[], object], tick: float = _TICK) -> None:
    """Lock a workspace that nobody uses, also when no request comes any more."""
    while not stopping.wait(tick):
        try:
            lock_if_idle()
        except Exception:
            # Without this thread the workspace would never lock by itself again: it looks again at the next tick.
            logger.exception("looking whether the workspace lies idle failed")


def _end(number: int, frame: object) -> NoReturn:
    """Told to stop, or the terminal was closed: end as cleanly as after Ctrl+C."""
    sys.exit(0)


def _without_server_name(application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """Answer without saying which software this is."""

    def quiet(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            return start_response(status, [*headers, ("Server", "-")], *more)

        return application(environ, start)

    return quiet


def _silent(msg: str = "", level: int = 20, traceback: bool = False) -> None:
    """Cheroot's own log may carry addresses: what matters is logged, discreetly, by the application."""
