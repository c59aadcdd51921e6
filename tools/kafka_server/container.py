"""The same broker as a Docker container, for machines that have an engine and no Java."""

from __future__ import annotations

import shutil
import subprocess
import time
import uuid
from dataclasses import dataclass

from tools.kafka_server import KafkaUnavailableError
from tools.kafka_server.broker import HOST, answers, broker_properties, free_ports, is_listening
from tools.kafka_server.libraries import kafka_version

PULL_AND_START_SECONDS = 240.0
DATA = "/var/lib/kafka/data"
"""The image's own data folder, writable for its user."""


@dataclass(frozen=True, slots=True)
class Container:
    """A container whose broker answered."""

    bootstrap: str
    """host:port of its listener for clients."""
    version: str
    """Of Apache Kafka, e.g. 4.3.1."""
    name: str
    """Of the container."""


def image(version: str) -> str:
    """The official image of an Apache Kafka version."""
    return f"apache/kafka:{version}"


def engine_answers() -> bool:
    """Whether `docker info` reaches an engine."""
    docker = shutil.which("docker")
    if docker is None:
        return False
    try:
        return subprocess.run([docker, "info"], capture_output=True, check=False, timeout=20).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def run_command(name: str, client_port: int, controller_port: int, version: str) -> list[str]:
    """The `docker run` that starts the broker, its client port open on loopback only.

    The container listens on the same port number as the host: the address that the broker hands to clients is then
    right inside the container too.
    """
    properties = broker_properties(client_port, controller_port, DATA, bind="0.0.0.0")  # noqa: S104  in the container
    command = ["docker", "run", "--detach", "--rm", "--name", name]
    command += ["--publish", f"{HOST}:{client_port}:{client_port}", "--cap-drop=ALL"]
    for key, value in properties.items():
        # The image's own rule: dots to underscores, upper case, KAFKA_ before it.
        command += ["--env", f"KAFKA_{key.upper().replace('.', '_')}={value}"]
    return [*command, image(version)]


def start_container() -> Container:
    """Pull the image where needed, start it and wait until the broker answers.

    Raises KafkaUnavailableError where Docker refuses or the broker does not answer; the container is removed then.
    """
    version = kafka_version()
    name = f"tocsin-kafka-{uuid.uuid4().hex[:12]}"
    client_port, controller_port = free_ports(2)
    container = Container(f"{HOST}:{client_port}", version, name)
    command = run_command(name, client_port, controller_port, version)
    deadline = time.monotonic() + PULL_AND_START_SECONDS
    try:
        started = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PULL_AND_START_SECONDS)
        if started.returncode != 0:
            raise KafkaUnavailableError(f"Docker could not run {image(version)}: {started.stderr.strip()}")
        while not (is_listening(container.bootstrap) and answers(container.bootstrap)):
            if time.monotonic() > deadline:
                raise KafkaUnavailableError(f"{image(version)} runs but does not answer at {container.bootstrap}.")
            time.sleep(0.2)
    except subprocess.TimeoutExpired as error:
        stop_container(container)
        raise KafkaUnavailableError(
            f"Docker did not start {image(version)} within {PULL_AND_START_SECONDS:.0f} s."
        ) from error
    except BaseException:
        stop_container(container)
        raise
    return container


def stop_container(container: Container) -> None:
    """Remove the container and what it wrote. Harmless when it is gone."""
    subprocess.run(
        ["docker", "rm", "--force", "--volumes", container.name], capture_output=True, check=False, timeout=60
    )
