"""Signed CAP messages: only the owner of the certificate can have written them, and nothing in them was changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from services.alerter.cap.checking import check
from services.alerter.cap.signing import SignatureError, is_signed, sign, verified
from tests.alerter.cap.test_checking import SOUND

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def pem(key: Key | ed25519.Ed25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def certificate(key: Key) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "desk.example")])
    start = datetime.now(UTC) - timedelta(days=1)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, start, start + timedelta(days=30))
    # XML signatures are verified against certificates for signing only.
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    return builder.add_extension(usage, critical=True).sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)


CURVE = ec.generate_private_key(ec.SECP256R1())
RSA = rsa.generate_private_key(65537, 2048)
OTHER = ec.generate_private_key(ec.SECP256R1())


@pytest.mark.parametrize("key", [CURVE, RSA], ids=["elliptic curve", "rsa"])
def test_a_signed_message_is_sound_and_verifies(key: Key) -> None:
    signed = sign(SOUND.encode(), pem(key), certificate(key))
    assert check(signed) == []
    assert is_signed(signed)
    assert b"koru-2" in verified(signed, certificate(key))


def test_a_changed_word_breaks_the_signature() -> None:
    signed = sign(SOUND.encode(), pem(CURVE), certificate(CURVE))
    with pytest.raises(SignatureError, match="does not hold"):
        verified(signed.replace(b"at least 60 died", b"at least 16 died"), certificate(CURVE))


def test_a_message_that_another_signed_does_not_verify_though_it_carries_a_sound_signature() -> None:
    forged = sign(SOUND.encode(), pem(OTHER), certificate(OTHER))
    with pytest.raises(SignatureError, match="does not hold"):
        verified(forged, certificate(CURVE))


def test_an_unsigned_message_does_not_verify() -> None:
    assert not is_signed(SOUND.encode())
    with pytest.raises(SignatureError, match="not signed"):
        verified(SOUND.encode(), certificate(CURVE))


def test_a_signature_over_an_inner_part_does_not_stand_for_the_whole() -> None:
    signed = sign(SOUND.encode(), pem(CURVE), certificate(CURVE)).decode()
    whole = signed.partition("?>")[2].strip()
    wrapped = SOUND.replace("</info>", f"</info>{whole}").replace("koru-2", "koru-9", 1)
    with pytest.raises(SignatureError):
        verified(wrapped.encode(), certificate(CURVE))


@pytest.mark.parametrize(
    ("key", "with_certificate", "says"),
    [
        (pem(CURVE), certificate(OTHER), "not that of the key"),
        (b"no key", certificate(CURVE), "no PEM"),
        (pem(CURVE), b"no certificate", "no PEM"),
        (pem(ed25519.Ed25519PrivateKey.generate()), certificate(CURVE), "RSA or elliptic curve"),
    ],
)
def test_a_key_that_cannot_sign_is_refused_with_the_reason(key: bytes, with_certificate: bytes, says: str) -> None:
    with pytest.raises(SignatureError, match=says):
        sign(SOUND.encode(), key, with_certificate)
