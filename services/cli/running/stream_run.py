"""One run of the whole stream: the services as children, articles fed to them, and what came of it."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, field

import httpx
import structlog
from aiokafka import AIOKafkaProducer
from prometheus_client.parser import text_string_to_metric_families

from schemas import Alert, Article
from services.cli.running.alert_feed import AlertFeed
from services.cli.running.backlog import Backlog, refuse_large
from services.cli.running.children import Child, check_alive, start_child, stop_children
from services.cli.running.positions import PositionReader
from services.producer.bad_input import BadInput
from services.producer.publish import PublishSummary, publish
from services.shared import metrics
from services.shared.envelope import Headers
from services.shared.kafka import new_producer
from services.shared.settings import Settings, environment_of
from services.shared.topics import ALERTS, ARTICLES, DELIVERIES, INCIDENTS, REPORTS

log = structlog.get_logger()

POLL_SECONDS = 0.1
CLOSE_SECONDS = 5.0
SETTLED_READS = 3
"""Readings of the positions, begun after the outbox was found empty, that must still show nothing on its way: a stage
may have been between reading and writing."""


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a run carried through the stream."""

    articles: int
    """Articles sent, each once."""
    reports: int
    incidents: int
    alerts: int
    deliveries: int
    """Attempts."""
    dead_letters: int
    bad_inputs: int
    """Files, lines and articles that could not be read."""
    undelivered: int
    """Alerts that no channel has accepted when the run ended."""
    seconds: float

    def as_json(self) -> dict[str, dict[str, int | float]]:
        """The summary line of `tocsin run --json`."""
        return {"summary": asdict(self)}


@dataclass(frozen=True, slots=True)
class RunPlan:
    """What to run."""

    settings: Settings
    articles: Iterable[Article | BadInput]
    once: bool
    """End when everything has gone through the last stage."""
    console: bool
    """Serve the web page and the API too."""
    quiet: bool
    """Keep standard output for the caller: channels that print go to standard error."""
    retry_wait_seconds: float
    """With `once`: how long to wait for alerts whose delivery is to be tried again."""
    told: Callable[[Alert], None]
    progress: Callable[[Backlog, AlertFeed], None]


async def run_stream(plan: RunPlan, stop: asyncio.Event) -> RunSummary:
    """Start the services, feed the articles, and stop when they are through (`once`) or when `stop` is set.

    Raises UserError where a service ends by itself.
    """
    started = time.monotonic()
    settings = plan.settings
    feed = AlertFeed(settings, plan.told)
    async with PositionReader(settings) as reader, _services(plan) as children:
        backlog = Backlog(reader, await reader.read())
        consumer = await feed.open()
        tasks = [asyncio.create_task(backlog.watch()), asyncio.create_task(feed.follow(consumer))]
        work = asyncio.create_task(_work(plan, children, backlog, feed, stop))
        try:
            await asyncio.wait({work, *tasks}, return_when=asyncio.FIRST_COMPLETED)
            for failed in tasks:
                if failed.done():
                    work.cancel()
                    failed.result()
            published = await work
        finally:
            for task in (work, *tasks):
                task.cancel()
            await asyncio.gather(work, *tasks, return_exceptions=True)
            await consumer.stop()
    return RunSummary(
        articles=published.sent - published.repeated,
        reports=backlog.written(REPORTS),
        incidents=feed.incidents,
        alerts=feed.alerts,
        deliveries=feed.deliveries,
        dead_letters=backlog.dead_letters,
        bad_inputs=published.bad,
        undelivered=feed.undelivered,
        seconds=round(time.monotonic() - started, 2),
    )


