"""The alerter as a service: reading, telling and publishing, with health and metrics, from start to stop."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Collection, Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import structlog
from aiokafka.errors import KafkaError
from prometheus_client import CollectorRegistry

from schemas import Article, Channel
from services.alerter.auditing import Auditor, Beat, beat_at, beat_into
from services.alerter.canaries import Canaries
from services.alerter.channels.contract import ChannelSender
from services.alerter.channels.http_exchange import HttpTransport
from services.alerter.channels.http_process import HttpProcess
from services.alerter.channels.senders import make_sender
from services.alerter.clock import ClockWatch, catch_up_with_clock
from services.alerter.consents import Consents
from services.alerter.deciding import Audience
from services.alerter.delivering import AT_ONCE, Deliverer
from services.alerter.destinations import limits_of
from services.alerter.opening import ChannelOpener
from services.alerter.outbox.claiming import release_all, waiting_without
from services.alerter.outbox.engine import Store, StoreUnavailableError, open_store
from services.alerter.outbox.subscribers import remember
from services.alerter.publishing import Publisher
from services.alerter.reading import Reader
from services.alerter.releasing import Releaser
from services.alerter.reloading import Reloader, load_audience
from services.alerter.reporting import Reporting
from services.alerter.retry_budget import LoopLag
from services.alerter.subscriptions import LoadedSubscriptions
from services.alerter.waiting import wait_for_any
from services.shared import garbage, metrics
from services.shared.envelope import seal, trace_of
from services.shared.errors import UserError
from services.shared.health import Health, serve_health
from services.shared.kafka import new_consumer, new_producer
from services.shared.open_files import raise_open_files
from services.shared.settings import Settings
from services.shared.topic_admin import check_topics
from services.shared.topic_writer import Outgoing, TopicWriter
from services.shared.topics import ALERTS, ARTICLES, DELIVERIES, INCIDENTS, dead_of, group_of

log = structlog.get_logger()

WATCH_SECONDS = 1.0
APART = frozenset({"pagerduty"})
"""Kinds of channel that keep one thing for each incident, and so take a message for each."""
LAST_WORK_SHARE = 0.6
"""Share of the time to stop that attempts under way may take; the rest is for recording and publishing them."""
OTHER_FILES = 512
"""Files and sockets that are open besides connections to channels: the store, Kafka, who asks for metrics."""
FILES_PER_ATTEMPT = 2
LEAST_AT_ONCE = 64
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.5, 10.0


def now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


async def run_alerter(
    settings: Settings,
    loaded: LoadedSubscriptions,
    stop: asyncio.Event,
    load: Callable[[], LoadedSubscriptions] | None = None,
) -> None:
    """Decide, tell and record until `stop` is set, then finish what is held.

    `load` reads the rules again, for channels that are added meanwhile; without it they wait for the next start.
    Raises UserError where no broker answers, a topic is missing or wrong, the store cannot be used, a port is taken, or
    the service is stuck: its supervisor should start it again then.
    """
    topics = [INCIDENTS, ALERTS, DELIVERIES, dead_of(INCIDENTS), dead_of(ALERTS)]
    if settings.canary_minutes:
        topics.append(ARTICLES)
    await check_topics(settings, [settings.topic_prefix + name for name in topics])
    registry = CollectorRegistry()
    health = Health(settings.stuck_seconds)
    async with AsyncExitStack() as stack:
        server = await serve_health(settings, settings.alerter_port, health, registry, "alerter")
        stack.push_async_callback(server.close)
        store = await _open(settings, health, stop)
        if store is None:
            return
        stack.push_async_callback(store.close)
        open_files = raise_open_files()
        at_once = attempts_at_once(open_files)
        if at_once < AT_ONCE:
            wanted = OTHER_FILES + FILES_PER_ATTEMPT * AT_ONCE
            log.warning("few_open_files", open_files=open_files, attempts_at_once=at_once, mend=f"ulimit -n {wanted}")
        requests = HttpProcess(at_once, loaded.allowed, faulty=lambda reason: health.fault("requests", reason))
        stack.push_async_callback(requests.close)
        try:
            await requests.start()
        except OSError as error:
            raise UserError(f"No process can be started to make requests ({error}): raise the limit.") from error

        def make(channel: Channel, of: LoadedSubscriptions) -> ChannelSender:
            sender = make_sender(
                channel,
                of.secrets,
                now,
                sys.stdout,
                lambda: new_producer(settings, "alerter-channel"),
                of.templates,
                requests,
            )
            stack.push_async_callback(sender.close)
            return sender

        with garbage.loading():
            channels = {name: make(channel, loaded) for name, channel in loaded.channels.items()}
        owners = _owners(loaded)
        apart = {name for name, channel in loaded.channels.items() if channel.kind in APART}
        with garbage.loading():
            await _prepare(store, channels, loaded)
            audience, version = await load_audience(store, channels, now())
        writer = TopicWriter(lambda: new_producer(settings, "tocsin-alerter"))
        consumer = new_consumer(settings, group_id=group_of(settings.topic_prefix, "alerter"))
        try:
            await writer.start()
            stack.push_async_callback(writer.stop)
            stack.push_async_callback(consumer.stop)
            await consumer.start()
        except (KafkaError, OSError) as error:
            raise UserError(f"No Kafka broker answers at {settings.kafka_bootstrap_servers} ({error}).") from error
        lag = LoopLag()
        measuring = asyncio.create_task(lag.run())
        stack.callback(measuring.cancel)
        metrics.gauge(registry, metrics.LOOP_LAG).set_function(lambda: lag.seconds)
        reporting = Reporting(health, registry, consumer, now)
        publisher = Publisher(
            store,
            writer,
            settings.topic_prefix,
            now,
            alive=lambda: reporting.alive("publish"),
            published=reporting.published,
            refreshed=reporting.refreshed,
        )
        deliverer = Deliverer(
            store,
            channels,
            now,
            {name: limits_of(channel) for name, channel in loaded.channels.items()},
            owners,
            alive=lambda: reporting.alive("deliver"),
            attempted=reporting.attempted,
            store_answers=reporting.store_answers,
            at_once=at_once,
            behind=lambda: lag.behind,
        )
        reader = Reader(
            store,
            consumer,
            writer,
            audience,
            now,
            settings.batch_size,
            alive=lambda: reporting.alive("decide"),
            taking=deliverer.taking,
            assigned=reporting.assigned,
            decided=reporting.decided,
            committed=reporting.committed,
            store_answers=reporting.store_answers,
        )

        releaser = Releaser(
            store,
            audience,
            now,
            alive=lambda: reporting.alive("release"),
            taking=deliverer.taking,
            released=reporting.released,
            waits=reporting.waits,
            apart=apart,
            store_answers=reporting.store_answers,
        )

        def changed(new: Audience) -> None:
            reader.audience = releaser.audience = new
            releaser.wake()

        def opened(channel: Channel, sender: ChannelSender) -> None:
            if channel.kind in APART:
                apart.add(channel.name)
            deliverer.open(channel.name, sender, limits_of(channel), channel.owner_channel)

        reloader = Reloader(
            store,
            channels,
            now,
            version,
            changed,
            alive=lambda: reporting.alive("reload"),
            open_channels=None if load is None else ChannelOpener(load, make, channels, opened),
        )

        def clock_was_set() -> None:
            deliverer.wake()
            releaser.wake()

        clock = ClockWatch(store, now, moved=clock_was_set, alive=lambda: reporting.alive("clock"))
        canaries = _canaries(settings, owners, store, writer, reader, reporting, deliverer)
        auditor = Auditor(
            store,
            now,
            channels,
            _beats(settings, requests),
            audited=reporting.audited,
            beaten=reporting.beaten,
            alive=lambda: reporting.alive("audit"),
            beside=lambda: () if canaries is None or canaries.fault is None else (canaries.fault,),
        )
        reporting.wakes(publisher)
        consents = Consents(channels, metrics.gauge(registry, metrics.CONSENTS_MISSING).set)
        asking = asyncio.create_task(consents.run())
        stack.callback(asking.cancel)
        log.info(
            "alerter_started",
            port=server.port,
            brokers=settings.kafka_bootstrap_servers,
            subscriptions=len(audience.subscriptions),
            channels=sorted(channels),
        )
        garbage.loaded()
        await _work(settings, reader, releaser, reloader, clock, deliverer, publisher, auditor, canaries, health, stop)
        log.info("alerter_stopped")


def _canaries(
    settings: Settings,
    owners: Mapping[str, str],
    store: Store,
    writer: TopicWriter,
    reader: Reader,
    reporting: Reporting,
    deliverer: Deliverer,
) -> Canaries | None:
    """What sends canaries; None where none are asked for."""
    if settings.canary_minutes == 0:
        return None

    async def send(article: Article) -> None:
        trace = trace_of(article.article_id)
        sealed = seal(article, source="tocsin/alerter", traceparent=trace, sent_at=now())
        await writer.write(settings.topic_prefix + ARTICLES, sealed.key, sealed.value, sealed.headers)

    async def remove(incident_ids: Collection[str]) -> None:
        topic = settings.topic_prefix + INCIDENTS
        tombstones = [Outgoing(topic, one.encode(), None, []) for one in incident_ids]
        for answer in await writer.write_all(tombstones):
            if isinstance(answer, Exception):
                raise answer

    return Canaries(
        store,
        now,
        send,
        remove,
        lambda: [one.subscription for one in reader.audience.subscriptions if one.subscription.test],
        owners,
        timedelta(minutes=settings.canary_minutes),
        timedelta(seconds=settings.canary_late_seconds),
        looked=reporting.canaries,
        came_back=reporting.canary_back,
        noticed=deliverer.wake,
        alive=lambda: reporting.alive("canary"),
    )


def _owners(loaded: LoadedSubscriptions) -> dict[str, str]:
    return {name: channel.owner_channel for name, channel in loaded.channels.items() if channel.owner_channel}


def _beats(settings: Settings, requests: HttpTransport) -> tuple[Beat, ...]:
    beats = []
    if settings.heartbeat_file is not None:
        beats.append(beat_into(settings.heartbeat_file))
    if settings.heartbeat_url is not None:
        beats.append(beat_at(settings.heartbeat_url.get_secret_value(), now, requests))
    return tuple(beats)


async def _open(settings: Settings, health: Health, stop: asyncio.Event) -> Store | None:
    """The store, waited for while it does not answer; None where the service is asked to stop first."""
    pause = FIRST_PAUSE_SECONDS
    while not stop.is_set():
        try:
            store = await open_store(settings.store.get_secret_value())
        except StoreUnavailableError as error:
            health.fault("store", str(error))
            # Nothing is read before the store is there, and a restart would not bring it.
            health.expects_assignment(False)
            log.warning("store_unavailable", error=str(error), retry_in_seconds=pause)
            await wait_for_any(stop, seconds=pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
        else:
            health.fault("store", None)
            health.expects_assignment(True)
            return store
    return None


def attempts_at_once(open_files: int) -> int:
    """How many attempts may be under way where the process may have `open_files` open: each is a connection, and half
    as many more are kept idle for public and other addresses each.

    Raises UserError where that leaves too few. Pure.
    """
    at_once = min(AT_ONCE, (open_files - OTHER_FILES) // FILES_PER_ATTEMPT)
    if at_once < LEAST_AT_ONCE:
        least = OTHER_FILES + FILES_PER_ATTEMPT * LEAST_AT_ONCE
        raise UserError(f"This process may open {open_files} files and needs {least}: raise the limit (ulimit -n).")
    return at_once


async def _prepare(store: Store, channels: Mapping[str, ChannelSender], loaded: LoadedSubscriptions) -> None:
    """Take over what an earlier run left, and say what of it nobody can deliver any more."""
    async with store.transaction() as connection:
        changes = await remember(connection, [one.subscription for one in loaded.subscriptions], now())
        if not store.is_postgres:
            # The file is this process's alone: whoever held these is dead.
            await release_all(connection, now())
            await catch_up_with_clock(connection, now())
        for channel, alerts in (await waiting_without(connection, channels)).items():
            log.warning(
                "alerts_without_channel", channel=channel, alerts=alerts, mend="put the channel back, and they are sent"
            )
    log.info("subscriptions_remembered", changes=changes)


async def _work(
    settings: Settings,
    reader: Reader,
    releaser: Releaser,
    reloader: Reloader,
    clock: ClockWatch,
    deliverer: Deliverer,
    publisher: Publisher,
    auditor: Auditor,
    canaries: Canaries | None,
    health: Health,
    stop: asyncio.Event,
) -> None:
    """Run the loops until `stop` is set or one fails; then end them in the order in which work flows."""
    deliver_stop, publish_stop = asyncio.Event(), asyncio.Event()
    reading = asyncio.create_task(reader.run(settings.topic_prefix + INCIDENTS, stop))
    releasing = asyncio.create_task(releaser.run(stop))
    reloading = asyncio.create_task(reloader.run(stop))
    delivering = asyncio.create_task(deliverer.run(deliver_stop))
    publishing = asyncio.create_task(publisher.run(publish_stop))
    auditing = asyncio.create_task(auditor.run(stop))
    watching = asyncio.create_task(clock.run(stop))
    tasks = [reading, releasing, reloading, delivering, publishing, auditing, watching]
    if canaries is not None:
        tasks.append(asyncio.create_task(canaries.run(stop)))
    try:
        while not stop.is_set():
            await asyncio.wait(tasks, timeout=WATCH_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                if task.done() and not stop.is_set():
                    task.result()
                    raise RuntimeError("a loop of the alerter ended by itself")
            report = health.report()
            if not report.ok:
                raise UserError(f"The alerter is stuck: {' '.join(report.reasons)} Start it again.")
        await asyncio.gather(reading, releasing, reloading)
        deliver_stop.set()
        await delivering
        await deliverer.finish(settings.stop_timeout_seconds * LAST_WORK_SHARE)
        publish_stop.set()
        await publishing
        await publisher.publish_all()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
