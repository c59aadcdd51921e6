"""The console as a service on the embedded broker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from services.alerter.subscriptions import LoadedSubscriptions
from services.cli.desk import AlerterDesk
from services.console.service import run_console
from services.embedded.broker import EmbeddedBroker
from services.shared.errors import UserError
from services.shared.kafka import new_producer
from services.shared.settings import Settings, load_settings
from services.shared.topics import INCIDENTS, declared_topics
from tests.alerter.incidents import incident
from tests.alerter.outboxes import rising
from tests.alerter.running import publish

WAIT_SECONDS = 30


def on(broker: EmbeddedBroker, folder: Path, **options: object) -> Settings:
    broker.create([topic.name for topic in declared_topics(embedded=True)])
    return load_settings(
        kafka_bootstrap_servers=broker.bootstrap_servers,
        embedded=True,
        state=folder / "state",
        store=f"sqlite:///{folder}/alerter.db",
        **{"console_port": 0} | options,
    )


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Settings]:
    broker = EmbeddedBroker()
    yield on(broker, tmp_path)
    del broker


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """The console, until the context is left; it must stop as asked."""
    desk = AlerterDesk(settings, LoadedSubscriptions({}, (), {}, ()), lambda region: None)
    stop, addresses = asyncio.Event(), asyncio.Queue[str]()
    task = asyncio.create_task(run_console(settings, desk, stop, addresses.put_nowait))
    try:
        waiting = asyncio.create_task(addresses.get())
        await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED, timeout=WAIT_SECONDS)
        if task.done():
            waiting.cancel()
            task.result()
        async with httpx.AsyncClient(base_url=await waiting) as client:
            yield client
    finally:
        stop.set()
        await asyncio.wait_for(asyncio.gather(task, return_exceptions=True), WAIT_SECONDS)
        await desk.close()
    task.result()


async def until(client: httpx.AsyncClient, path: str, holds: Callable[[httpx.Response], bool]) -> httpx.Response:
    async with asyncio.timeout(WAIT_SECONDS):
        while not holds(answer := await client.get(path)):
            await asyncio.sleep(0.05)
    return answer


def count(answer: httpx.Response) -> int:
    return len(answer.json()["incidents"])


@pytest.mark.embedded
async def test_it_shows_what_comes_by_the_topic_and_goes_on_where_it_was(embedded: Settings) -> None:
    await publish(embedded, [one for number in range(3) for one in rising(f"inc-{number}", 2)])
    async with running(embedded) as client:
        answer = await until(client, "/api/v1/incidents", lambda answer: count(answer) == 3)
        assert {one["revision"] for one in answer.json()["incidents"]} == {2}
        ready = (await until(client, "/readyz", lambda answer: answer.status_code == 200)).json()
        assert (ready["service"], ready["ok"]) == ("console", True)
        assert "tocsin_healthy 1.0" in (await client.get("/metrics")).text
        # The alerter has not run: there is no store, and the console says so where it matters.
        assert (await client.get("/api/v1/subscriptions")).status_code == 503
        await publish(embedded, [incident(70, 1, incident_id="inc-9")])
        await until(client, "/api/v1/incidents/inc-9", lambda answer: answer.status_code == 200)
    async with running(embedded) as client:
        assert count(await client.get("/api/v1/incidents")) == 4, "the view is kept, and not read again"


@pytest.mark.embedded
async def test_a_tombstone_takes_an_incident_out_of_the_view(embedded: Settings) -> None:
    await publish(embedded, [*rising("inc-gone", 2), *rising("inc-stays", 1)])
    producer = new_producer(embedded, "test")
    await producer.start()
    async with running(embedded) as client:
        await until(client, "/api/v1/incidents/inc-gone", lambda answer: answer.status_code == 200)
        await producer.send_and_wait(INCIDENTS, key=b"inc-gone", value=None)
        await until(client, "/api/v1/incidents/inc-gone", lambda answer: answer.status_code == 404)
        assert (await client.get("/api/v1/incidents/inc-stays")).status_code == 200
    await producer.stop()


@pytest.mark.embedded
async def test_a_topic_that_was_made_anew_makes_the_view_anew(embedded: Settings, tmp_path: Path) -> None:
    await publish(embedded, rising("inc-old", 3))
    async with running(embedded) as client:
        await until(client, "/api/v1/incidents/inc-old", lambda answer: answer.status_code == 200)
    another = EmbeddedBroker()
    async with running(on(another, tmp_path)) as client:
        await until(client, "/api/v1/incidents/inc-old", lambda answer: answer.status_code == 404)


@pytest.mark.embedded
async def test_a_port_that_is_taken_is_a_sentence_with_what_to_do(embedded: Settings, tmp_path: Path) -> None:
    async with running(embedded) as client:
        port = httpx.URL(client.base_url).port
        taken = embedded.model_copy(update={"console_port": port, "state": tmp_path / "other"})
        with pytest.raises(UserError, match="TOCSIN_CONSOLE_PORT"):
            async with running(taken):
                pass
