"""One Kafka broker as a process group of its own: configured, formatted, started, waited for, stopped."""

from __future__ import annotations

import asyncio
import base64
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from tools.kafka_server import KafkaUnavailableError
from tools.kafka_server.libraries import fetch_libraries, find_java, kafka_version

HOST = "127.0.0.1"
START_SECONDS = 60.0
"""A start takes 2 to 4 s on two idle cores; a busy machine may take ten times that."""
STOP_SECONDS = 10.0
ATTEMPTS = 3
"""Starts that are tried where another process takes a port between its choice and its use."""


@dataclass(frozen=True, slots=True)
class Broker:
    """A broker that answered."""

    bootstrap: str
    """host:port of its listener for clients."""
    version: str
    """Of Apache Kafka, e.g. 4.3.1."""
    pid: int
    """Process id, and the id of its process group."""
    folder: Path
    """Everything it writes; removed by `stop_broker`."""
    process: subprocess.Popen[bytes] | None = None
    """The child process, in the process that started it."""


def broker_properties(client_port: int, controller_port: int, data: Path | str, bind: str = HOST) -> dict[str, str]:
    """The settings of a single KRaft node that is broker and controller, in Kafka's own names.

    Clients are told to come to 127.0.0.1, whatever address `bind` is. Topics are never created by being named: a
    service that forgot to declare one must fail here, not on the first production cluster.
    """
    one_copy = (
        "offsets.topic.replication.factor",
        "transaction.state.log.replication.factor",
        "transaction.state.log.min.isr",
        "share.coordinator.state.topic.replication.factor",
        "share.coordinator.state.topic.min.isr",
    )
    return {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.voters": f"1@{HOST}:{controller_port}",
        "controller.listener.names": "CONTROLLER",
        "listeners": f"PLAINTEXT://{bind}:{client_port},CONTROLLER://{HOST}:{controller_port}",
        "advertised.listeners": f"PLAINTEXT://{HOST}:{client_port}",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "inter.broker.listener.name": "PLAINTEXT",
        "log.dirs": str(data),
        "auto.create.topics.enable": "false",
        # A production cluster waits 3 s for more members before the first assignment of a group; a test need not.
        "group.initial.rebalance.delay.ms": "0",
        "offsets.topic.num.partitions": "4",
        "message.max.bytes": str(16 * 1024 * 1024),
        **dict.fromkeys(one_copy, "1"),
    }


