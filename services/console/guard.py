"""What every request passes first, and every answer last: who asks, from where, and what a browser may do with it."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.console.sessions import Sessions
from services.shared.settings import LOOPBACK_HOSTS

OPEN_PATHS = ("/login", "/static/")
"""What is served without a token: the page that asks for it, and its style."""
BODY_SECONDS = 20.0
"""What a request that changes something may take to arrive: at most 100 kB."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Without a referrer at all a browser would hide the origin of our own forms too.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
}


@dataclass(frozen=True, slots=True)
class Guard:
    """ASGI middleware."""

    app: ASGIApp
    sessions: Sessions | None
    """None where no token is set; then only this machine can ask, and is let in as it is."""
    body_seconds: float = BODY_SECONDS
    """How long a request may take to arrive whole."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        refusal = self._refusal(scope)
        patient = receive if scope["method"] in SAFE_METHODS else _within(receive, self.body_seconds)
        await (refusal or self.app)(scope, patient, with_headers)

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if "\x00" in scope["path"] or b"%00" in scope["query_string"]:
            # No database can be asked for it, and nothing has it in its name.
            return _problem(400, "The address holds a character that none of ours has.")
        if self.sessions is None and _host_name(headers.get("host", "")) not in LOOPBACK_HOSTS:
            # A page elsewhere may have its own name point here (DNS rebinding); its requests carry that name.
            return _problem(421, "This console answers to 127.0.0.1, ::1 and localhost only.")
        if scope["method"] not in SAFE_METHODS and not _same_origin(headers):
            return _problem(403, "A page of another site may change nothing here.")
        path = scope["path"]
        if self.sessions is None or path == OPEN_PATHS[0] or path.startswith(OPEN_PATHS[1]):
            return None
        if self.sessions.authorised(headers.get("authorization", ""), headers.get("cookie", "")):
            return None
        if scope["method"] == "GET" and "text/html" in headers.get("accept", ""):
            query = scope["query_string"].decode("latin-1")
            return RedirectResponse(f"/login?next={quote(path + (f'?{query}' if query else ''))}", status_code=303)
        refused = _problem(401, "Send the header Authorization: Bearer <token>, or the token as a password.")
        refused.headers["WWW-Authenticate"] = 'Bearer realm="tocsin", Basic realm="tocsin"'
        return refused


def _within(receive: Receive, seconds: float) -> Receive:
    """`receive`, which takes whoever has not sent the whole request after `seconds` for gone."""
    deadline = asyncio.get_running_loop().time() + seconds
    whole = False

    async def receive_in_time() -> Message:
        nonlocal whole
        if whole:
            return await receive()
        try:
            async with asyncio.timeout_at(deadline):
                message = await receive()
        except TimeoutError:
            return {"type": "http.disconnect"}
        whole = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    return receive_in_time


def _same_origin(headers: Headers) -> bool:
    """Whether a request that changes something comes from a page of this console, or from no page at all."""
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if origin is not None and not (origin == "null" and site == "same-origin"):
        return urlsplit(origin).netloc.lower() == headers.get("host", "").lower() != ""
    return site in {"same-origin", "none", None}


def _host_name(host: str) -> str:
    """The name in a Host header, without its port."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].lower()


def _problem(status: int, detail: str) -> Response:
    body = json.dumps({"status": status, "detail": detail})
    return Response(body, status_code=status, media_type="application/problem+json")
