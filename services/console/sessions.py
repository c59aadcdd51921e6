"""Who may ask: the token as a bearer, as the password of basic authentication, or a session that it opened."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie

COOKIE = "tocsin_session"
SESSION_SECONDS = 12 * 60 * 60
"""A session lasts a shift; then the token is asked for again."""


@dataclass(frozen=True, slots=True)
class Sessions:
    """Checks of one token. Nothing is kept: a session is a date with a signature, and ends for all when the token is
    changed."""

    token: bytes
    clock: Callable[[], float]
    """Seconds since 1970."""

    def holds_token(self, sent: str) -> bool:
        """Whether `sent` is the token; takes the same time whatever is wrong with it."""
        return hmac.compare_digest(sent.encode(errors="replace"), self.token)

    def authorised(self, authorization: str, cookie: str) -> bool:
        """Whether the headers of a request carry the token or a session that has not ended."""
        scheme, _, sent = authorization.partition(" ")
        if scheme.lower() == "bearer":
            return self.holds_token(sent.strip())
        if scheme.lower() == "basic":
            return self.holds_token(_password(sent.strip()))
        return self._is_session(_cookie(cookie))

    def open(self) -> str:
        """The value of a cookie that stands for the token until the session ends."""
        ends = str(int(self.clock()) + SESSION_SECONDS)
        return f"{ends}.{self._signature(ends)}"

    def _is_session(self, value: str) -> bool:
        ends, _, signature = value.partition(".")
        signed = hmac.compare_digest(signature.encode(errors="replace"), self._signature(ends).encode())
        return signed and ends.isascii() and ends.isdigit() and int(ends) > self.clock()

    def _signature(self, ends: str) -> str:
        key = hashlib.sha256(b"tocsin console session\n" + self.token).digest()
        return hmac.new(key, ends.encode(errors="replace"), hashlib.sha256).hexdigest()


def _password(sent: str) -> str:
    """The password of basic authentication, whoever the user; empty where there is none."""
    try:
        return base64.b64decode(sent, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _cookie(header: str) -> str:
    try:
        found = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found is not None else ""