def start_broker(folder: Path) -> Broker:
    """Start Kafka in `folder` (created; owned by the broker from here on) and wait until it answers.

    Raises KafkaUnavailableError where Java or Maven are missing or the broker does not come up; nothing is left
    running or lying about then.
    """
    try:
        java, libraries = find_java(), fetch_libraries()
        for attempt in range(1, ATTEMPTS + 1):
            folder.mkdir(parents=True, exist_ok=True)
            try:
                return _start(java, libraries, folder)
            except KafkaUnavailableError as error:
                if attempt == ATTEMPTS or "already in use" not in str(error):
                    raise
                shutil.rmtree(folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    raise AssertionError("the loop above returns or raises")


def stop_broker(broker: Broker) -> None:
    """End the broker's whole process group, by force after 10 s, and remove its folder. Harmless when it is gone."""
    for signal_number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(broker.pid, signal_number)
        deadline = time.monotonic() + STOP_SECONDS
        while _group_lives(broker) and time.monotonic() < deadline:
            time.sleep(0.02)
    if broker.process is not None:
        broker.process.wait()
    shutil.rmtree(broker.folder, ignore_errors=True)


def answers(bootstrap: str, *, timeout_seconds: float = 5.0) -> bool:
    """Whether a cluster at `bootstrap` names at least one broker of its own within the time."""
    try:
        # A loop of our own making, so that the event loop of a test that is being set up stays as it is.
        with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
            return runner.run(_count_brokers(bootstrap, timeout_seconds)) > 0
    except (KafkaError, OSError, TimeoutError):
        return False


def is_listening(bootstrap: str) -> bool:
    """Whether something accepts connections at the first host:port of `bootstrap`."""
    host, _, port = bootstrap.split(",")[0].rpartition(":")
    try:
        with socket.create_connection((host, int(port)), timeout=1):
            return True
    except OSError:
        return False


def free_ports(count: int) -> list[int]:
    """Ports of loopback that nothing listens on at the moment, all different."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind((HOST, 0))
        return [int(each.getsockname()[1]) for each in sockets]
    finally:
        for each in sockets:
            each.close()


def new_cluster_id() -> str:
    """16 random bytes in base64url without padding, as Kafka wants them.

    Never with a dash in front, which Kafka's command line takes for an option: the first bit, which makes it, is 0.
    """
    first, *others = secrets.token_bytes(16)
    return base64.urlsafe_b64encode(bytes([first & 0x7F, *others])).decode("ascii")[:22]


def _start(java: str, libraries: Path, folder: Path) -> Broker:
    client_port, controller_port = free_ports(2)
    properties = folder / "server.properties"
    properties.write_text(_as_text(broker_properties(client_port, controller_port, folder / "data")), encoding="utf-8")
    log = folder / "kafka.log"
    classpath = f"{libraries}{os.sep}*"
    storage = [java, "-XX:TieredStopAtLevel=1", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error", "-cp", classpath]
    storage += ["kafka.tools.StorageTool", "format", "--cluster-id", new_cluster_id(), "--config", str(properties)]
    try:
        formatted = subprocess.run(storage, capture_output=True, text=True, check=False, timeout=START_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise KafkaUnavailableError(f"Apache Kafka did not format its folder within {START_SECONDS:.0f} s.") from error
    if formatted.returncode != 0:
        raise KafkaUnavailableError(f"Apache Kafka could not format its folder: {_tail(formatted.stderr)}")
    command = [java, "-Xmx1g", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", classpath]
    command += ["kafka.Kafka", str(properties)]
    with log.open("wb") as output:
        # A session of its own: Ctrl-C in the terminal must reach the tests first, which then stop it in order.
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
    broker = Broker(f"{HOST}:{client_port}", kafka_version(), process.pid, folder, process)
    try:
        _wait_until_it_answers(process, broker, log)
    except BaseException:
        process.kill()
        process.wait()
        raise
    return broker


def _wait_until_it_answers(process: subprocess.Popen[bytes], broker: Broker, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            reason = _tail(log.read_text(encoding="utf-8", errors="replace"))
            raise KafkaUnavailableError(f"Apache Kafka ended while starting: {reason}")
        if is_listening(broker.bootstrap) and answers(broker.bootstrap):
            return
        time.sleep(0.05)
    reason = _tail(log.read_text(encoding="utf-8", errors="replace"))
    raise KafkaUnavailableError(f"Apache Kafka did not answer within {START_SECONDS:.0f} s: {reason}")


async def _count_brokers(bootstrap: str, timeout_seconds: float) -> int:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=int(timeout_seconds * 1000))
    try:
        async with asyncio.timeout(timeout_seconds):
            await admin.start()
            return len((await admin.describe_cluster())["brokers"])
    finally:
        await admin.close()


def _group_lives(broker: Broker) -> bool:
    with suppress(ChildProcessError):
        # A child that has ended keeps its group until it is reaped, which is for its parent to do.
        if os.waitid(os.P_PID, broker.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
            return False
    try:
        os.killpg(broker.pid, 0)
    except ProcessLookupError:
        return False
    return True


def _as_text(properties: Mapping[str, str]) -> str:
    # Backslash is the escape character of Java's properties files.
    return "".join(f"{name}={value.replace(chr(92), chr(92) * 2)}\n" for name, value in properties.items())


def _tail(text: str, lines: int = 15) -> str:
    kept = [line for line in text.strip().splitlines() if line.strip()]
    return "\n".join(kept[-lines:]) or "it said nothing"
