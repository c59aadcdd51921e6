"""The console as a service: its view of incidents, its HTTP server, and health, from start to stop."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack

import structlog
import uvicorn
from aiokafka.errors import KafkaError
from prometheus_client import CollectorRegistry

from services.console.app import create_app
from services.console.desk import Desk
from services.console.following import Following
from services.console.http_protocol import ConsoleProtocol
from services.console.incident_view import IncidentView, open_view
from services.console.parts import Parts
from services.console.sessions import Sessions
from services.console.waking import Waking
from services.shared.errors import UserError
from services.shared.health import Health, HealthCollector
from services.shared.kafka import new_consumer
from services.shared.settings import LOOPBACK_HOSTS, Settings
from services.shared.topic_admin import check_topics
from services.shared.topics import ALERTS, DELIVERIES, INCIDENTS

log = structlog.get_logger()

WATCH_SECONDS = 1.0
DRAIN_SECONDS = 2.0
VIEW_FILE = "console.db"


async def run_console(
    settings: Settings, desk: Desk, stop: asyncio.Event, started: Callable[[str], None] = lambda address: None
) -> None:
    """Serve pages and API until `stop` is set; `started` is told the address.

    Raises UserError where no broker answers, a topic is missing, the view cannot be kept or the port is taken.
    """
    await check_topics(settings, [settings.topic_prefix + name for name in (INCIDENTS, ALERTS, DELIVERIES)])
    registry = CollectorRegistry()
    health = Health(settings.stuck_seconds)
    registry.register(HealthCollector(health))
    async with AsyncExitStack() as stack:
        listening = _listen(settings)
        stack.callback(listening.close)
        view = await _open(settings)
        stack.push_async_callback(view.close)
        consumer = new_consumer(settings, group_id=None)
        stack.push_async_callback(consumer.stop)
        try:
            await consumer.start()
        except (KafkaError, OSError) as error:
            raise UserError(f"No Kafka broker answers at {settings.kafka_bootstrap_servers} ({error}).") from error
        token = settings.http_token
        waking = Waking()
        following = Following(
            settings,
            consumer,
            view,
            waking,
            alive=lambda: _alive(health, len(consumer.assignment())),
            answers=lambda reason: health.fault("kafka", reason),
        )
        parts = Parts(
            desk=desk,
            view=view,
            waking=waking,
            health=health,
            registry=registry,
            sessions=Sessions(token.get_secret_value().encode(), time.time) if token else None,
            clock=time.time,
        )
        server = _Server(_config(create_app(parts)))
        address = _address(settings, listening)
        serving = asyncio.create_task(server.serve([listening]))
        reading = asyncio.create_task(following.run(stop))
        log.info("console_started", address=address, brokers=settings.kafka_bootstrap_servers)
        started(address)
        try:
            while not stop.is_set():
                await asyncio.wait((serving, reading), timeout=WATCH_SECONDS, return_when=asyncio.FIRST_COMPLETED)
                for task in (serving, reading):
                    if task.done() and not stop.is_set():
                        task.result()
                        raise RuntimeError("a loop of the console ended by itself")
        finally:
            waking.close()
            server.should_exit = True
            await asyncio.gather(serving, reading, return_exceptions=True)
        log.info("console_stopped")


class _Server(uvicorn.Server):
    """Leaves signals to the service's own supervisor."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _config(app: object) -> uvicorn.Config:
    return uvicorn.Config(
        app,  # type: ignore[arg-type]
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="off",
        http=ConsoleProtocol,
        # A proxy on this machine may say that the request came by TLS and from whom.
        proxy_headers=True,
        forwarded_allow_ips="127.0.0.1,::1",
        timeout_graceful_shutdown=int(DRAIN_SECONDS),
        h11_max_incomplete_event_size=64 * 1024,
    )


def _listen(settings: Settings) -> socket.socket:
    host, port = settings.http_host, settings.console_port
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        raise UserError(
            f"The console cannot listen on {host}:{port} ({error.strerror}): another program has the port, or the "
            "address is not this machine's. Set TOCSIN_CONSOLE_PORT to a free port, or to 0 for any."
        ) from error


def _address(settings: Settings, listening: socket.socket) -> str:
    host = settings.http_host if settings.http_host not in LOOPBACK_HOSTS else "127.0.0.1"
    port = listening.getsockname()[1]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


async def _open(settings: Settings) -> IncidentView:
    path = settings.state / VIEW_FILE
    try:
        return await open_view(path)
    except OSError as error:
        raise UserError(f"The console cannot keep {path} ({error.strerror}): check TOCSIN_STATE.") from error


def _alive(health: Health, partitions: int) -> None:
    health.alive("follow")
    health.assigned(partitions)
