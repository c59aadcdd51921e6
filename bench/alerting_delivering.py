"""How soon the alerter tells many subscriptions, end to end on loopback, and what black holes change for the others.

    python -m bench.alerting delivering [--rate 250] [--seconds 20] [--subscriptions 10000] [--black-holes 0.1]

Two phases. Sending: revisions are appended to `incidents` at an even rate, `tocsin alerter` runs as a process of its
own, and every subscription has an endpoint of its own. Asking: the receiver is asked for every alert id that must have
come. The time of an alert is from just before its revision is appended until the first byte of its first request. Then
the same again with a share of the endpoints that take connections and never answer, and the healthy are compared.

The broker is the embedded one, or that of KAFKA_BOOTSTRAP_SERVERS; the store is SQLite, or `--store`.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import os
import re
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from schemas import Figure, Incident, IncidentType, Place, Severity, SeverityLevel, Toll
from schemas.vocabulary import Certainty, PlacePrecision
from services.alerter.policy.decision import alert_id
from services.embedded.broker import EmbeddedBroker
from services.regions.m49 import countries, m49_ids
from services.shared.envelope import seal, trace_of
from services.shared.kafka import new_producer
from services.shared.settings import Settings, load_settings
from services.shared.topic_admin import apply_topics
from services.shared.topics import INCIDENTS, declared_topics

ROOT = Path(__file__).resolve().parents[1]
TOLD_BY_EACH = 25
"""Subscriptions that each revision is told to."""
TARGET_MS, TARGET_CHANGE = 250.0, 0.20
WARM_UP_SECONDS = 3.0
SETTLE_SECONDS = 60.0
"""How long is waited for what has not come once the last revision is appended."""
SECRET = "whsec_" + base64.b64encode(b"b" * 32).decode()


# --- The receiver, a process of its own ---


_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)\r\n")
_IDENTITY = re.compile(rb"(?i)\r\nwebhook-id: *([^\r]+)\r\n")


class Endpoint(asyncio.Protocol):
    """Takes POSTs and remembers when the first byte of each came; `GET /seen` gives them all as JSON."""

    seen: ClassVar[dict[str, tuple[float, int]]] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._buffer, self._began = b"", 0.0

    def data_received(self, data: bytes) -> None:
        if not self._buffer:
            self._began = time.time()
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        # Not parsed further than it must be: what the receiver takes is missing to the alerter.
        head = self._buffer[: end + 2]
        length = _LENGTH.search(head)
        if len(self._buffer) < end + 4 + (int(length[1]) if length else 0):
            return
        self._buffer = b""
        identity = _IDENTITY.search(head)
        if identity is None:
            told = json.dumps(self.seen).encode()
            self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(told), told))  # type: ignore[attr-defined]
            return
        first, times = self.seen.get(identity[1].decode(), (self._began, 0))
        self.seen[identity[1].decode()] = (first, times + 1)
        self._transport.write(b"HTTP/1.1 204 No Content\r\n\r\n")  # type: ignore[attr-defined]


class BlackHole(asyncio.Protocol):
    """Takes connections and never answers."""


async def receive() -> None:
    """Serve until killed; the ports of endpoints and black holes are printed first."""
    loop = asyncio.get_running_loop()
    servers = [await loop.create_server(kind, "127.0.0.1", 0, backlog=4096) for kind in (Endpoint, BlackHole)]
    print(*(server.sockets[0].getsockname()[1] for server in servers), flush=True)
    await asyncio.Event().wait()


@dataclass(frozen=True, slots=True)
class Ports:
    """Where a receiver listens."""

    answering: int
    silent: int
    pid: int


@contextmanager
def receiver() -> Iterator[Ports]:
    """A running receiver."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.alerting_delivering", "--receive"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        if process.stdout is None:
            raise RuntimeError("a pipe was asked for")
        answering, silent = process.stdout.readline().split()
        yield Ports(int(answering), int(silent), process.pid)
    finally:
        process.kill()
        process.wait()


# --- One run ---


@dataclass(frozen=True, slots=True)
class Run:
    """What one run measured, for healthy endpoints."""

    expected: int
    missing: int
    repeated: int
    p50_ms: float
    p99_ms: float
    rate: float
    """Alerts a second, from the first to the last that came."""


