"""By what name a browser reached us, and whether passkeys can be used there.

A passkey belongs to a name. The name is the host that Django let through, and only where it stands in
``ALLOWED_HOSTS`` as it is: a rule that lets many names in vouches for none of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port
from django.utils.translation import gettext

from tejido.domain.words import N_
from tejido.vault.second_factor import Reached

_ONION = N_(
    "Tor Browser, which opens onion addresses, knows no passkeys. The six digits and codes on paper do as well."
)
_NUMBER = N_(
    "A passkey belongs to a name, and this address is made of numbers. On the machine that serves the notebook, open "
    "it with “localhost” in place of the number; elsewhere by its name."
)
_NO_HTTPS = N_("Browsers use passkeys only where the way to the server is encrypted (https), and here it is not.")
_MANY_NAMES = N_("Whoever looks after this server has not named the one address by which people come.")


@dataclass(frozen=True)
class Whereabouts:
    """Where passkeys can be used from here (``reached``), or a sentence in the language of the page: why not."""

    reached: Reached | None = None
    why_not: str = ""


def whereabouts(request: HttpRequest) -> Whereabouts:
    """Say whether passkeys can be used by whoever reached us so; a forged host is refused before (400)."""
    address = request.get_host().lower()
    host, _port = split_domain_port(address)
    if host.endswith(".onion"):
        return Whereabouts(why_not=gettext(_ONION))
    if _is_number(host):
        return Whereabouts(why_not=gettext(_NUMBER))
    if host not in settings.ALLOWED_HOSTS:
        return Whereabouts(why_not=gettext(_MANY_NAMES))
    if settings.SESSION_COOKIE_SECURE:
        return Whereabouts(Reached(host, f"https://{address}"))
    if host != "localhost":  # what comes from their own machine, browsers take for safe by that name
        return Whereabouts(why_not=gettext(_NO_HTTPS))
    return Whereabouts(Reached(host, f"http://{address}"))


def _is_number(host: str) -> bool:
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
