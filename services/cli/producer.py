"""`tocsin producer` and `tocsin replay`: articles from files, folders and standard input onto the topic `articles`."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import IO, Annotated

import structlog
import typer
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from services.cli.publish_progress import Progress, show_progress
from services.producer.bad_input import BadInput
from services.producer.publish import Patience, PublishError, PublishSummary, publish
from services.producer.readers import STANDARD_INPUT_PATH, read_articles
from services.shared.errors import UserError
from services.shared.kafka import new_producer
from services.shared.logs import configure_logs
from services.shared.process import run_service
from services.shared.settings import Settings, load_settings
from services.shared.topic_admin import check_topics
from services.shared.topics import ARTICLES

log = structlog.get_logger()

CLOSE_SECONDS = 5.0
"""How long the connection may take to close: with the broker gone, its client would wait for it without end."""
SHOWN_BAD_INPUTS = 20
"""Bad inputs that the summary repeats from the log."""
WARNINGS_OF_A_FILE = 5

Paths = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="PATH",
        help="Files (.jsonl, .ndjson, .json, or seed texts) and folders of them; - is standard input.",
        show_default=False,
    ),
]
RequiredPaths = Annotated[
    list[Path],
    typer.Argument(
        metavar="PATH",
        help="Files (.jsonl, .ndjson, .json, or seed texts) and folders of them.",
        show_default=False,
    ),
]
Brokers = Annotated[
    str | None, typer.Option("--bootstrap-servers", metavar="HOST:PORT,...", help="Kafka brokers.", show_default=False)
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the closing summary as one JSON line.")]


def producer_command(paths: Paths = None, bootstrap_servers: Brokers = None, as_json: AsJson = False) -> None:
    """Send articles from files, folders or standard input to the topic `articles`.

    What cannot be read is named with its line, and the rest goes on; the exit code is then 1.

    Example: curl -s https://example.org/articles.jsonl | tocsin producer
    """
    if not paths and sys.stdin.isatty():
        raise typer.BadParameter("name files or folders of articles, or pipe articles in as JSON Lines.")
    raise typer.Exit(_run(paths or [STANDARD_INPUT_PATH], bootstrap_servers, as_json))


def replay_command(paths: RequiredPaths, bootstrap_servers: Brokers = None, as_json: AsJson = False) -> None:
    """Send the articles of files and folders to the topic `articles`, in the order of their names.

    An article that was sent before keeps its id and is dropped downstream.

    Example: tocsin replay seeds/ archive/2025-06.jsonl
    """
    raise typer.Exit(_run(paths, bootstrap_servers, as_json))


def _run(paths: Sequence[Path], bootstrap_servers: str | None, as_json: bool) -> int:
    """Publish and print the summary: the exit code. Raises UserError where Kafka cannot be used."""
    settings = load_settings(kafka_bootstrap_servers=bootstrap_servers)
    configure_logs(settings, "producer")
    if settings.log_level != "debug":
        # It tells of every failed attempt to connect, ten a second; publish_waiting and the final error tell the same.
        logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    results: list[PublishSummary | UserError] = []

    async def service(stop: asyncio.Event) -> None:
        try:
            results.append(await _publish(settings, paths, stop))
        except UserError as error:
            results.append(error)

    run_service(service, settings.stop_timeout_seconds)
    (result,) = results
    if isinstance(result, PublishError):
        _print(result.summary, as_json)
    if isinstance(result, UserError):
        raise result
    _print(result, as_json)
    return 1 if result.bad or result.stopped else 0


async def _publish(settings: Settings, paths: Sequence[Path], stop: asyncio.Event) -> PublishSummary:
    topic = settings.topic_prefix + ARTICLES
    await check_topics(settings, [topic])
    producer = new_producer(settings, "tocsin-producer")
    try:
        await _start(producer, settings)
        progress = Progress(paths)
        articles = read_articles(paths, standard_input(), on_warning=_warn_of(), on_bytes=progress.read)
        patience = Patience(attempts=settings.transient_attempts, stopping_seconds=settings.stop_timeout_seconds / 2)
        async with show_progress(progress):
            return await publish(articles, producer, topic=topic, stop=stop, on_sent=progress.sent, patience=patience)
    finally:
        await _close(producer)


async def _start(producer: AIOKafkaProducer, settings: Settings) -> None:
    try:
        await producer.start()
    except (KafkaError, OSError) as error:
        raise UserError(
            f"No Kafka broker answers at {settings.kafka_bootstrap_servers} ({error}): start one, or set "
            "KAFKA_BOOTSTRAP_SERVERS."
        ) from error


async def _close(producer: AIOKafkaProducer) -> None:
    try:
        await asyncio.wait_for(producer.stop(), CLOSE_SECONDS)
    except (KafkaError, OSError, TimeoutError) as error:
        log.info("producer_discarded", error=repr(error))


def standard_input() -> IO[bytes]:
    """Standard input as bytes, through a buffer of our own.

    The thread that reads may still wait for input when the process ends, and the interpreter cannot close a buffer that
    is in use.
    """
    try:
        return open(sys.stdin.fileno(), "rb", closefd=False)
    except (io.UnsupportedOperation, OSError):
        return sys.stdin.buffer


def _warn_of() -> Callable[[BadInput], None]:
    """Logs what was left out of articles: a file's first few as warnings, for all its lines tend to be alike."""
    files: Counter[str] = Counter()

    def warn(warning: BadInput) -> None:
        files[warning.file] += 1
        tell = log.warning if files[warning.file] <= WARNINGS_OF_A_FILE else log.debug
        tell("input_field_left_out", file=warning.file, line=warning.line, reason=warning.reason)
        if files[warning.file] == WARNINGS_OF_A_FILE:
            log.warning("input_field_left_out", file=warning.file, reason="further ones are logged at level debug")

    return warn


def _print(summary: PublishSummary, as_json: bool) -> None:
    if as_json:
        values = asdict(summary) | {"rate": round(summary.rate, 1), "seconds": round(summary.seconds, 3)}
        typer.echo(json.dumps(values))
        return
    stopped = ", then stopped as asked" if summary.stopped else ""
    typer.echo(
        f"{summary.sent} articles sent ({summary.bytes:,} bytes) in {summary.seconds:.1f} s, "
        f"{summary.rate:.0f} a second{stopped}."
    )
    if summary.repeated:
        typer.echo(f"{summary.repeated} of them repeat an id that was sent before; downstream drops them.")
    if summary.bad:
        typer.echo(f"{summary.bad} could not be sent:")
        for bad in summary.bad_inputs[:SHOWN_BAD_INPUTS]:
            typer.echo(f"  {bad}")
        if summary.bad > SHOWN_BAD_INPUTS:
            typer.echo(f"  and {summary.bad - SHOWN_BAD_INPUTS} more; each is in the log.")
