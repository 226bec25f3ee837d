"""What a visitor meets who is not, or no longer, at work; and what becomes of the form that came too late."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from tejido.circles.forms import UnlockForm
from tejido.circles.pages import UnlockPage
from tejido.domain.errors import DamagedSeal
from tejido.vault.seal import derive, unwrap, wrap
from tejido.vault.sessions import BOOT_SECRET
from tejido.web.errors import is_secret
from tejido.web.rendering import render_page

_PURPOSE = "form kept over the lock"


@dataclass(frozen=True)
class KeptForm:
    """A form that arrived after the lock: where it was going, and every field as it was typed."""

    address: str
    fields: tuple[tuple[str, str], ...]
    lost_files: bool = False


def answer_locked(request: HttpRequest) -> HttpResponse:
    """Lead to the passphrase. What was typed comes along, sealed, and is offered again once it is open."""
    if request.method != "POST":
        back = request.path
        query = "" if back == "/" else "?" + urlencode({"next": back})
        return HttpResponseRedirect(
            reverse("circles:unlock" if settings.WORKSPACE.exists else "circles:setup") + query
        )
    kept = seal_form(request)
    page = UnlockPage(form=UnlockForm(initial={"kept": kept}), came_too_late=True)
    return render_page(request, "circles/unlock.html", page, status=403)


def seal_form(request: HttpRequest) -> str:
    """Return the fields of a POST sealed under a key of this process: the locked page holds nothing readable.

    Passphrases are left out: they are typed again, never sent back.
    """
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and not is_secret(request, name)
        for value in values
    ]
    plain = json.dumps([request.get_full_path(), fields, bool(request.FILES)]).encode()
    sealed = wrap(derive(BOOT_SECRET, _PURPOSE), zlib.compress(plain), purpose=_PURPOSE)
    return base64.urlsafe_b64encode(sealed).decode()


def open_form(kept: str) -> KeptForm | None:
    """Return the form kept by ``seal_form``; None when there is none or this process did not seal it."""
    if not kept:
        return None
    try:
        sealed = base64.urlsafe_b64decode(kept.encode())
        plain = unwrap(derive(BOOT_SECRET, _PURPOSE), sealed, purpose=_PURPOSE)
    except (DamagedSeal, ValueError):
        return None
    address, fields, lost_files = json.loads(zlib.decompress(plain))
    return KeptForm(address, tuple((name, value) for name, value in fields), lost_files)


def safe_next(address: str) -> str:
    """Return ``address`` if it is a path of this site, else the first page."""
    local = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if local else "/"
