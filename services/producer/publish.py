"""Articles -> the topic `articles`: each acknowledged by all replicas, a bounded number of them in flight."""

from __future__ import annotations

import asyncio
import random
import time
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Iterable
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

import structlog
from aiokafka.errors import KafkaError, MessageSizeTooLargeError, RecordTooLargeError

from schemas import Article
from services.producer.bad_input import BadInput
from services.producer.read_ahead import read_ahead
from services.shared.envelope import Envelope, Headers, seal, trace_of
from services.shared.errors import UserError
from services.shared.topics import ARTICLES, MAX_MESSAGE_BYTES

log = structlog.get_logger()

SOURCE = "tocsin/producer"
"""`ce_source` of every article."""
MAX_MESSAGES_IN_FLIGHT = 200
MAX_BYTES_IN_FLIGHT = 4 * 1024 * 1024
RECORD_OVERHEAD = 512
"""Bytes, generously, that Kafka's record format adds to key, value and headers."""
REMEMBERED_IDS = 200_000
"""Ids among which repeats are counted; some 30 MB."""
NAMED_BAD_INPUTS = 100
"""Bad inputs that a summary names; all are counted, and each is logged when it is met."""
NOTICE_SECONDS = 5.0
"""How often it is said that an acknowledgement is overdue."""
LOOK_SECONDS = 0.5
"""How often an overdue acknowledgement is looked at again."""

Room = Callable[[], Awaitable[None]]
"""Returns when the broker has room for another article."""


class Sender(Protocol):
    """What is used of an AIOKafkaProducer."""

    async def send(self, topic: str, value: bytes, key: bytes, *, headers: Headers) -> Awaitable[object]:
        """Take a message; what is returned ends when the broker has acknowledged it."""
        ...


@dataclass(frozen=True, slots=True)
class Patience:
    """How failures that may pass are borne."""

    attempts: int = 5
    """How often a message is sent that the client gives back with such a failure."""
    first_pause_seconds: float = 0.2
    """Before the second attempt; doubled before each further one, give or take half."""
    stalled_seconds: float = 60.0
    """After so long without an acknowledgement the broker counts as gone."""
    stopping_seconds: float = 10.0
    """The same, once the producer was asked to stop."""


@dataclass(frozen=True, slots=True)
class PublishSummary:
    """What became of the articles."""

    sent: int
    """Articles that the broker has acknowledged."""
    repeated: int
    """Those of them whose id was sent before: downstream drops them."""
    bad: int
    """Files, lines and articles that could not be sent."""
    bad_inputs: tuple[BadInput, ...]
    """The first NAMED_BAD_INPUTS of them."""
    bytes: int
    """Of the messages sent, headers included."""
    seconds: float
    stopped: bool = False
    """It was asked to stop before it came to the end."""

    @property
    def rate(self) -> float:
        """Articles a second."""
        return self.sent / self.seconds if self.seconds > 0 else 0.0


class PublishError(UserError):
    """The broker is gone or refuses to take articles. `summary` tells what was sent before."""

    def __init__(self, message: str, summary: PublishSummary) -> None:
        super().__init__(message)
        self.summary = summary


async def publish(
    articles: Iterable[Article | BadInput],
    producer: Sender,
    *,
    topic: str = ARTICLES,
    stop: asyncio.Event | None = None,
    room: Room | None = None,
    on_sent: Callable[[int], None] | None = None,
    patience: Patience | None = None,
) -> PublishSummary:
    """Send `articles` to `topic` (its name with the prefix) through a started, idempotent `producer`.

    The iterable is read in a thread of its own. At most MAX_MESSAGES_IN_FLIGHT messages and MAX_BYTES_IN_FLIGHT bytes
    (or a single larger message) wait for their acknowledgement. `room` is awaited before each send. `on_sent` hears the
    bytes of each article once it is acknowledged. A BadInput, and an article too large for a message, is logged and
    counted, and the rest goes on. When `stop` is set, what is in flight is finished and nothing more is sent.

    Raises PublishError, a UserError, when the broker does not acknowledge an article within `patience` or refuses it.
    """
    run = _Run(producer, topic, stop or asyncio.Event(), patience or Patience(), on_sent)
    try:
        async with aclosing(read_ahead(articles, run.stop)) as items:
            async for item in items:
                if isinstance(item, BadInput):
                    run.refuse(item)
                elif (envelope := _sealed(item)) is None:
                    run.refuse(_too_large(item))
                elif not await _has_room(room, run.stop):
                    break
                else:
                    await run.send(item, envelope)
        await run.finish()
    except KafkaError as error:
        await run.abandon()
        raise PublishError(_why_not(error, run), run.summary()) from error
    except BaseException:
        await run.abandon()
        raise
    summary = run.summary()
    log.info(
        "publish_finished",
        sent=summary.sent,
        repeated=summary.repeated,
        bad=summary.bad,
        bytes=summary.bytes,
        seconds=round(summary.seconds, 3),
        stopped=summary.stopped,
    )
    return summary


class _StalledError(KafkaError):  # type: ignore[misc]
    """No acknowledgement came for longer than patience allows."""


