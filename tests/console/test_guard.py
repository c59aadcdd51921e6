"""Who is let in, from where, and what a browser is told."""

from __future__ import annotations

import asyncio
import base64
from dataclasses import replace
from typing import Any

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from services.console.guard import HEADERS, Guard
from services.console.sessions import COOKIE, SESSION_SECONDS, Sessions
from tests.console.conftest import TOKEN, Console

HTML = {"Accept": "text/html"}


def basic(password: str) -> str:
    return "Basic " + base64.b64encode(f"anybody:{password}".encode()).decode()


async def anything(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that serves every path."""
    await PlainTextResponse("served")(scope, receive, send)


def guarded(token: str | None, base_url: str = "http://127.0.0.1:8700") -> httpx.AsyncClient:
    sessions = None if token is None else Sessions(token.encode(), lambda: 1_000_000.0)
    return httpx.AsyncClient(transport=httpx.ASGITransport(Guard(anything, sessions)), base_url=base_url)


@pytest.mark.parametrize(
    ("authorization", "let_in"),
    [
        (f"Bearer {TOKEN}", True),
        (f"bearer {TOKEN}", True),
        (basic(TOKEN), True),
        ("", False),
        ("Bearer", False),
        ("Bearer other", False),
        (f"Bearer {TOKEN}x", False),
        (basic(""), False),
        ("Basic !!!", False),
        ("Basic w6k=", False),
        (f"Digest {TOKEN}", False),
    ],
)
async def test_where_a_token_is_set_every_request_must_carry_it(authorization: str, let_in: bool) -> None:
    async with guarded(TOKEN, "http://desk.example") as client:
        for path in ("/api/v1/incidents", "/feeds/desk/alerts.atom", "/", "/readyz", "/openapi.json", "/loginx"):
            answer = await client.get(path, headers={"Authorization": authorization})
            assert answer.status_code == (200 if let_in else 401), path
            assert let_in or "Basic" in answer.headers["WWW-Authenticate"]


async def test_a_browser_is_asked_for_the_token_once_and_then_let_in_for_a_shift(console: Console) -> None:
    async with console.client(TOKEN, "https://desk.example") as client:
        asked = await client.get("/incidents/inc-1?x=1", headers=HTML)
        assert (asked.status_code, asked.headers["Location"]) == (303, "/login?next=/incidents/inc-1%3Fx%3D1")
        assert (await client.get("/login", headers=HTML)).status_code == 200
        wrong = await client.post("/login", data={"token": "guess", "next": "/"})
        assert (wrong.status_code, COOKIE in wrong.cookies) == (401, False)
        assert "That is not the token" in wrong.text
        right = await client.post("/login", data={"token": TOKEN, "next": "/subscriptions"})
        assert (right.status_code, right.headers["Location"]) == (303, "/subscriptions")
        cookie = right.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "Secure" in cookie
        assert "samesite=strict" in cookie.lower()
        assert TOKEN not in cookie
        assert (await client.get("/subscriptions", headers=HTML)).status_code == 200
        await client.post("/logout")
        assert (await client.get("/subscriptions", headers=HTML)).status_code == 303


async def test_after_the_token_nobody_is_sent_to_another_site(console: Console) -> None:
    async with console.client(TOKEN) as client:
        for after in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a\nb", ""):
            answer = await client.post("/login", data={"token": TOKEN, "next": after})
            assert answer.headers["Location"] == "/", after


def test_a_session_ends_and_cannot_be_made_up() -> None:
    now = [1000.0]
    sessions = Sessions(TOKEN.encode(), lambda: now[0])
    cookie = f"{COOKIE}={sessions.open()}"
    assert sessions.authorised("", cookie)
    for forged in ("", f"{COOKIE}=", f"{COOKIE}=9999999999.abc", cookie.replace("=", "=9"), f"{COOKIE}=é.é", "a;b=;="):
        assert not sessions.authorised("", forged)
    assert not Sessions(b"another token", lambda: now[0]).authorised("", cookie)
    now[0] += SESSION_SECONDS
    assert not sessions.authorised("", cookie)


@pytest.mark.parametrize("host", ["127.0.0.1:8700", "localhost", "[::1]:8700", "LOCALHOST:1"])
async def test_without_a_token_this_machine_is_let_in(host: str) -> None:
    async with guarded(None) as client:
        assert (await client.get("/", headers={"Host": host})).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "localhost.evil.example:8700"])
async def test_without_a_token_a_name_that_points_here_is_refused(host: str) -> None:
    async with guarded(None) as client:
        assert (await client.get("/api/v1/subscriptions", headers={"Host": host})).status_code == 421


@pytest.mark.parametrize(
    ("headers", "let_in"),
    [
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, False),
        ({"Origin": "null", "Sec-Fetch-Site": "none"}, False),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, True),
        ({"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"}, False),
        ({"Origin": "http://127.0.0.1:9999"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Origin": "http://127.0.0.1:8700", "Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({}, True),
    ],
)
async def test_only_a_page_of_this_console_or_no_page_changes_anything(headers: dict[str, str], let_in: bool) -> None:
    async with guarded(None) as client:
        for method in ("POST", "PUT", "DELETE", "PATCH"):
            answer = await client.request(method, "/api/v1/subscriptions", headers=headers)
            assert answer.status_code == (200 if let_in else 403)
        assert (await client.get("/", headers=headers)).status_code == 200


async def test_every_answer_tells_a_browser_to_run_and_load_nothing_from_elsewhere(client: httpx.AsyncClient) -> None:
    for path in ("/", "/static/console.css", "/api/v1/incidents", "/nothing", "/api/v1/nothing"):
        answer = await client.get(path)
        for name, value in HEADERS.items():
            assert answer.headers[name] == value
    assert "unsafe" not in HEADERS["Content-Security-Policy"]


async def test_a_request_that_is_too_large_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/v1/subscriptions/dry-run", json={"name": "x" * 200_000})
    assert answer.status_code == 413


async def test_who_does_not_send_a_request_whole_in_time_is_taken_for_gone(console: Console) -> None:
    guard = console.app()
    assert isinstance(guard, Guard)
    sent: list[Any] = []

    async def receive() -> Any:
        if not sent:
            sent.append("a part")
            return {"type": "http.request", "body": b"name=a", "more_body": True}
        return await asyncio.Event().wait()

    answers: list[Any] = []

    async def send(message: Any) -> None:
        answers.append(message)

    for path in ("/subscription-form", "/silences", "/api/v1/subscriptions"):
        sent.clear()
        answers.clear()
        scope = {
            "type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b"",
            "headers": [(b"host", b"127.0.0.1"), (b"tocsin-author", b"a"), (b"content-type", b"application/json")],
            "http_version": "1.1", "scheme": "http", "server": ("127.0.0.1", 1), "client": ("127.0.0.1", 2),
        }  # fmt: skip
        await replace(guard, body_seconds=0.01)(scope, receive, send)
        assert answers[0]["status"] in {400, 408}, path


async def test_an_address_or_a_form_with_a_zero_character_is_refused(client: httpx.AsyncClient) -> None:
    for path in ("/subscriptions/%00", "/ledger/a%00b", "/deliveries?channel=%00", "/api/v1/alerts/%00"):
        assert (await client.get(path)).status_code == 400
    form = {"subscription": "\x00", "incident_id": "i", "revision": "1", "author": "a", "reason": "x"}
    assert (await client.post("/waiting/release", data=form)).status_code == 400
