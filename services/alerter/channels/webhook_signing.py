"""Signatures of Standard Webhooks 1.0: HMAC-SHA256 (`v1`) and Ed25519 (`v1a`), by every key of a rotation. Pure.

Facts of form are those of the specification: https://github.com/standard-webhooks/standard-webhooks, spec 1.0.0.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from standardwebhooks import Webhook

SECRET_PREFIX = "whsec_"  # noqa: S105 - the mark of a secret, not one
PRIVATE_PREFIX, PUBLIC_PREFIX = "whsk_", "whpk_"
SECRET_BYTES = range(24, 65)
"""Bytes of a symmetric secret."""
SEED_BYTES = 32
"""Bytes of an Ed25519 private key; some tools write the public key behind it, 64 bytes in all."""


def signatures(keys: Sequence[str], identity: str, at: datetime, body: bytes) -> str:
    """The value of `webhook-signature`: one signature by each of `keys`, which `key_fault` has found sound.

    `identity` is the `webhook-id`; `at` is when the attempt is made, with a zone. While keys are being changed both the
    new and the old ones sign, and a receiver takes a message that one of its keys verifies.
    """
    # The library signs the clock time it is given as if it were UTC, whatever its zone.
    utc = at.astimezone(UTC)
    return " ".join(_signature(key, identity, utc, body) for key in keys)


def _signature(key: str, identity: str, utc: datetime, body: bytes) -> str:
    if key.startswith(SECRET_PREFIX):
        signed: str = Webhook(key).sign(identity, utc, body.decode())
        return signed
    content = b"%s.%d.%s" % (identity.encode(), int(utc.timestamp()), body)
    return f"v1a,{base64.b64encode(_private(key).sign(content)).decode()}"


def public_key_of(key: str) -> str | None:
    """What receivers verify the signatures of `key` with, `whpk_...`; None for a symmetric secret, which both share."""
    if not key.startswith(PRIVATE_PREFIX):
        return None
    return PUBLIC_PREFIX + base64.b64encode(_private(key).public_key().public_bytes_raw()).decode()


def key_fault(key: str) -> str | None:
    """What is wrong with a signing key, as words after "it"; None where nothing is. Does not repeat it."""
    prefix = next((one for one in (SECRET_PREFIX, PRIVATE_PREFIX) if key.startswith(one)), None)
    if prefix is None:
        return f"must begin with {SECRET_PREFIX} (HMAC) or {PRIVATE_PREFIX} (Ed25519)"
    try:
        raw = base64.b64decode(key.removeprefix(prefix), validate=True)
    except ValueError:
        return f"must be base64 after {prefix}"
    if prefix == SECRET_PREFIX and len(raw) not in SECRET_BYTES:
        return f"must hold 24 to 64 bytes and holds {len(raw)}"
    if prefix == PRIVATE_PREFIX and len(raw) not in (SEED_BYTES, 2 * SEED_BYTES):
        return (
            f"must hold {SEED_BYTES} bytes, or {2 * SEED_BYTES} with the public key behind them, and holds {len(raw)}"
        )
    return None


def _private(key: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(key.removeprefix(PRIVATE_PREFIX))[:SEED_BYTES])
