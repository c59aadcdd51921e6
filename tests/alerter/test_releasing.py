"""What waits is kept in the store and decided again when its time has come, whoever looks."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import Alert, Digest, GroupKey, Hold, Inhibition, QuietHours, Severity, SeverityLevel, Silence
from schemas.vocabulary import AlertKind, DecisionReason, IncidentStatus
from services.alerter.deciding import Audience, Revision, decide_revision
from services.alerter.outbox.deciding import Decided, read_states, write_decided
from services.alerter.outbox.engine import Store, open_store
from services.alerter.outbox.silences import add_silence, end_silence, known_silences
from services.alerter.outbox.subscribers import remember
from services.alerter.outbox.tables import alerts, decisions, told_lately, waiting, waiting_incidents
from services.alerter.outbox.waiting import list_waiting, read_lately, waiting_by_reason
from services.alerter.policy.matching import compile_subscription
from services.alerter.policy.silencing import compile_silence
from services.alerter.rehearsal import Rehearsal
from services.alerter.releasing import Released, Releaser
from services.alerter.reloading import Reloader, load_audience
from services.alerter.taking import Take
from tests.alerter.fakes import Clock, eventually
from tests.alerter.incidents import KORU, NOON, incident, subscription

R = DecisionReason
DAY = QuietHours(start="08:00", end="18:00")
QUIET = compile_subscription(subscription(quiet_hours=(DAY,)))
EVENING = NOON + timedelta(hours=6)
EXTREME = {"severity": Severity(score=95, level=SeverityLevel.EXTREME)}


def revision(at: datetime, killed: int = 60, number: int = 1, **slots: Any) -> Revision:
    values = {"as_of": at, "independent_sources": 2} | slots
    headers = [("traceparent", b"00-" + b"1" * 32 + b"-" + b"2" * 16 + b"-01")]
    return Revision(incident(killed, number, **values), headers, at)


async def decide(store: Store, audience: Audience, one: Revision) -> list[Alert]:
    """Decide one revision as the reader does: what is told."""
    new, reasons = Decided(), Counter[DecisionReason]()
    async with store.transaction() as connection:
        states = await read_states(connection, [one.incident.incident_id], one.appended_at)
        lately = await read_lately(connection, audience.looking_back([one.incident]), one.appended_at)
        decide_revision(one, audience, states[one.incident.incident_id], new, reasons, lately)
        await write_decided(connection, new, states, one.appended_at)
    return [row.alert for row in new.alerts]


async def release(store: Store, audience: Audience, at: datetime) -> list[Alert]:
    """What is told of what is due at `at`."""
    released = await Releaser(store, audience, lambda: at).release()
    return [row.alert for row in released.decided.alerts]


async def count(store: Store, *tables: Any) -> list[int]:
    async with store.reading() as connection:
        return [await connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


async def test_what_waits_outlives_the_process_and_is_told_when_its_time_has_come(store_url: str) -> None:
    audience = Audience([QUIET])
    store = await open_store(store_url)
    assert await decide(store, audience, revision(NOON)) == []
    assert await decide(store, audience, revision(NOON + timedelta(minutes=5), 130, 2)) == []
    await store.close()

    store = await open_store(store_url)
    assert await release(store, audience, EVENING - timedelta(seconds=1)) == []
    (alert,) = await release(store, audience, EVENING)
    assert (alert.kind, alert.revision, alert.sequence, alert.number) == (AlertKind.ALERT, 2, 1, 1)
    assert await release(store, audience, EVENING) == []
    assert await count(store, waiting, waiting_incidents) == [0, 0]
    async with store.reading() as connection:
        rows = await connection.execute(select(decisions).order_by(decisions.c.position))
        found = [(row.revision, row.occasion, row.kind, row.reason) for row in rows]
    assert found == [(1, 0, None, "quiet_hours"), (2, 0, None, "quiet_hours"), (2, 1, "alert", "first_match")]
    await store.close()


async def test_a_released_alert_carries_the_trace_of_its_cause(store: Store) -> None:
    audience = Audience([QUIET])
    await decide(store, audience, revision(NOON))
    released = await Releaser(store, audience, lambda: EVENING).release()
    (row,) = released.decided.alerts
    assert row.traceparent.split("-")[1] == "1" * 32


async def test_a_released_alert_can_be_claimed_in_the_transaction_that_releases_it(store: Store) -> None:
    seen: list[tuple[int, set[str]]] = []

    @asynccontextmanager
    async def taking() -> AsyncIterator[Take]:
        async def take(
            connection: AsyncConnection, channels: Collection[str] | None = None, known: Sequence[Alert] = ()
        ) -> None:
            number = await connection.scalar(select(func.count()).select_from(alerts))
            seen.append((number or 0, set(channels or ())))

        yield take

    audience = Audience([QUIET])
    await decide(store, audience, revision(NOON))
    releaser = Releaser(store, audience, lambda: EVENING, taking=taking)
    await releaser.release()
    await releaser.release()
    assert seen == [(1, {QUIET.subscription.channel})]


async def test_what_was_decided_meanwhile_is_not_released_again(store: Store) -> None:
    audience = Audience([QUIET])
    await decide(store, audience, revision(NOON))
    assert len(await decide(store, audience, revision(NOON + timedelta(minutes=1), 60, 2, **EXTREME))) == 1
    assert await release(store, audience, EVENING) == []
    assert await count(store, waiting, waiting_incidents) == [0, 0]


async def test_who_has_left_is_not_told_what_waited_for_them(store: Store) -> None:
    await decide(store, Audience([QUIET]), revision(NOON))
    assert await release(store, Audience([]), EVENING) == []
    assert await count(store, waiting, waiting_incidents) == [0, 0]


async def test_what_waits_is_listed_with_its_reason_and_counted(store: Store) -> None:
    await decide(store, Audience([QUIET]), revision(NOON))
    async with store.reading() as connection:
        (one,) = await list_waiting(connection)
        assert await list_waiting(connection, [R.HELD]) == []
        assert await waiting_by_reason(connection) == {R.QUIET_HOURS: 1}
    assert (one.subscription, one.waiting.reason, one.waiting.due) == ("desk", R.QUIET_HOURS, EVENING)
    assert one.incident.incident_id == "inc-1"


def silence(**slots: Any) -> Silence:
    values = {"silence_id": "s1", "subscriptions": ("desk",), "starts": NOON, "until": NOON + timedelta(hours=2)}
    return Silence(**(values | {"author": "Ada", "reason": "Known."} | slots))


async def test_a_silence_that_is_ended_early_lets_go_what_it_kept_back(store: Store) -> None:
    asked = compile_subscription(subscription())
    async with store.transaction() as connection:
        await add_silence(connection, silence(), NOON)
    assert await decide(store, Audience([asked], silences=[compile_silence(silence())]), revision(NOON)) == []
    later = NOON + timedelta(minutes=10)
    async with store.transaction() as connection:
        assert await end_silence(connection, "s1", "Bo", later)
        assert not await end_silence(connection, "s1", "Bo", later)
        assert await known_silences(connection, later) == []
        (kept,) = await known_silences(connection)
    assert (kept.ended_by, kept.ended_at, kept.over(later), kept.in_force(later)) == ("Bo", later, True, False)
    assert len(await release(store, Audience([asked]), later)) == 1


async def test_the_loop_tells_what_becomes_due_and_says_how_much_waits(store: Store) -> None:
    await decide(store, Audience([QUIET]), revision(NOON))
    clock, stop, waits = Clock(), asyncio.Event(), []
    done: list[Released] = []
    releaser = Releaser(store, Audience([QUIET]), clock, released=done.append, waits=waits.append)
    task = asyncio.create_task(releaser.run(stop))
    await eventually(lambda: bool(waits))
    assert (waits[0], done) == ({R.QUIET_HOURS: 1}, [])
    clock.at = EVENING
    releaser.wake()
    await eventually(lambda: bool(done) and waits[-1] == {})
    stop.set()
    await task
    assert done[0].reasons == {R.FIRST_MATCH: 1}


async def test_a_change_of_subscriptions_or_silences_is_taken_up_while_running(store: Store) -> None:
    async with store.transaction() as connection:
        await remember(connection, [subscription(name="one")], NOON)
    audience, version = await load_audience(store, ["console"], NOON)
    assert [one.subscription.name for one in audience.subscriptions] == ["one"]
    changed: list[Audience] = []
    reloader = Reloader(store, ["console"], lambda: NOON, version, changed.append)
    assert not await reloader.look()

    async with store.transaction() as connection:
        await remember(connection, [subscription(name="two", killed_at_least=5)], NOON, "Ada")
    assert await reloader.look()
    async with store.transaction() as connection:
        await add_silence(connection, silence(), NOON)
    assert await reloader.look()
    async with store.transaction() as connection:
        await end_silence(connection, "s1", "Ada", NOON + timedelta(minutes=1))
    assert await reloader.look()
    assert not await reloader.look()
    assert [[one.subscription.name for one in audience.subscriptions] for audience in changed] == [["two"]] * 3
    assert [len(audience.silences) for audience in changed] == [0, 1, 0]


STORY = [
    (0, "a", 60, 1, {}),
    (3, "b", 55, 1, {}),
    (5, "c", 1500, 1, {"independent_sources": 1}),
    (9, "a", 130, 2, {}),
    (12, "b", 20, 2, {}),
    (30, "d", 70, 1, {"place": KORU.model_copy(update={"lat": 14.1})}),
    (55, "a", 40, 3, {"status": IncidentStatus.RETRACTED}),
    (70, "b", 220, 3, EXTREME),
    (400, "c", 1400, 2, {"independent_sources": 1}),
]
ASKED = [
    subscription(name="quiet", killed_at_least=50, quiet_hours=(DAY,)),
    subscription(name="digest", digest=Digest(at="13:00"), urgent_from=SeverityLevel.EXTREME),
    subscription(name="capped", alerts_per_hour=1),
    subscription(name="grouped", group_by=(GroupKey.COUNTRY,), group_minutes=20),
    subscription(name="held", hold=Hold()),
    subscription(name="inhibiting", inhibit=Inhibition()),
]


async def told_by_the_store(store: Store, audience: Audience, revisions: Sequence[Revision]) -> list[Alert]:
    found: list[Alert] = []
    at = NOON
    for one in revisions:
        while at < one.appended_at:
            at = min(at + timedelta(minutes=1), one.appended_at)
            found += await release(store, audience, at)
        found += await decide(store, audience, one)
    for _ in range(30):
        at += timedelta(hours=1)
        found += await release(store, audience, at)
    return found


async def test_the_store_and_a_rehearsal_without_one_tell_the_same(sqlite_store: Store) -> None:
    audience = Audience([compile_subscription(one) for one in ASKED])
    revisions = [
        revision(NOON + timedelta(minutes=after), killed, number, incident_id=identity, **slots)
        for after, identity, killed, number, slots in STORY
    ]
    told = await told_by_the_store(sqlite_store, audience, revisions)
    rehearsal = Rehearsal(audience)
    for one in revisions:
        rehearsal.read(one)
    rehearsal.release(NOON + timedelta(days=2))

    def gist(alerts: list[Alert]) -> list[tuple[str, str, int, str, str]]:
        return sorted((one.subscription, one.incident_id, one.revision, one.kind, one.headline) for one in alerts)

    assert gist(told) == gist([alert for _, alert in rehearsal.told])
    assert len(told) > 20
    async with sqlite_store.reading() as connection:
        left = await list_waiting(connection)
    assert {(one.subscription, one.incident.incident_id) for one in left} == {
        (name, identity) for name, identity, _ in rehearsal.waiting
    }
    assert (await count(sqlite_store, told_lately))[0] > 0
