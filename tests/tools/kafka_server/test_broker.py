from __future__ import annotations

import base64
import os
import sys
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import UnknownTopicOrPartitionError

from tools.kafka_server import KafkaUnavailableError, broker
from tools.kafka_server.background import current, down, up
from tools.kafka_server.broker import (
    broker_properties,
    free_ports,
    is_listening,
    new_cluster_id,
    start_broker,
    stop_broker,
)
from tools.kafka_server.container import DATA, image, run_command
from tools.kafka_server.libraries import kafka_version


def has_ended(pid: int) -> bool:
    try:
        os.killpg(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_every_listener_of_the_broker_is_on_loopback() -> None:
    properties = broker_properties(1000, 1001, "data")
    for name in ("listeners", "advertised.listeners"):
        assert all(listener.split("://")[1].startswith("127.0.0.1:") for listener in properties[name].split(","))


def test_internal_topics_need_no_second_broker() -> None:
    properties = broker_properties(1000, 1001, "data")
    assert {value for name, value in properties.items() if name.endswith((".replication.factor", ".min.isr"))} == {"1"}


def test_free_ports_are_all_different() -> None:
    assert len(set(free_ports(20))) == 20


def test_no_cluster_id_looks_like_an_option() -> None:
    cluster_ids = {new_cluster_id() for _ in range(2000)}
    assert len(cluster_ids) == 2000
    assert not any(cluster_id.startswith("-") for cluster_id in cluster_ids)
    assert {len(base64.urlsafe_b64decode(cluster_id + "==")) for cluster_id in cluster_ids} == {16}


def test_docker_opens_the_client_port_on_loopback_alone_and_pins_the_image() -> None:
    command = run_command("some-name", 31000, 31001, "4.3.1")
    assert command[command.index("--publish") + 1] == "127.0.0.1:31000:31000"
    assert command[-1] == image("4.3.1") == "apache/kafka:4.3.1"
    settings = {part for part in command if part.startswith("KAFKA_")}
    assert {
        "KAFKA_ADVERTISED_LISTENERS=PLAINTEXT://127.0.0.1:31000",
        "KAFKA_AUTO_CREATE_TOPICS_ENABLE=false",
        f"KAFKA_LOG_DIRS={DATA}",
    } <= settings


@pytest.fixture
def java(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a test writes what stands for Java; a start is given up after 2 s."""
    monkeypatch.setattr(broker, "find_java", lambda: str(tmp_path / "java"))
    monkeypatch.setattr(broker, "fetch_libraries", lambda: tmp_path)
    monkeypatch.setattr(broker, "START_SECONDS", 2.0)
    return tmp_path / "java"


def write_broker_program(java: Path, *lines: str) -> None:
    """A Java that formats without a word, and as the broker runs `lines`."""
    body = "".join(f"    {line}\n" for line in lines)
    java.write_text(f"#!{sys.executable}\nimport sys, time\nif 'kafka.Kafka' in sys.argv:\n{body}", encoding="utf-8")
    java.chmod(0o755)


@pytest.mark.parametrize("ending", ["sys.exit(3)", "time.sleep(60)"])
def test_a_broker_that_does_not_come_up_is_told_with_its_last_words_and_leaves_nothing(
    java: Path, tmp_path: Path, ending: str
) -> None:
    write_broker_program(java, "print('no room on the disk', file=sys.stderr, flush=True)", ending)
    with pytest.raises(KafkaUnavailableError, match="no room on the disk"):
        start_broker(tmp_path / "folder")
    assert not (tmp_path / "folder").exists()


def test_where_there_is_no_java_the_folder_that_was_made_for_it_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    (tmp_path / "folder").mkdir()
    with pytest.raises(KafkaUnavailableError, match="Java 17"):
        start_broker(tmp_path / "folder")
    assert not (tmp_path / "folder").exists()


def test_a_port_that_another_took_first_is_given_up_for_a_new_one(java: Path, tmp_path: Path) -> None:
    starts = tmp_path / "starts"
    write_broker_program(
        java,
        f"open({str(starts)!r}, 'a').writelines(x for x in open(sys.argv[-1]) if x.startswith('listeners='))",
        "sys.exit('java.net.BindException: Address already in use')",
    )
    with pytest.raises(KafkaUnavailableError, match="already in use"):
        start_broker(tmp_path / "folder")
    listeners = starts.read_text(encoding="utf-8").splitlines()
    assert len(listeners) == len(set(listeners)) == broker.ATTEMPTS


@pytest.mark.kafka
def test_a_stopped_broker_leaves_no_process_and_no_file(kafka_can_start: None, tmp_path: Path) -> None:
    started = start_broker(tmp_path / "folder")
    assert is_listening(started.bootstrap)
    stop_broker(started)
    assert has_ended(started.pid)
    assert not is_listening(started.bootstrap)
    assert not (tmp_path / "folder").exists()


@pytest.mark.kafka
async def test_a_topic_that_nobody_declared_is_refused(kafka: str, topic_prefix: str) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=kafka, request_timeout_ms=2000)
    await producer.start()
    try:
        with pytest.raises(UnknownTopicOrPartitionError):
            await producer.send_and_wait(f"{topic_prefix}undeclared", b"anything")
    finally:
        await producer.stop()


@pytest.mark.kafka
def test_the_background_broker_is_started_once_found_again_and_stopped(kafka_can_start: None, tmp_path: Path) -> None:
    assert current(tmp_path) is None
    first = up(tmp_path)
    try:
        assert first.started
        assert first.broker.version == kafka_version()
        second = up(tmp_path)
        assert not second.started
        assert (second.broker.pid, second.broker.bootstrap) == (first.broker.pid, first.broker.bootstrap)
        os.killpg(first.broker.pid, 9)
        assert first.broker.process is not None
        first.broker.process.wait(timeout=10)
        assert current(tmp_path) is None
        third = up(tmp_path)
        assert third.started
        assert third.broker.pid != first.broker.pid
    finally:
        stopped = down(tmp_path)
    assert stopped is not None
    assert third.broker.process is not None
    assert third.broker.process.wait(timeout=10) is not None
    assert not is_listening(stopped.bootstrap)
    assert not stopped.folder.exists()
    assert down(tmp_path) is None


@pytest.fixture
def kafka_can_start() -> None:
    """Skip where this machine cannot start a Kafka of its own, whatever else the other tests are given."""
    try:
        broker.find_java()
        broker.fetch_libraries()
    except KafkaUnavailableError as error:
        pytest.skip(str(error))