async def _work(
    plan: RunPlan, children: Sequence[Child], backlog: Backlog, feed: AlertFeed, stop: asyncio.Event
) -> PublishSummary:
    settings = plan.settings
    replay = asyncio.create_task(_replay(plan, backlog, stop))
    quiet_since: int | None = None
    waiting_since = time.monotonic()
    async with httpx.AsyncClient(headers=_token_header(settings), timeout=5.0) as client:
        while not stop.is_set():
            check_alive(children)
            plan.progress(backlog, feed)
            if plan.once and replay.done():
                idle = _through(backlog, feed, replay.result().sent)
                if not idle:
                    quiet_since, waiting_since = None, time.monotonic()
                elif await _outbox_pending(client, settings) != 0:
                    quiet_since = None
                    if time.monotonic() - waiting_since > plan.retry_wait_seconds:
                        log.warning("undelivered", alerts=feed.undelivered, waited_seconds=plan.retry_wait_seconds)
                        break
                elif quiet_since is None:
                    quiet_since = backlog.reads
                elif backlog.reads >= quiet_since + SETTLED_READS:
                    break
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), POLL_SECONDS)
    plan.progress(backlog, feed)
    return await replay


def _through(backlog: Backlog, feed: AlertFeed, sent: int) -> bool:
    """All `sent` articles are on their topic, every stage has read what there was, and the feed what came of it."""
    followed = sum(backlog.written(topic) for topic in (INCIDENTS, ALERTS, DELIVERIES))
    return backlog.written(ARTICLES) >= sent and backlog.now.in_hand == 0 and feed.read >= followed


async def _replay(plan: RunPlan, backlog: Backlog, stop: asyncio.Event) -> PublishSummary:
    settings = plan.settings
    producer = new_producer(settings, "tocsin-replay")
    await producer.start()
    try:
        embedded = settings.embedded
        return await publish(
            refuse_large(plan.articles) if embedded else plan.articles,
            _InOrder(producer),
            topic=settings.topic_prefix + ARTICLES,
            stop=stop,
            room=backlog.room if embedded else None,
        )
    finally:
        # Where the broker has gone, closing waits for it without end.
        with suppress(TimeoutError):
            await asyncio.wait_for(producer.stop(), CLOSE_SECONDS)


@dataclass(frozen=True, slots=True)
class _InOrder:
    """Sends every article to one partition, so that they are read in the order in which they are given.

    Partitions are read side by side. What an incident comes to does not depend on the order of its articles, but what
    is told on the way does, and a replay is to tell the same each time.
    """

    producer: AIOKafkaProducer
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Who comes first goes first: a send that waits to hear of the topic is not to be overtaken by one that knows."""

    async def send(self, topic: str, value: bytes, key: bytes, *, headers: Headers) -> Awaitable[object]:
        """As AIOKafkaProducer.send."""
        async with self._turn:
            acknowledged: Awaitable[object] = await self.producer.send(
                topic, value=value, key=key, partition=0, headers=headers
            )
        return acknowledged


@asynccontextmanager
async def _services(plan: RunPlan) -> AsyncIterator[list[Child]]:
    """The services, running; stopped at the end."""
    settings = plan.settings
    environment = environment_of(settings)
    children: list[Child] = []
    try:
        for name in ("processor", "alerter", *(("console",) if plan.console else ())):
            children.append(await start_child(name, [name], environment, quiet=plan.quiet))
        yield children
    finally:
        await stop_children(children, settings.stop_timeout_seconds + 1)


async def _outbox_pending(client: httpx.AsyncClient, settings: Settings) -> int | None:
    """Alerts that the alerter has not settled; None while it does not say yet."""
    try:
        answer = await client.get(f"http://{settings.http_host}:{settings.alerter_port}/metrics")
        answer.raise_for_status()
    except httpx.HTTPError:
        return None
    for family in text_string_to_metric_families(answer.text):
        if family.name == metrics.OUTBOX_PENDING.name:
            return int(sum(sample.value for sample in family.samples))
    return None


def _token_header(settings: Settings) -> dict[str, str]:
    token = settings.http_token
    return {"Authorization": f"Bearer {token.get_secret_value()}"} if token else {}


def free_port() -> int:
    """A port of the loopback address that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
