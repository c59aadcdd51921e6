"""A console over a real store and a real view, without Kafka."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from starlette.types import ASGIApp

from schemas import Alert, Incident, Subscription, TerminalChannel
from services.alerter.outbox.engine import Store, open_store
from services.alerter.outbox.subscribers import remember
from services.alerter.policy.matching import compile_subscription
from services.alerter.subscriptions import LoadedSubscriptions
from services.cli.desk import AlerterDesk
from services.console.app import _application
from services.console.guard import Guard
from services.console.incident_view import IncidentView, open_view
from services.console.parts import Parts
from services.console.service import _config, _Server
from services.console.sessions import Sessions
from services.console.waking import Waking
from services.shared.health import Health
from services.shared.settings import load_settings
from tests.alerter.incidents import NOON
from tests.alerter.outboxes import decided

TOPIC = "incidents"
TOKEN = "a-token-of-the-desk"


class _Now:
    """Whatever the console of the running test has there. The application is made once: making it takes as long as
    most tests."""

    def __init__(self, *path: str) -> None:
        self._path = path

    def __getattr__(self, name: str) -> Any:
        found: Any = _CURRENT[-1]
        for step in (*self._path, name):
            found = getattr(found, step)
        return found


class _PartsNow(_Now):
    desk, view, waking = _Now("desk"), _Now("view"), _Now("waking")


_CURRENT: list[Parts] = []


@cache
def _shared_application() -> FastAPI:
    return _application(cast("Parts", _PartsNow()))


@dataclass(slots=True)
class Console:
    """A console and what it looks into."""

    parts: Parts
    store: Store
    offset: int = 0

    async def see(self, *revisions: Incident) -> None:
        """As if these had come by the topic."""
        self.offset += len(revisions)
        await self.parts.view.take(revisions, TOPIC, {0: self.offset})
        self.parts.waking.tell("incident")

    async def tell(self, subscription: Subscription, *revisions: Incident) -> list[Alert]:
        """Subscribe, and decide `revisions` as the alerter does."""
        async with self.store.transaction() as connection:
            await remember(connection, [subscription], NOON)
        alerts = await decided(self.store, revisions, compile_subscription(subscription))
        self.parts.waking.tell(f"alerts/{subscription.name}")
        return alerts

    def app(self, token: str | None = None) -> ASGIApp:
        """The application; with a token where one is given."""
        sessions = None if token is None else Sessions(token.encode(), self.parts.clock)
        _CURRENT[:] = [replace(self.parts, sessions=sessions)]
        return Guard(_shared_application(), sessions)

    def client(self, token: str | None = None, base_url: str = "http://127.0.0.1:8700") -> httpx.AsyncClient:
        """A client that carries nothing."""
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.app(token)), base_url=base_url)


@pytest.fixture
async def view(tmp_path: Path) -> AsyncIterator[IncidentView]:
    opened = await open_view(tmp_path / "console.db")
    yield opened
    await opened.close()


@pytest.fixture
async def console(tmp_path: Path, view: IncidentView) -> AsyncIterator[Console]:
    url = f"sqlite:///{tmp_path}/alerter.db"
    store = await open_store(url)
    loaded = LoadedSubscriptions({"console": TerminalChannel(name="console", kind="terminal")}, (), {}, ())
    desk = AlerterDesk(
        load_settings(store=url), loaded, lambda region: None if region in {"sahel", "ML"} else f"no region {region}"
    )
    parts = Parts(desk, view, Waking(), Health(60), CollectorRegistry(), None, lambda: 1_000_000.0)
    yield Console(parts, store)
    await desk.close()
    await store.close()


@pytest.fixture
async def client(console: Console) -> AsyncIterator[httpx.AsyncClient]:
    async with console.client() as opened:
        yield opened


Serving = Callable[[], AbstractAsyncContextManager[str]]


@pytest.fixture
def serving(console: Console) -> Serving:
    """The console on a real socket, for what no test transport can show: its address."""

    @asynccontextmanager
    async def serve() -> AsyncIterator[str]:
        listening = socket.create_server(("127.0.0.1", 0))
        server = _Server(_config(console.app()))
        task = asyncio.create_task(server.serve([listening]))
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            console.parts.waking.close()
            server.should_exit = True
            await task
            listening.close()

    return serve
