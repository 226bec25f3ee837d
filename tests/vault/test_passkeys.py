"""What a passkey answers is believed only where everything about it is right; and each guard is seen to matter."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from fido2.cose import ES256
from fido2.server import Fido2Server
from fido2.webauthn import AuthenticatorData, PublicKeyCredentialRpEntity
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tejido.vault import passkeys
from tejido.vault import second_factor as factor
from tejido.vault.passkeys import (
    PasskeyCopied,
    PasskeyRefused,
    asked_to_make,
    asked_to_show,
    challenge_in,
    made,
    shown,
)
from tejido.vault.second_factor import Passkey, Reached
from tests.vault.authenticator import HOST, ORIGIN, PRESENT, VERIFIED, Device, b64

HERE, CHALLENGE, OTHER = Reached(HOST, ORIGIN), b"c" * 32, b"o" * 32
Planting = Callable[[pytest.MonkeyPatch], None]


def kept_of(device: Device, **wrongly: Any) -> Passkey:
    asked = json.loads(asked_to_make(HERE, challenge=CHALLENGE, user=b"u" * 32, known=[]))
    answer = device.make(asked, **wrongly)
    return made(answer, challenge=CHALLENGE, reached=HERE, name="blue", added="2026-03-02", known=[])


def used(device: Device, *known: Passkey, **wrongly: Any) -> tuple[Passkey, ...]:
    asked = json.loads(asked_to_show(HERE, challenge=CHALLENGE, known=known))
    return shown(device.show(asked, **wrongly), challenge=CHALLENGE, reached=HERE, known=known)


@pytest.mark.parametrize("kind", ["ES256", "EdDSA"])
def test_a_passkey_is_made_and_then_answers(kind: str) -> None:
    device = Device(kind)
    one = kept_of(device)
    (after,) = used(device, one)
    assert (after.name, after.host, one.count, after.count) == ("blue", HOST, 0, 1)
    assert used(device, after)[0].count == 2


def test_what_a_browser_is_asked_says_little_and_asks_for_much() -> None:
    asked = json.loads(asked_to_make(HERE, challenge=CHALLENGE, user=b"u" * 32, known=[kept_of(Device())]))["create"]
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["authenticatorSelection"]["residentKey"] == "discouraged"
    assert asked["attestation"] == "none" and asked["rp"] == {"id": HOST, "name": "cuaderno"}
    assert asked["user"]["name"] == "cuaderno" and len(asked["excludeCredentials"]) == 1
    assert {one["alg"] for one in asked["pubKeyCredParams"]} == {-7, -8, -257}
    shown_ = json.loads(asked_to_show(HERE, challenge=CHALLENGE, known=[kept_of(Device())]))["get"]
    assert shown_["userVerification"] == "required" and len(shown_["allowCredentials"]) == 1


#: What is wrong with an answer, whether it makes a passkey or uses one.
WRONG: dict[str, dict[str, Any]] = {
    "another site": {"origin": "http://localhost.example:8765"},
    "another port": {"origin": "http://localhost:8766"},
    "another scheme": {"origin": "https://localhost:8765"},
    "a name below": {"origin": "http://below.localhost:8765"},
    "inside another page": {"framed": True},
    "another host": {"host": "example.org"},
    "nobody verified": {"flags": PRESENT},
    "nobody present": {"flags": VERIFIED},
    "another challenge": {"challenge": b64(OTHER)},
    "another kind of answer": {"type": "payment.get"},
    "another id": {"ident": b"i" * 32},
}


@pytest.mark.parametrize("wrongly", WRONG.values(), ids=WRONG)
def test_an_answer_that_is_wrong_in_one_thing_is_refused(wrongly: dict[str, Any]) -> None:
    device = Device()
    one = kept_of(device)
    with pytest.raises(PasskeyRefused):
        used(device, one, **wrongly)
    with pytest.raises(PasskeyRefused):
        kept_of(Device(), **wrongly)


def _any_origin(patch: pytest.MonkeyPatch) -> None:
    real = Fido2Server
    patch.setattr(passkeys, "Fido2Server", lambda rp, **_: real(rp, verify_origin=lambda said: True))


def _any_host(patch: pytest.MonkeyPatch) -> None:
    import hashlib

    patch.setattr(PublicKeyCredentialRpEntity, "id_hash", hashlib.sha256(b"example.org").digest())


#: The guard against each, and what is left when somebody forgets it.
PLANTED: dict[str, Planting] = {
    "another site": _any_origin,
    "another port": _any_origin,
    "another scheme": _any_origin,
    "inside another page": lambda patch: patch.setattr(passkeys, "_demand_own_page", lambda said: None),
    "another host": _any_host,
    "nobody verified": lambda patch: patch.setattr(passkeys, "_STRICT", "preferred"),
    "nobody present": lambda patch: patch.setattr(AuthenticatorData, "is_user_present", lambda self: True),
}


@pytest.mark.parametrize("name", PLANTED)
def test_without_its_guard_a_wrong_answer_would_pass(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: each guard taken out in its turn, and the very answer it is for is believed."""
    device = Device()
    one = kept_of(device)
    PLANTED[name](monkeypatch)
    assert used(device, one, **WRONG[name])[0].count == 1


