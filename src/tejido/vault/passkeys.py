"""Passkeys (WebAuthn level 2): what a browser is asked, and whether what it answers is the answer.

Reading and signatures are left to Yubico's ``fido2``. What it leaves open is closed here: the origin is compared
exactly, frames of other sites are refused, the kinds of keys are named, and a counter that does not go on is refused.
A passkey has to see who holds it (a PIN, a finger): *user verification*. It is asked to leave no trace that can be
listed on the device, and to say nothing of who made it (*attestation* none).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from fido2.cose import ES256, RS256, EdDSA
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestationConveyancePreference,
    AttestedCredentialData,
    AuthenticationResponse,
    CollectedClientData,
    PublicKeyCredentialParameters,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from tejido.domain.errors import TejidoError
from tejido.domain.words import N_
from tejido.vault.second_factor import LABEL, Passkey, Reached

#: The kinds of keys that are taken (COSE): ECDSA on P-256, Ed25519, RSA with SHA-256.
KINDS: Final = (ES256.ALGORITHM, EdDSA.ALGORITHM, RS256.ALGORITHM)
#: Bytes of the longest id of a credential, as the standard has it; characters of an answer, at most.
_LONGEST_ID, _LONGEST_ANSWER = 1023, 20_000
_STRICT: Final = UserVerificationRequirement.REQUIRED


class PasskeyRefused(TejidoError):
    """What a browser sent is not the answer of a passkey of this account, to what was asked of it, here."""

    message = N_(
        "The passkey did not answer as it has to: it is not one of yours for this address, it did not see who holds "
        "it, or the answer was altered. Nothing was changed; try again, or use a code."
    )


class PasskeyCopied(PasskeyRefused):
    """The counter of a passkey stands still or went back: two devices answer with the same key."""

    message = N_(
        "This passkey counted less than the last time: somebody may have copied it. Nothing was opened. Come in with "
        "a code, take this passkey away and tell your circle."
    )


def asked_to_make(reached: Reached, *, challenge: bytes, user: bytes, known: Sequence[Passkey]) -> str:
    """Return what a browser is told, to make a passkey (JSON). ``user`` is a name that says nothing, 32 bytes."""
    whose = PublicKeyCredentialUserEntity(id=user, name=LABEL, display_name=LABEL)
    options, _ = _server(reached).register_begin(
        whose,
        credentials=_credentials(known),
        resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
        user_verification=_STRICT,
        challenge=challenge,
    )
    return json.dumps({"create": dict(options.public_key)})


def asked_to_show(reached: Reached, *, challenge: bytes, known: Sequence[Passkey]) -> str:
    """Return what a browser is told, to let one of the passkeys ``known`` for this host answer (JSON)."""
    options, _ = _server(reached).authenticate_begin(
        _credentials(known_here(known, reached)), user_verification=_STRICT, challenge=challenge
    )
    return json.dumps({"get": dict(options.public_key)})


def known_here(known: Sequence[Passkey], reached: Reached | None) -> tuple[Passkey, ...]:
    """Return the passkeys that were made for this host; none where passkeys cannot be used."""
    return tuple(one for one in known if reached is not None and one.host == reached.host)


def challenge_in(answer: str) -> bytes:
    """Return the challenge that an answer says it is for; nothing of the answer is believed yet."""
    try:
        return CollectedClientData(websafe_decode(_read(answer)["response"]["clientDataJSON"])).challenge
    except Exception:  # whatever it stumbles over, it is no answer
        raise PasskeyRefused from None


def made(
    answer: str, *, challenge: bytes, reached: Reached, name: str, added: str, known: Sequence[Passkey]
) -> Passkey:
    """Return the passkey that a browser made, after everything that it says was verified.

    ``PasskeyRefused`` for anything but the answer to ``challenge`` from a page of ``reached``, and for one that is
    known already.
    """
    try:
        given = RegistrationResponse.from_dict(_read(answer))
        _demand_own_page(given.response.client_data)
        found = _server(reached).register_complete(_state(challenge), given)
    except Exception:
        raise PasskeyRefused from None
    credential = found.credential_data
    if credential is None or given.raw_id != credential.credential_id:
        raise PasskeyRefused
    is_known = any(_id(one) == credential.credential_id for one in known)
    if is_known or not 0 < len(credential.credential_id) <= _LONGEST_ID or credential.public_key.get(3) not in KINDS:
        raise PasskeyRefused
    return Passkey(name, reached.host, bytes(credential), int(found.counter), added)


def shown(answer: str, *, challenge: bytes, reached: Reached, known: Sequence[Passkey]) -> tuple[Passkey, ...]:
    """Return the passkeys of an account once one of them has answered ``challenge``: its counter went on.

    Raises ``PasskeyRefused``, and ``PasskeyCopied`` where the counter did not go on. A passkey that is carried along
    from one device to the next has no counter: it says zero each time.
    """
    try:
        given = AuthenticationResponse.from_dict(_read(answer))
        _demand_own_page(given.response.client_data)
        credentials = _credentials(known_here(known, reached))
        used = _server(reached).authenticate_complete(_state(challenge), credentials, given)
    except Exception:
        raise PasskeyRefused from None
    one = next(one for one in known if _id(one) == used.credential_id)
    count = int(given.response.authenticator_data.counter)
    _demand_goes_on(one, count)
    return tuple(replace(each, count=count) if each is one else each for each in known)


def _server(reached: Reached) -> Fido2Server:
    """Return what verifies for one host: its pages are those of exactly one origin."""
    server = Fido2Server(
        PublicKeyCredentialRpEntity(id=reached.host, name=LABEL),
        attestation=AttestationConveyancePreference.NONE,
        verify_origin=lambda said: said == reached.origin,
    )
    server.allowed_algorithms = [
        PublicKeyCredentialParameters(type=PublicKeyCredentialType.PUBLIC_KEY, alg=kind) for kind in KINDS
    ]
    return server


def _state(challenge: bytes) -> dict[str, str]:
    return {"challenge": websafe_encode(challenge), "user_verification": _STRICT}


def _read(answer: str) -> Mapping[str, Any]:
    """Return an answer as its JSON says it; ``ValueError`` for one of an unlikely length."""
    if len(answer) > _LONGEST_ANSWER:
        raise ValueError
    said: Mapping[str, Any] = json.loads(answer)
    return said


def _demand_own_page(said: CollectedClientData) -> None:
    if said.cross_origin:
        raise PasskeyRefused


def _demand_goes_on(one: Passkey, count: int) -> None:
    if (count or one.count) and count <= one.count:
        raise PasskeyCopied


def _credentials(known: Sequence[Passkey]) -> list[AttestedCredentialData]:
    return [AttestedCredentialData(one.credential) for one in known]


def _id(one: Passkey) -> bytes:
    return AttestedCredentialData(one.credential).credential_id
