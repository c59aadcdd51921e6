"""Whether a service does its work, and the HTTP server that says so: /healthz, /readyz and /metrics.

A process that is up and does nothing is not healthy. A consumer whose group join failed stays alive and consumes
nothing, and a loop can hang in one message; so health looks at partitions assigned, work finished and offsets
committed, not at the process.
"""

from __future__ import annotations

import asyncio
import hmac
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from aiohttp import web
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder

from services.shared import metrics
from services.shared.errors import UserError
from services.shared.settings import Settings
from services.shared.slow_requests import REQUEST_SECONDS, with_deadline

IDLE_SECONDS = 75.0
"""How long a connection is kept between two requests: Prometheus asks every 15 to 60 s."""


@dataclass(frozen=True, slots=True)
class HealthReport:
    """How a service does at one moment."""

    ok: bool
    """Alive: false means that a restart is called for."""
    ready: bool
    """Alive, and able to do its work now: partitions are assigned and everything it needs answers."""
    reasons: tuple[str, ...]
    """Why it is not ok or not ready, a sentence each; empty where it is both."""
    assignment: int
    """Partitions that it reads now."""
    seconds_since_progress: float | None
    """Seconds since work was last finished; null where none was yet."""
    seconds_since_commit: float | None
    """Seconds since an offset was last committed; null where none was yet."""

    def as_json(self, service: str) -> dict[str, Any]:
        """The answer of `service` to /healthz and /readyz."""
        return {
            "service": service,
            "ok": self.ok,
            "ready": self.ready,
            "reasons": self.reasons,
            "assignment": self.assignment,
            "seconds_since_progress": self.seconds_since_progress,
            "seconds_since_commit": self.seconds_since_commit,
        }


@dataclass(slots=True)
class _Part:
    """One loop of the service, such as the one over a topic. Moments are seconds of the monotonic clock."""

    busy_since: float | None = None
    """When it began on the work it has; null while it has none."""
    progressed_at: float | None = None
    uncommitted_since: float | None = None
    """When the first work was finished whose offset is not committed yet."""


@dataclass(slots=True)
class Health:
    """What a service's loops say of themselves. Any thread may call any method."""

    stuck_seconds: float
    """A loop that has work and has finished none for so long, and a service that has had no partition for so long, are
    not healthy; nor is one that has finished work and has not committed it for so long."""
    clock: Callable[[], float] = time.monotonic
    """Seconds that never run backwards."""
    _parts: dict[str, _Part] = field(default_factory=dict)
    _faults: dict[str, str] = field(default_factory=dict)
    _assignment: int = 0
    _empty_since: float | None = None
    _expects_assignment: bool = True
    _committed_at: float | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._empty_since = self.clock()

    def progress(self, part: str = "main") -> None:
        """A piece of work of `part` is finished, well or as a dead letter."""
        with self._lock:
            now, state = self.clock(), self._part(part)
            state.progressed_at = now
            state.busy_since = None if state.busy_since is None else now
            state.uncommitted_since = now if state.uncommitted_since is None else state.uncommitted_since

    def working(self, busy: bool, part: str = "main") -> None:
        """`part` has work in hand, or has none left."""
        with self._lock:
            state = self._part(part)
            if not busy:
                state.busy_since = None
            elif state.busy_since is None:
                state.busy_since = self.clock()

    def alive(self, part: str = "main") -> None:
        """The loop of `part` has come round, with or without work; once it has said so, it must go on doing so."""
        with self._lock:
            self._part(part).busy_since = self.clock()

    def committed(self, part: str = "main") -> None:
        """Everything that `part` has finished so far is committed."""
        with self._lock:
            self._committed_at = self.clock()
            self._part(part).uncommitted_since = None

    def assigned(self, partitions: int) -> None:
        """The group has given this service so many partitions in all."""
        with self._lock:
            if partitions:
                self._empty_since = None
            elif self._empty_since is None:
                self._empty_since = self.clock()
            self._assignment = partitions

    def expects_assignment(self, expected: bool) -> None:
        """Whether having no partition is a fault; false for a spare worker that others leave no partition.

        The time without one counts anew from when one is expected again.
        """
        with self._lock:
            if expected and not self._expects_assignment and not self._assignment:
                self._empty_since = self.clock()
            self._expects_assignment = expected

    def fault(self, needed: str, reason: str | None) -> None:
        """Something that the service needs (`store`) does not answer, with the reason; None when it answers again.

        The service is not ready then, but it is alive: restarting it would not mend the other.
        """
        with self._lock:
            if reason is None:
                self._faults.pop(needed, None)
            else:
                self._faults[needed] = reason

    def report(self, now: float | None = None) -> HealthReport:
        """How the service does at `now`, seconds of its clock; the clock's own now where None."""
        with self._lock:
            now = self.clock() if now is None else now
            dead = [*self._stuck(now), *self._unassigned(now)]
            unready = [f"{needed}: {reason}" for needed, reason in sorted(self._faults.items())]
            if not self._assignment and self._expects_assignment and not dead:
                unready.append("No partition is assigned yet.")
            progressed = [part.progressed_at for part in self._parts.values() if part.progressed_at is not None]
            return HealthReport(
                ok=not dead,
                ready=not dead and not unready,
                reasons=(*dead, *unready),
                assignment=self._assignment,
                seconds_since_progress=now - max(progressed) if progressed else None,
                seconds_since_commit=None if self._committed_at is None else now - self._committed_at,
            )

    def _part(self, name: str) -> _Part:
        return self._parts.setdefault(name, _Part())

    def _stuck(self, now: float) -> Iterator[str]:
        for name, part in sorted(self._parts.items()):
            if part.busy_since is not None and now - part.busy_since > self.stuck_seconds:
                yield f"{name}: has work in hand and has not come on for {now - part.busy_since:.0f} s."
            if part.uncommitted_since is not None and now - part.uncommitted_since > self.stuck_seconds:
                yield f"{name}: has not committed for {now - part.uncommitted_since:.0f} s what it finished."

    def _unassigned(self, now: float) -> Iterator[str]:
        if self._expects_assignment and self._empty_since is not None and now - self._empty_since > self.stuck_seconds:
            yield f"No partition has been assigned for {now - self._empty_since:.0f} s."