@pytest.mark.parametrize("count", [4, 5, 0])
def test_a_counter_that_does_not_go_on_is_a_copy(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    device = Device(count=4)
    (one,) = used(device, kept_of(device, count=4))
    assert one.count == 5
    with pytest.raises(PasskeyCopied):
        used(device, one, count=count)
    monkeypatch.setattr(passkeys, "_demand_goes_on", lambda one, count: None)
    assert used(device, one, count=count)[0].count == count, "planted: a counter that nobody looks at"


def test_a_passkey_without_a_counter_says_zero_each_time() -> None:
    device = Device(counts=False)
    one = kept_of(device)
    assert used(device, *used(device, one)) == (one,)


def test_the_key_of_another_answers_for_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    mine, theirs = Device(), Device()
    one, other = kept_of(mine), kept_of(theirs)
    with pytest.raises(PasskeyRefused):
        used(theirs, one)
    with pytest.raises(PasskeyRefused):
        used(theirs, one, ident=mine.ident)
    with pytest.raises(PasskeyRefused):
        used(mine, one, signature=b"\0" * 70)
    assert used(theirs, one, other)[0] == one
    monkeypatch.setattr(ES256, "verify", lambda self, message, signature: None)
    assert used(theirs, one, ident=mine.ident), "planted: a signature that nobody looks at"


def test_a_passkey_is_for_one_host() -> None:
    device = Device()
    one, there = kept_of(device), Reached("office.example", "https://office.example")
    asked = json.loads(asked_to_show(there, challenge=CHALLENGE, known=[one]))
    assert not asked["get"].get("allowCredentials")
    with pytest.raises(PasskeyRefused):
        shown(device.show(asked, origin=there.origin), challenge=CHALLENGE, reached=there, known=[one])


def test_a_kind_of_key_that_nobody_asked_for_and_one_known_already_are_not_kept() -> None:
    for public in ({1: 2, 3: -35, -1: 2, -2: b"x" * 48, -3: b"y" * 48}, {1: 3, 3: -65535}, {1: 2}):
        with pytest.raises(PasskeyRefused):
            kept_of(Device(), public=public)
    device = Device()
    one = kept_of(device)
    asked = json.loads(asked_to_make(HERE, challenge=CHALLENGE, user=b"u" * 32, known=[]))
    with pytest.raises(PasskeyRefused):
        made(device.make(asked), challenge=CHALLENGE, reached=HERE, name="", added="", known=[one])
    with pytest.raises(PasskeyRefused):
        kept_of(Device(ident=b""))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.text(max_size=40), st.recursive(st.none() | st.text(), lambda part: st.dictionaries(
    st.sampled_from(["id", "rawId", "response", "clientDataJSON", "authenticatorData", "signature", "type"]), part
)).map(json.dumps)))  # fmt: skip
def test_whatever_is_sent_is_refused_in_words(answer: str) -> None:
    with pytest.raises(PasskeyRefused):
        challenge_in(answer)
    for verify in (
        lambda: shown(answer, challenge=CHALLENGE, reached=HERE, known=[]),
        lambda: made(answer, challenge=CHALLENGE, reached=HERE, name="", added="", known=[]),
    ):
        with pytest.raises(PasskeyRefused):
            verify()


def test_deep_and_long_answers_are_refused_in_words() -> None:
    for answer in ("[" * 100_000, '{"response":' * 1500 + "1" + "}" * 1500, '{"a": "' + "x" * 30_000 + '"}'):
        with pytest.raises(PasskeyRefused):
            challenge_in(answer)


def test_what_is_kept_opens_again_and_does_not_tell_how_many_there_are() -> None:
    account, key = uuid4(), b"k" * 32
    many = tuple(kept_of(Device()) for _ in range(5))
    sizes = set()
    for keys in ((), many[:1], many):
        kept = factor.SecondFactor(b"s" * 20, 7, ("aa",), keys)
        raw = factor.sealed(kept, account=account, notes_key=key)
        assert factor.opened(raw, account=account, notes_key=key) == kept
        sizes.add(len(raw))
    assert len(sizes) == 1


def test_what_was_kept_before_there_were_passkeys_opens() -> None:
    from tejido.vault.seal import derive, wrap

    account, key = uuid4(), b"k" * 32
    said = json.dumps({"secret": "73" * 20, "last": 7, "paper": ["aa"]}).encode()
    raw = wrap(derive(key, "second factor"), said, purpose=f"second factor/{account.hex}")
    assert factor.opened(raw, account=account, notes_key=key) == factor.SecondFactor(b"s" * 20, 7, ("aa",))


def test_without_a_secret_no_digits_are_a_code() -> None:
    for at in (30, 31, 6000):
        typed = factor.code_at(b"\0" * 20, at // 30)
        assert factor.used(factor.SecondFactor(), typed, now=at, notes_key=b"k" * 32) is None