def groups(subscriptions: int) -> list[tuple[str, IncidentType]]:
    """What a revision can be of, so that each is told to TOLD_BY_EACH subscriptions."""
    types = tuple(IncidentType)
    pairs = [(country, kind) for kind in types for country in sorted(countries())]
    return pairs[: max(1, subscriptions // TOLD_BY_EACH)]


def write_rules(folder: Path, subscriptions: int, ports: Ports, silent: int) -> None:
    """Rules with one channel for each subscription; every `silent`-th is a black hole, none where 0."""
    asked = groups(subscriptions)
    channels, written = ["channels:"], ["subscriptions:"]
    for number in range(subscriptions):
        country, kind = asked[number % len(asked)]
        port = ports.silent if is_silent(number, silent) else ports.answering
        channels.append(
            f"  - {{name: c{number}, kind: webhook, url: 'http://127.0.0.1:{port}/{number}', secret_env: BENCH_SECRET, "
            "allow_private_address: true, timeout_seconds: 20}"
        )
        written.append(f"  - {{name: s{number}, channel: c{number}, regions: ['{country}'], types: [{kind}]}}")
    (folder / "subscriptions.yaml").write_text("\n".join([*channels, *written]) + "\n")
    for name in ("regions.yaml", "severity.yaml"):
        (folder / name).write_text((ROOT / "rules" / name).read_text())


def is_silent(number: int, every: int) -> bool:
    """Whether the endpoint of subscription `number` is a black hole."""
    return every > 0 and (number * 7919) % every == 0


def revision(number: int, asked: Sequence[tuple[str, IncidentType]]) -> Incident:
    """The `number`-th revision: the first of an incident of its own."""
    country, kind = asked[number % len(asked)]
    figure = Figure(low=60, best=60, high=60)
    return Incident(
        incident_id=f"bench-{number}",
        revision=1,
        type=kind,
        place=Place(name="Somewhere", country=country, lat=1.0, lon=2.0, precision=PlacePrecision.EXACT),
        regions=tuple(sorted(m49_ids(country))),
        toll=Toll(killed=figure),
        severity=Severity(score=70, level=SeverityLevel.SEVERE),
        certainty=Certainty.LIKELY,
        as_of=datetime.now(UTC),
    )


async def append(
    settings: Settings, asked: Sequence[tuple[str, IncidentType]], numbers: range, a_second: float
) -> dict[int, float]:
    """Append the revisions `numbers` at an even rate: when each was, seconds since the epoch."""
    producer = new_producer(settings, "bench")
    await producer.start()
    at: dict[int, float] = {}
    began = time.monotonic()
    try:
        for count, number in enumerate(numbers):
            await asyncio.sleep(max(0.0, began + count / a_second - time.monotonic()))
            sealed = seal(
                revision(number, asked), source="bench", traceparent=trace_of(str(number)), sent_at=datetime.now(UTC)
            )
            at[number] = time.time()
            await producer.send(
                settings.topic_prefix + INCIDENTS, key=sealed.key, value=sealed.value, headers=sealed.headers
            )
        await producer.flush()
    finally:
        await producer.stop()
    return at


def run_once(settings: Settings, options: argparse.Namespace, silent: int) -> Run:
    """One run with every `silent`-th endpoint a black hole."""
    asked = groups(options.subscriptions)
    a_second = options.rate / TOLD_BY_EACH
    warm, measured = int(WARM_UP_SECONDS * a_second) + 1, int(options.seconds * a_second)
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as name, receiver() as ports:
        folder = Path(name)
        write_rules(folder, options.subscriptions, ports, silent)
        health = _free_port()
        environment = os.environ | {
            "KAFKA_BOOTSTRAP_SERVERS": settings.kafka_bootstrap_servers,
            "TOCSIN_EMBEDDED": str(settings.embedded).lower(),
            "TOCSIN_TOPIC_PREFIX": settings.topic_prefix,
            "TOCSIN_RULES": name,
            "TOCSIN_STORE": options.store or f"sqlite:///{name}/alerter.db",
            "TOCSIN_ALERTER_PORT": str(health),
            "TOCSIN_LOG_LEVEL": "warning",
            "BENCH_SECRET": SECRET,
            "PYTHONPATH": str(ROOT),
        }
        command = [sys.executable, "-m", "services.cli", "alerter"]
        if options.profile:
            command = [sys.executable, "-m", "cProfile", "-o", options.profile, "-m", "services.cli", "alerter"]
        with (folder / "alerter.log").open("wb") as log:
            alerter = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=log, stderr=log)
            try:
                _until_ready(health, alerter, folder / "alerter.log")
                starting = _processor_seconds(alerter.pid)
                print(f"  the alerter is ready, pid {alerter.pid}; load {os.getloadavg()[0]:.1f}", flush=True)
                asyncio.run(append(settings, asked, range(warm), a_second))
                before = _all_seconds(alerter.pid, ports.pid)
                at = asyncio.run(append(settings, asked, range(warm, warm + measured), a_second))
                run = _ask(ports, at, asked, options.subscriptions, silent)
                spent = _all_seconds(alerter.pid, ports.pid)
            finally:
                alerter.terminate()
                alerter.wait(60)
        alerts = measured * TOLD_BY_EACH
        each = [f"{(after - until) * 1000 / alerts:.2f}" for after, until in zip(spent, before, strict=True)]
        print(f"  {run}")
        print(
            f"  processor ms an alert: alerter {each[0]} ({starting:.1f} s to start), its requests {each[1]}, "
            f"receiver {each[2]}, load generator and embedded broker {each[3]}; load {os.getloadavg()[0]:.1f}",
            flush=True,
        )
        return run


def _all_seconds(alerter: int, receiving: int) -> tuple[float, float, float, float]:
    """Processor time so far of the alerter, its process for requests, the receiver, and this process with the embedded
    broker in it."""
    return _processor_seconds(alerter), _of_children(alerter), _processor_seconds(receiving), time.process_time()


def _ask(
    ports: Ports, at: dict[int, float], asked: Sequence[tuple[str, IncidentType]], subscriptions: int, silent: int
) -> Run:
    """Ask the receiver for every alert of the revisions in `at` that a healthy endpoint must have, until all came."""
    expected = {
        alert_id(f"s{one}", f"bench-{number}", 1): moment
        for number, moment in at.items()
        for one in range(number % len(asked), subscriptions, len(asked))
        if not is_silent(one, silent)
    }
    deadline = time.monotonic() + SETTLE_SECONDS
    while True:
        with urllib.request.urlopen(f"http://127.0.0.1:{ports.answering}/seen", timeout=30) as answer:
            seen: dict[str, tuple[float, int]] = json.load(answer)
        missing = [identity for identity in expected if identity not in seen]
        if not missing or time.monotonic() > deadline:
            break
        time.sleep(0.5)
    came = {identity: seen[identity] for identity in expected if identity in seen}
    took = sorted((came[identity][0] - expected[identity]) * 1000 for identity in came)
    moments = sorted(first for first, _ in came.values())
    return Run(
        expected=len(expected),
        missing=len(missing),
        repeated=sum(times > 1 for _, times in came.values()),
        p50_ms=round(statistics.median(took), 1),
        p99_ms=round(took[int(len(took) * 0.99)], 1),
        rate=round((len(moments) - 1) / (moments[-1] - moments[0]), 1),
    )


def _until_ready(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        if process.poll() is not None:
            sys.exit(f"the alerter ended with exit code {process.returncode}: {log.read_text()[-2000:]}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    sys.exit("the alerter is not ready after 180 s")


def _processor_seconds(pid: int) -> float:
    """Processor time of a process so far, user and system."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _of_children(pid: int) -> float:
    """Processor time so far of the processes that `pid` has started and that run."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    children = {child for task in tasks for child in (task / "children").read_text().split()}
    return sum(_processor_seconds(int(child)) for child in children)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def delivering(options: argparse.Namespace) -> int:
    """Measure and print; exit status 1 where something is missing or a target is missed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 16384)), hard))
    runs = []
    for silent in (0, round(1 / options.black_holes)) if options.black_holes else (0,):
        servers = os.environ.get("KAFKA_BOOTSTRAP_SERVERS")
        broker = None if servers else EmbeddedBroker()
        settings = load_settings(
            kafka_bootstrap_servers=servers or broker.bootstrap_servers,  # type: ignore[union-attr]
            embedded=broker is not None,
            topic_prefix=f"bench-{os.getpid()}-{silent}-",
        )
        topics = declared_topics(settings.topic_prefix, embedded=settings.embedded)
        if broker is not None:
            broker.create(topic.name for topic in topics)
        else:
            asyncio.run(apply_topics(settings, topics))
        holes = f"1 in {silent}" if silent else "none"
        print(f"{options.subscriptions:,} subscriptions, {options.rate:g} alerts/s, black holes: {holes}", flush=True)
        runs.append(run_once(settings, options, silent))
    well = runs[0]
    print(f"p99 {well.p99_ms:g} ms from append to first byte (target {TARGET_MS:g}), {well.rate:g} alerts/s arrived")
    missed = well.p99_ms > TARGET_MS
    if len(runs) > 1:
        change = runs[1].p99_ms / well.p99_ms - 1
        print(f"black holes change the p99 of the healthy by {change:+.0%} (target {TARGET_CHANGE:.0%})")
        missed = missed or change > TARGET_CHANGE
    return int(missed or any(run.missing for run in runs))


def add_options(parser: argparse.ArgumentParser) -> None:
    """What can be chosen."""
    parser.add_argument("--rate", type=float, default=250.0, help="alerts a second")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--subscriptions", type=int, default=10_000)
    parser.add_argument("--black-holes", type=float, default=0.1, help="share of the endpoints in the second run")
    parser.add_argument("--store", help="SQLAlchemy URL of an empty store; SQLite in a temporary folder by default")
    parser.add_argument("--profile", help="file for the alerter's profile")


def main() -> int:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(prog="python -m bench.alerting delivering", description=__doc__.partition("\n")[0])
    add_options(parser)
    parser.add_argument("--receive", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.receive:
        asyncio.run(receive())
    return delivering(options)


if __name__ == "__main__":
    sys.exit(main())
