"""Signatures of Standard Webhooks, by HMAC and Ed25519, by one key or several."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from standardwebhooks import Webhook, WebhookVerificationError

from services.alerter.channels.webhook_signing import key_fault, public_key_of, signatures

SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
OLD_SECRET = "whsec_" + base64.b64encode(b"o" * 32).decode()
SEED = bytes(range(32))
PRIVATE = "whsk_" + base64.b64encode(SEED).decode()
BODY = '{"said":"at least 60 – ß"}'.encode()


def headers(keys: list[str], at: datetime) -> dict[str, str]:
    return {
        "webhook-id": "alert_1",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signatures(keys, "alert_1", at, BODY),
    }


def verify_ed25519(public: str, sent: dict[str, str], body: bytes) -> None:
    """As the specification tells a receiver to: raises InvalidSignature where no `v1a` signature fits."""
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public.removeprefix("whpk_")))
    content = f"{sent['webhook-id']}.{sent['webhook-timestamp']}.".encode() + body
    (signature,) = (one for one in sent["webhook-signature"].split(" ") if one.startswith("v1a,"))
    key.verify(base64.b64decode(signature.removeprefix("v1a,")), content)


def test_a_receiver_with_the_public_key_can_verify_and_nothing_else_passes() -> None:
    sent = headers([PRIVATE], datetime.now(UTC))
    public = public_key_of(PRIVATE)
    assert public is not None
    assert public.startswith("whpk_")
    verify_ed25519(public, sent, BODY)
    with pytest.raises(InvalidSignature):
        verify_ed25519(public, sent, BODY + b" ")
    with pytest.raises(InvalidSignature):
        verify_ed25519(public, sent | {"webhook-timestamp": "1"}, BODY)


def test_while_keys_change_a_receiver_with_any_one_of_them_can_verify() -> None:
    sent = headers([SECRET, OLD_SECRET, PRIVATE], datetime.now(UTC))
    assert len(sent["webhook-signature"].split(" ")) == 3
    for secret in (SECRET, OLD_SECRET):
        assert Webhook(secret).verify(BODY, sent)["said"] == "at least 60 – ß"
    verify_ed25519(public_key_of(PRIVATE) or "", sent, BODY)
    with pytest.raises(WebhookVerificationError):
        Webhook("whsec_" + base64.b64encode(b"x" * 32).decode()).verify(BODY, sent)


def test_a_private_key_may_have_its_public_key_behind_it() -> None:
    public = Ed25519PrivateKey.from_private_bytes(SEED).public_key().public_bytes_raw()
    both = "whsk_" + base64.b64encode(SEED + public).decode()
    assert key_fault(both) is None
    assert public_key_of(both) == public_key_of(PRIVATE)


def test_a_symmetric_secret_has_no_public_key() -> None:
    assert public_key_of(SECRET) is None


@pytest.mark.parametrize(
    ("key", "fault"),
    [
        (SECRET, None),
        (PRIVATE, None),
        ("whsec_" + base64.b64encode(b"k" * 24).decode(), None),
        ("whsec_" + base64.b64encode(b"k" * 64).decode(), None),
        ("whsec_" + base64.b64encode(b"k" * 23).decode(), "must hold 24 to 64 bytes and holds 23"),
        ("whsec_" + base64.b64encode(b"k" * 65).decode(), "must hold 24 to 64 bytes and holds 65"),
        (
            "whsk_" + base64.b64encode(b"k" * 33).decode(),
            "must hold 32 bytes, or 64 with the public key behind them, and holds 33",
        ),
        ("hunter2", "must begin with whsec_ (HMAC) or whsk_ (Ed25519)"),
        ("whsec_not base64!", "must be base64 after whsec_"),
        ("whsk_é", "must be base64 after whsk_"),
    ],
)
def test_a_key_that_is_none_is_said_without_repeating_it(key: str, fault: str | None) -> None:
    assert key_fault(key) == fault