class HealthCollector:
    """The health of a service as gauges, computed whenever metrics are read."""

    def __init__(self, health: Health) -> None:
        self._health = health

    def collect(self) -> Iterator[Metric]:
        """Gauges of `Health.report`; an age that is not known yet is left out."""
        report = self._health.report()
        ages = (
            (metrics.SECONDS_SINCE_PROGRESS, report.seconds_since_progress),
            (metrics.SECONDS_SINCE_COMMIT, report.seconds_since_commit),
        )
        yield GaugeMetricFamily(*metrics.HEALTHY, value=float(report.ok))
        yield GaugeMetricFamily(*metrics.READY, value=float(report.ready))
        yield GaugeMetricFamily(*metrics.ASSIGNED_PARTITIONS, value=float(report.assignment))
        for name, age in ages:
            if age is not None:
                yield GaugeMetricFamily(*name, value=age)


@dataclass(frozen=True, slots=True)
class HealthServer:
    """A running server."""

    port: int
    """The port that it listens on, also where any free one was asked for."""
    _runner: web.AppRunner
    _listener: asyncio.Server

    async def close(self) -> None:
        """Stop listening and let requests under way end."""
        self._listener.close()
        await self._runner.cleanup()


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def serve_health(
    settings: Settings,
    port: int,
    health: Health,
    registry: CollectorRegistry,
    service: str,
    request_seconds: float = REQUEST_SECONDS,
) -> HealthServer:
    """Serve /healthz, /readyz (JSON, 200 or 503) and /metrics of `service` on `settings.http_host`.

    A request that does not arrive within `request_seconds`, however often another byte of it comes, is cut off. `port`
    0 takes any free one. Where `settings.http_token` is set, a request without it is answered 401. Gauges of
    `health` are added to `registry`. Raises UserError where the port cannot be listened on.
    """
    registry.register(HealthCollector(health))
    token = settings.http_token.get_secret_value().encode() if settings.http_token else None

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        if token is not None and not _carries(request, token):
            return web.json_response({"error": "send the header Authorization: Bearer <token>"}, status=401)
        return await handler(request)

    def answer(report: HealthReport, good: bool) -> web.Response:
        status = HTTPStatus.OK if good else HTTPStatus.SERVICE_UNAVAILABLE
        return web.json_response(report.as_json(service), status=status)

    async def healthz(_: web.Request) -> web.Response:
        report = health.report()
        return answer(report, report.ok)

    async def readyz(_: web.Request) -> web.Response:
        report = health.report()
        return answer(report, report.ready)

    async def show_metrics(request: web.Request) -> web.Response:
        encode, content_type = choose_encoder(request.headers.get("Accept", ""))
        return web.Response(body=encode(registry), headers={"Content-Type": content_type})

    app = web.Application(middlewares=[guard])
    app.add_routes([web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", show_metrics)])
    runner = web.AppRunner(
        app, access_log=None, handle_signals=False, shutdown_timeout=2.0, keepalive_timeout=IDLE_SECONDS
    )
    await runner.setup()
    if runner.server is None:
        raise RuntimeError("a runner that is set up has a server")
    try:
        listener = await asyncio.get_running_loop().create_server(
            with_deadline(runner.server, request_seconds), settings.http_host, port
        )
    except OSError as error:
        await runner.cleanup()
        raise UserError(
            f"The {service} cannot serve /healthz on {settings.http_host}:{port} ({error.strerror}): another program "
            f"has the port, or the address is not this machine's. Set TOCSIN_{service.upper()}_PORT to a free port, "
            "or to 0 for any."
        ) from error
    return HealthServer(listener.sockets[0].getsockname()[1], runner, listener)


def _carries(request: web.Request, token: bytes) -> bool:
    scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
    return scheme.lower() == "bearer" and hmac.compare_digest(sent.strip().encode(errors="replace"), token)
