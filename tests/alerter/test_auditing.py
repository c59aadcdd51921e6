"""The auditor: it beats while everything adds up, and says what does not."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy import delete, update

from schemas import DeliveryOutcome
from services.alerter.auditing import Auditor, beat_at, beat_into
from services.alerter.channels.addresses import AllowedDestinations
from services.alerter.channels.contract import ACCEPTED, ChannelAnswer
from services.alerter.channels.http_client import HttpConnections
from services.alerter.delivering import outcome_of
from services.alerter.outbox.auditing import Audit
from services.alerter.outbox.claiming import Room, claim_due
from services.alerter.outbox.destinations import switch_off
from services.alerter.outbox.engine import Store
from services.alerter.outbox.settling import Settlement, settle_all
from services.alerter.outbox.tables import alerts, deliveries, lanes, ledger
from tests.alerter.fakes import Clock
from tests.alerter.incidents import NOON
from tests.alerter.outboxes import decided, on_channel, rising


async def told(store: Store, answer: ChannelAnswer = ACCEPTED) -> None:
    """One alert of channel `a`, tried once."""
    await decided(store, rising("i", 1), on_channel("a"))
    async with store.transaction() as connection:
        (claimed,) = await claim_due(connection, Room({"a": 9}), NOON, NOON + timedelta(minutes=2))
        delivery, status = outcome_of(claimed, answer, NOON, NOON)
        await settle_all(connection, [Settlement(claimed, delivery, status, answer)])


async def audited(store: Store, at: datetime = NOON, beats: list[datetime] | None = None) -> Audit:
    found: list[Audit] = []

    async def beat(moment: datetime) -> None:
        if beats is not None:
            beats.append(moment)

    await Auditor(store, Clock(at), {"a"}, (beat,), audited=found.append).once()
    return found[0]


async def test_while_everything_adds_up_it_beats(store: Store) -> None:
    beats: list[datetime] = []
    await told(store)
    await decided(store, rising("j", 1), on_channel("a"))
    found = await audited(store, NOON, beats)
    assert (found.decided, found.settled, found.waiting, found.faults) == (2, 1, 1, ())
    assert beats == [NOON]


async def test_a_decision_whose_alert_is_gone_is_named_and_nothing_beats(store: Store) -> None:
    beats: list[datetime] = []
    await decided(store, rising("i", 1), on_channel("a"))
    async with store.transaction() as connection:
        await connection.execute(delete(alerts))
    assert (await audited(store, NOON, beats)).faults == ("1 decisions to tell have no alert.",)
    assert beats == []


async def test_a_delivery_that_nobody_accepted_is_named(store: Store) -> None:
    await told(store)
    async with store.transaction() as connection:
        await connection.execute(update(deliveries).values(outcome=DeliveryOutcome.RETRY))
    assert (await audited(store)).faults == ("1 alerts are called delivered, and no attempt was accepted.",)


async def test_an_alert_that_waits_for_nothing_is_named(store: Store) -> None:
    await decided(store, rising("i", 1), on_channel("a"))
    async with store.transaction() as connection:
        await connection.execute(delete(lanes))
    assert (await audited(store)).faults == ("1 alerts wait for nothing: they have no lane or no time.",)


async def test_an_alert_that_nobody_sends_is_named_unless_its_channel_is_off_or_gone(store: Store) -> None:
    await decided(store, rising("i", 2), on_channel("a"), on_channel("gone"))
    assert (await audited(store, NOON + timedelta(minutes=9))).faults == ()
    later = NOON + timedelta(minutes=11)
    assert (await audited(store, later)).faults == ("1 alerts have been due for minutes, and nobody sends them.",)
    async with store.transaction() as connection:
        await switch_off(connection, "a", "By hand.", NOON)
    found = await audited(store, later)
    assert (found.faults, found.switched_off) == ((), 1)


async def test_a_ledger_that_lost_an_entry_is_named(store: Store) -> None:
    await told(store)
    async with store.transaction() as connection:
        await connection.execute(delete(ledger))
    assert (await audited(store)).faults == ("1 ledger entries are missing or too many.",)


async def test_what_was_found_whole_is_not_looked_at_again(store: Store) -> None:
    await told(store)
    seen: list[Audit] = []
    auditor = Auditor(store, Clock(), {"a"}, audited=seen.append)
    await auditor.once()
    async with store.transaction() as connection:
        await connection.execute(update(deliveries).values(outcome=DeliveryOutcome.RETRY))
    await auditor.once()
    assert [one.faults for one in seen] == [(), ()]


async def test_a_heartbeat_is_a_file_and_a_request(tmp_path: Path, sqlite_store: Store) -> None:
    came: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        came.append(request.method)
        return web.Response(status=200 if len(came) == 1 else 500)

    app = web.Application()
    app.router.add_get("/beat", answer)
    connections = HttpConnections(allowed=AllowedDestinations.written(["127.0.0.1"]))
    told_at: list[datetime] = []
    try:
        async with TestServer(app) as server:
            url = str(server.make_url("/beat"))
            beats = (beat_into(tmp_path / "state" / "beat"), beat_at(url, Clock(), connections))
            auditor = Auditor(sqlite_store, Clock(), {"a"}, beats, beaten=told_at.append)
            await auditor.once()
            # One that is not taken does not end the audits.
            await auditor.once()
    finally:
        await connections.close()
    assert (tmp_path / "state" / "beat").read_text() == "2031-05-04T12:00:00+00:00\n"
    assert came == ["GET", "GET"]
    assert told_at == [NOON, NOON]
