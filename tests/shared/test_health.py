"""A service that is up and does nothing is not healthy."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry

from services.shared import metrics
from services.shared.errors import UserError
from services.shared.health import Health, HealthServer, serve_health
from services.shared.settings import load_settings

STUCK = 120.0


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def health(clock: Clock) -> Health:
    return Health(STUCK, clock)


def test_a_service_that_waits_for_its_partitions_is_alive_but_not_ready(health: Health) -> None:
    report = health.report()
    assert (report.ok, report.ready) == (True, False)
    assert report.reasons == ("No partition is assigned yet.",)


def test_a_service_with_partitions_and_nothing_to_do_is_ready_for_ever(health: Health, clock: Clock) -> None:
    health.assigned(4)
    clock.now += 1_000_000
    report = health.report()
    assert (report.ok, report.ready, report.reasons, report.assignment) == (True, True, (), 4)


def test_a_service_that_never_gets_a_partition_is_not_healthy(health: Health, clock: Clock) -> None:
    clock.now += STUCK + 1
    report = health.report()
    assert not report.ok
    assert report.reasons == ("No partition has been assigned for 121 s.",)


def test_the_time_without_partitions_counts_from_when_they_were_lost(health: Health, clock: Clock) -> None:
    clock.now += STUCK - 1
    health.assigned(2)
    clock.now += STUCK + 1
    health.assigned(0)
    health.assigned(0)
    clock.now += STUCK - 1
    assert health.report().ok
    clock.now += 2
    assert not health.report().ok


def test_a_spare_worker_without_partitions_is_healthy_and_ready(health: Health, clock: Clock) -> None:
    health.expects_assignment(False)
    clock.now += STUCK * 10
    assert health.report().ready


def test_the_time_without_partitions_counts_anew_once_one_is_expected_again(health: Health, clock: Clock) -> None:
    health.expects_assignment(False)
    clock.now += STUCK * 10
    health.expects_assignment(True)
    assert health.report().ok
    clock.now += STUCK + 1
    assert not health.report().ok


def test_a_loop_that_hangs_in_its_work_is_not_healthy(health: Health, clock: Clock) -> None:
    health.assigned(1)
    health.working(True)
    clock.now += STUCK + 1
    assert health.report().reasons == ("main: has work in hand and has not come on for 121 s.",)


def test_a_loop_that_progresses_through_a_long_backlog_is_healthy(health: Health, clock: Clock) -> None:
    health.assigned(1)
    health.working(True)
    for _ in range(10):
        clock.now += STUCK - 1
        health.working(True)
        health.progress()
        health.committed()
    assert health.report().ok


def test_a_loop_that_comes_round_is_healthy_and_one_that_stops_doing_so_is_not(health: Health, clock: Clock) -> None:
    health.assigned(1)
    for _ in range(10):
        clock.now += STUCK - 1
        health.alive("deliver")
    assert health.report().ok
    assert health.report().seconds_since_progress is None
    clock.now += STUCK + 1
    assert health.report().reasons == ("deliver: has work in hand and has not come on for 121 s.",)


def test_one_busy_loop_does_not_hide_another_that_hangs(health: Health, clock: Clock) -> None:
    health.assigned(1)
    health.working(True, "articles")
    health.working(True, "reports")
    clock.now += STUCK + 1
    health.progress("articles")
    health.committed("articles")
    assert health.report().reasons == ("reports: has work in hand and has not come on for 121 s.",)


def test_finished_work_that_is_not_committed_is_not_healthy(health: Health, clock: Clock) -> None:
    health.assigned(1)
    health.progress()
    clock.now += STUCK + 1
    health.progress()
    assert health.report().reasons == ("main: has not committed for 121 s what it finished.",)
    health.committed()
    assert health.report().ok
    assert health.report().seconds_since_commit == 0


def test_what_it_needs_being_down_makes_it_unready_but_calls_for_no_restart(health: Health) -> None:
    health.assigned(1)
    health.fault("store", "connection refused")
    report = health.report()
    assert (report.ok, report.ready, report.reasons) == (True, False, ("store: connection refused",))
    health.fault("store", None)
    assert health.report().ready


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["progress", "working", "idle", "committed", "lost", "assigned", "fault", "mended"]),
            st.floats(min_value=0, max_value=3 * STUCK),
        )
    )
)
def test_it_is_ready_exactly_when_there_is_no_reason_against_it(steps: list[tuple[str, float]]) -> None:
    clock = Clock()
    health = Health(STUCK, clock)
    calls: dict[str, Callable[[], None]] = {
        "progress": health.progress,
        "working": lambda: health.working(True),
        "idle": lambda: health.working(False),
        "committed": health.committed,
        "lost": lambda: health.assigned(0),
        "assigned": lambda: health.assigned(3),
        "fault": lambda: health.fault("store", "down"),
        "mended": lambda: health.fault("store", None),
    }
    for step, pause in steps:
        clock.now += pause
        calls[step]()
        report = health.report()
        assert report.ready == (not report.reasons)
        assert report.ok or not report.ready
        assert report.seconds_since_progress is None or report.seconds_since_progress >= 0


@pytest.fixture
async def server(health: Health) -> AsyncIterator[HealthServer]:
    registry = CollectorRegistry()
    metrics.counter(registry, metrics.ALERTS).labels("alert").inc()
    running = await serve_health(load_settings(), 0, health, registry, "alerter")
    yield running
    await running.close()


async def test_healthz_and_readyz_answer_200_or_503_with_the_reasons(server: HealthServer, health: Health) -> None:
    async with aiohttp.ClientSession(f"http://127.0.0.1:{server.port}") as client:
        async with client.get("/healthz") as alive, client.get("/readyz") as ready:
            assert (alive.status, ready.status) == (200, 503)
            said = await ready.json()
            assert (said["service"], said["ready"]) == ("alerter", False)
            assert said["reasons"] == ["No partition is assigned yet."]
        health.assigned(1)
        async with client.get("/readyz") as ready:
            assert ready.status == 200


async def test_metrics_are_those_of_the_service_and_its_health(server: HealthServer) -> None:
    async with (
        aiohttp.ClientSession(f"http://127.0.0.1:{server.port}") as client,
        client.get("/metrics") as answer,
    ):
        text = await answer.text()
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert 'tocsin_alerts_total{kind="alert"} 1.0' in text
    assert "tocsin_healthy 1.0" in text
    assert "tocsin_ready 0.0" in text
    assert "tocsin_seconds_since_progress" not in text
    assert "python_gc" not in text


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (None, 401),
        ("Bearer wrong", 401),
        ("Basic right-token", 401),
        ("Bearer ", 401),
        ("Bearer \udcff", 401),
        ("Bearer right-token", 200),
        ("bearer right-token", 200),
    ],
)
async def test_a_token_that_is_set_must_be_sent(health: Health, header: str | None, status: int) -> None:
    settings = load_settings(http_token="right-token")
    server = await serve_health(settings, 0, health, CollectorRegistry(), "alerter")
    try:
        request = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        if header is not None:
            request += f"Authorization: {header}\r\n"
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write((request + "\r\n").encode(errors="surrogateescape"))
        first = (await reader.readline()).decode()
        writer.close()
        await writer.wait_closed()
        assert first.split()[1] == str(status)
    finally:
        await server.close()


async def test_a_port_in_use_is_a_sentence_that_says_what_to_set(health: Health) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(UserError, match="Set TOCSIN_ALERTER_PORT to a free port"):
            await serve_health(load_settings(), taken.getsockname()[1], health, CollectorRegistry(), "alerter")
