"""Sending again what was given up: in order, with the same id, and never against what was told since."""

from __future__ import annotations

from datetime import timedelta

import pytest

from schemas import AlertKind, AlertStatus, DeliveryOutcome, IncidentStatus
from services.alerter.channels.contract import ChannelAnswer
from services.alerter.outbox.claiming import Claimed
from services.alerter.outbox.engine import Store
from services.alerter.outbox.redriving import Redriven, dead_since, redrive
from services.alerter.outbox.settling import Settlement, settle_all
from tests.alerter.incidents import NOON
from tests.alerter.outbox.test_delivering import ended
from tests.alerter.outbox.test_giving_way import FIFTY, TEN, Desk


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store, "inc-1", FIFTY)


async def bury(desk: Desk, claimed: Claimed | None = None, answer: DeliveryOutcome = DeliveryOutcome.DEAD) -> str:
    """Give up the next alert, or `claimed`, after an attempt that ended in `answer`: its id."""
    claimed = claimed or await desk.claim()
    assert claimed is not None
    delivery = ended(claimed, DeliveryOutcome.DEAD)
    async with desk.store.transaction() as connection:
        await settle_all(connection, [Settlement(claimed, delivery, AlertStatus.DEAD, ChannelAnswer(answer))])
    return claimed.alert.alert_id


async def again(desk: Desk, *alert_ids: str) -> Redriven:
    async with desk.store.transaction() as connection:
        return await redrive(connection, alert_ids, desk.now)


async def test_what_was_given_up_is_sent_again_with_its_id_and_its_number(desk: Desk) -> None:
    (alert,) = await desk.learn(60)
    identity = await bury(desk)
    assert (await again(desk, identity)).put_back == [identity]
    claimed = await desk.claim()
    assert claimed is not None
    assert claimed.alert.model_copy(update={"number": None}) == alert.model_copy(update={"number": None})
    # The schedule of retries begins anew; the attempts are counted on.
    assert (claimed.attempt, claimed.tries) == (2, 1)


async def test_all_that_is_dead_about_the_incident_goes_along_in_order(desk: Desk) -> None:
    await desk.learn(60)
    await desk.learn(120)
    first, second = await bury(desk), await bury(desk)
    assert (await again(desk, second)).put_back == [first, second]
    await desk.drain()
    assert [one.revision for one in desk.seen] == [1, 2]


async def test_what_the_subscriber_was_told_something_newer_than_gives_way(desk: Desk) -> None:
    await desk.learn(60)
    await desk.learn(120)
    first = await bury(desk)
    await desk.drain()
    (given,) = (await again(desk, first)).given_way
    assert given.because.startswith("Its subscriber was told revision 2 since")
    await desk.drain()
    assert [one.revision for one in desk.seen] == [2]
    await desk.learn(250)
    await desk.drain()
    assert (desk.seen[-1].sequence, desk.seen[-1].supersedes) == (3, (1,))


async def test_a_newer_revision_decided_since_tells_what_holds_instead(desk: Desk) -> None:
    await desk.learn(60)
    identity = await bury(desk)
    (newer,) = await desk.learn(120)
    assert (newer.kind, newer.told_before, newer.supersedes) == (AlertKind.ALERT, None, (1,))
    (left,) = (await again(desk, identity)).left
    assert left.because == "It is superseded."


async def test_a_cancel_of_what_was_given_up_unseen_is_silent(desk: Desk) -> None:
    await desk.learn(60)
    await bury(desk)
    assert await desk.learn(60, IncidentStatus.RETRACTED) == []
    assert await desk.told() == {}


async def test_what_was_given_up_and_may_have_arrived_is_cancelled(desk: Desk) -> None:
    await desk.learn(60)
    await bury(desk, answer=DeliveryOutcome.SENT_UNKNOWN)
    (cancel,) = await desk.learn(60, IncidentStatus.RETRACTED)
    assert cancel.kind is AlertKind.CANCEL


async def test_where_the_lane_has_moved_past_it_it_takes_the_next_number_and_names_its_old_one(store: Store) -> None:
    desk = Desk(store, "inc-1", FIFTY, TEN)
    await desk.learn(60)
    dead = await bury(desk)
    await desk.drain()
    assert [one.sequence for one in desk.seen] == [2]
    assert (await again(desk, dead)).put_back == [dead]
    await desk.drain()
    last = desk.seen[-1]
    assert (last.alert_id, last.sequence, last.supersedes) == (dead, 3, (1,))
    await desk.learn(120)
    await desk.drain()
    assert [one.sequence for one in desk.seen] == [2, 3, 4, 5]


async def test_one_that_waits_is_due_at_once_and_its_automatic_attempt_is_that_one(desk: Desk) -> None:
    (alert,) = await desk.learn(60)
    await desk.attempt(DeliveryOutcome.RETRY)
    assert await desk.claim() is None
    assert (await again(desk, alert.alert_id)).brought_forward == [alert.alert_id]
    assert await desk.attempt(DeliveryOutcome.ACCEPTED)
    desk.now += timedelta(hours=1)
    assert await desk.claim() is None


async def test_one_that_is_being_sent_delivered_or_unknown_stays_as_it_is(desk: Desk) -> None:
    (alert,) = await desk.learn(60)
    claimed = await desk.claim()
    assert claimed is not None
    (sending,) = (await again(desk, alert.alert_id)).left
    await desk.settle(claimed, DeliveryOutcome.ACCEPTED)
    (delivered, unknown) = sorted((await again(desk, alert.alert_id, "alert_0")).left, key=lambda one: one.because)
    assert [one.because for one in (sending, delivered, unknown)] == [
        "It is being sent at this moment.",
        "It is delivered.",
        "There is no such alert.",
    ]


async def test_what_was_given_up_since_a_time_is_found_by_channel(desk: Desk) -> None:
    await desk.learn(60)
    identity = await bury(desk)
    async with desk.store.reading() as connection:
        assert await dead_since(connection, "a", NOON) == [identity]
        assert await dead_since(connection, "a", NOON + timedelta(seconds=1)) == []
        assert await dead_since(connection, "b", NOON) == []


async def test_a_cancel_behind_the_alert_that_is_given_up_unseen_is_silent(desk: Desk) -> None:
    await desk.learn(60)
    sending = await desk.claim()
    (cancel,) = await desk.learn(60, IncidentStatus.RETRACTED)
    assert cancel.kind is AlertKind.CANCEL
    await bury(desk, sending)
    await desk.drain()
    assert (desk.seen, await desk.told()) == ([], {})


async def test_a_cancel_behind_an_update_that_is_given_up_goes_to_whoever_heard_the_alert(desk: Desk) -> None:
    await desk.learn(60)
    await desk.drain()
    await desk.learn(120)
    sending = await desk.claim()
    await desk.learn(60, IncidentStatus.RETRACTED)
    await bury(desk, sending)
    await desk.drain()
    assert [one.kind for one in desk.seen] == [AlertKind.ALERT, AlertKind.CANCEL]
