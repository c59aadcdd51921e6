"""CAP messages signed with XML Signature (W3C, enveloped), so that a receiver can tell who wrote them and that nobody
changed them on the way.

A signature is verified against a certificate that the reader brings. The one inside a message proves nothing: whoever
forges the message puts in their own.
"""

from __future__ import annotations

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, SignatureMethod
from signxml.exceptions import InvalidInput, SignXMLException
from signxml.signer import XMLSigner
from signxml.verifier import SignatureConfiguration, XMLVerifier

from services.alerter.cap.reading import parse
from services.alerter.cap.values import SIGNATURE_NAMESPACE

_CANONICAL = CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0
_METHODS = frozenset(
    {
        SignatureMethod.RSA_SHA256,
        SignatureMethod.RSA_SHA384,
        SignatureMethod.RSA_SHA512,
        SignatureMethod.ECDSA_SHA256,
        SignatureMethod.ECDSA_SHA384,
        SignatureMethod.ECDSA_SHA512,
    }
)


class SignatureError(ValueError):
    """A message cannot be signed, or its signature does not hold; the text says why."""


def sign(message: bytes, key: bytes, certificate: bytes) -> bytes:
    """`message` with an enveloped signature as its last element, by the private `key` (PEM, RSA or elliptic curve)
    whose `certificate` (PEM) goes along. Raises SignatureError where they do not fit together or cannot be read."""
    root, fault = parse(message)
    if root is None:
        raise SignatureError(f"The message cannot be signed: {fault.message if fault else 'it cannot be read'}.")
    try:
        private = load_pem_private_key(key, password=None)
        public = x509.load_pem_x509_certificate(certificate)
    except (ValueError, TypeError) as error:
        raise SignatureError(f"The key or certificate is no PEM that can be read: {error}") from None
    if not isinstance(private, RSAPrivateKey | EllipticCurvePrivateKey):
        raise SignatureError("The key must be an RSA or elliptic curve key.")
    if private.public_key() != public.public_key():
        raise SignatureError("The certificate is not that of the key.")
    method = SignatureMethod.RSA_SHA256 if isinstance(private, RSAPrivateKey) else SignatureMethod.ECDSA_SHA256
    signer = XMLSigner(signature_algorithm=method, c14n_algorithm=_CANONICAL)
    signed = signer.sign(root, key=private, cert=[public.public_bytes(Encoding.PEM).decode()])
    return etree.tostring(signed, xml_declaration=True, encoding="UTF-8")


def is_signed(message: bytes) -> bool:
    """Whether `message` carries a signature, be it sound or not."""
    root, _ = parse(message)
    return root is not None and root.find(f"{{{SIGNATURE_NAMESPACE}}}Signature") is not None


def verified(message: bytes, certificate: bytes) -> bytes:
    """The part of `message` that the owner of `certificate` (PEM) signed, which is the whole alert.

    Raises SignatureError where it is not signed, was changed, is signed by another, or where the signature covers less
    than the alert.
    """
    root, fault = parse(message)
    if root is None:
        raise SignatureError(f"The message cannot be read: {fault.message if fault else ''}.")
    if root.find(f"{{{SIGNATURE_NAMESPACE}}}Signature") is None:
        raise SignatureError("The message is not signed.")
    expected = SignatureConfiguration(signature_methods=_METHODS, expect_references=1)
    try:
        pem = x509.load_pem_x509_certificate(certificate).public_bytes(Encoding.PEM).decode()
        result = XMLVerifier().verify(root, x509_cert=pem, expect_config=expected)
    except (SignXMLException, InvalidInput, ValueError) as error:
        raise SignatureError(f"The signature does not hold: {error}") from None
    covered = (result[0] if isinstance(result, list) else result).signed_xml
    if covered is None or covered.tag != root.tag:
        raise SignatureError("The signature covers only a part of the message.")
    return etree.tostring(covered)