@dataclass(slots=True)
class _Run:
    """What is in flight, and what is known of the rest."""

    producer: Sender
    topic: str
    stop: asyncio.Event
    patience: Patience
    on_sent: Callable[[int], None] | None
    started: float = field(default_factory=time.monotonic)
    flying: deque[tuple[asyncio.Task[None], int]] = field(default_factory=deque)
    flying_bytes: int = 0
    ids: OrderedDict[str, None] = field(default_factory=OrderedDict)
    sent: int = 0
    repeated: int = 0
    sent_bytes: int = 0
    bad: int = 0
    bad_inputs: list[BadInput] = field(default_factory=list)

    def refuse(self, bad: BadInput) -> None:
        self.bad += 1
        if len(self.bad_inputs) < NAMED_BAD_INPUTS:
            self.bad_inputs.append(bad)
        log.warning("bad_input", file=bad.file, line=bad.line, reason=bad.reason)

    async def send(self, article: Article, envelope: Envelope) -> None:
        """Put one article in flight, once there is a place. Raises KafkaError when an earlier one failed."""
        size = _size(envelope)
        while self.flying and (
            len(self.flying) >= MAX_MESSAGES_IN_FLIGHT or self.flying_bytes + size > MAX_BYTES_IN_FLIGHT
        ):
            await self._land()
        # Those that have landed give way at once, so that a failure is seen as soon as it is known.
        while self.flying and self.flying[0][0].done():
            await self._land()
        self.flying.append((asyncio.create_task(self._acknowledged(article, envelope, size)), size))
        self.flying_bytes += size

    async def finish(self) -> None:
        """Return when everything in flight is acknowledged. Raises KafkaError when something is not."""
        while self.flying:
            await self._land()

    async def abandon(self) -> None:
        """Wait no longer for what is in flight."""
        tasks = [task for task, _ in self.flying]
        self.flying.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def summary(self) -> PublishSummary:
        return PublishSummary(
            sent=self.sent,
            repeated=self.repeated,
            bad=self.bad,
            bad_inputs=tuple(self.bad_inputs),
            bytes=self.sent_bytes,
            seconds=time.monotonic() - self.started,
            stopped=self.stop.is_set(),
        )

    async def _land(self) -> None:
        """Wait for the message that is longest in flight."""
        task, size = self.flying[0]
        since = time.monotonic()
        notice = NOTICE_SECONDS
        while not task.done():
            waited = time.monotonic() - since
            allowed = self.patience.stopping_seconds if self.stop.is_set() else self.patience.stalled_seconds
            if waited >= allowed:
                raise _StalledError(f"no acknowledgement for {allowed:g} seconds")
            if waited >= notice:
                log.warning("publish_waiting", seconds=round(waited), in_flight=len(self.flying), sent=self.sent)
                notice += NOTICE_SECONDS
            await asyncio.wait({task}, timeout=min(LOOK_SECONDS, allowed - waited))
        self.flying.popleft()
        self.flying_bytes -= size
        task.result()

    async def _acknowledged(self, article: Article, envelope: Envelope, size: int) -> None:
        await self._send_patiently(envelope)
        self.sent += 1
        self.sent_bytes += size
        if article.article_id in self.ids:
            self.repeated += 1
        self.ids[article.article_id] = None
        self.ids.move_to_end(article.article_id)
        if len(self.ids) > REMEMBERED_IDS:
            self.ids.popitem(last=False)
        log.debug("article_published", article_id=article.article_id, source=article.source, bytes=size)
        if self.on_sent is not None:
            self.on_sent(size)

    async def _send_patiently(self, envelope: Envelope) -> None:
        """Send one message; while the client gives it back with a failure that may pass, again, with pauses."""
        pause = self.patience.first_pause_seconds
        for attempt in range(1, self.patience.attempts + 1):
            try:
                await (await self.producer.send(self.topic, envelope.value, envelope.key, headers=envelope.headers))
                return
            except KafkaError as error:
                if not error.retriable or attempt == self.patience.attempts or self.stop.is_set():
                    raise
                log.warning("publish_retry", attempt=attempt, error=repr(error), pause_seconds=pause)
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - jitter, not a secret
            pause *= 2


def _sealed(article: Article) -> Envelope | None:
    """The message that carries `article`; None where no topic takes one so large."""
    envelope = seal(article, source=SOURCE, traceparent=trace_of(article.article_id), sent_at=datetime.now(UTC))
    return envelope if _size(envelope) + RECORD_OVERHEAD <= MAX_MESSAGE_BYTES else None


def _size(envelope: Envelope) -> int:
    headers = sum(len(name) + len(value) for name, value in envelope.headers)
    return len(envelope.key) + len(envelope.value) + headers


def _too_large(article: Article) -> BadInput:
    return BadInput(
        f"article {article.article_id}",
        None,
        f"is larger as a message than the {MAX_MESSAGE_BYTES // 2**20} MiB that a topic takes; shorten it "
        f"(its title begins {article.title[:60]!r})",
    )


async def _has_room(room: Room | None, stop: asyncio.Event) -> bool:
    """Wait for `room`; False when asked to stop before there is any."""
    if room is None:
        return True
    waiting = asyncio.ensure_future(room())
    stopping = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({waiting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not waiting.done():
            return False
        waiting.result()
        return True
    finally:
        waiting.cancel()
        stopping.cancel()


def _why_not(error: KafkaError, run: _Run) -> str:
    sent = f"{run.sent} were sent and acknowledged before"
    again = "run the same command again: articles keep their ids, and what comes twice is dropped downstream"
    match error:
        case _StalledError():
            return f"Kafka has not answered: {error}. Articles for {run.topic}: {sent}. Check the brokers and {again}."
        case MessageSizeTooLargeError() | RecordTooLargeError():
            return (
                f"Topic {run.topic} takes smaller messages than it should, and refused one ({sent}). Run "
                f"`tocsin topics apply` and {again}."
            )
    return f"Kafka refuses articles for {run.topic} ({error!r}; {sent}). Mend what it names and {again}."
