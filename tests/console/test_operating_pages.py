"""Silences, what is held, and the ledger, on pages and by the API."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from sqlalchemy import update

from schemas import Digest, Hold, Incident
from services.alerter.channels.contract import ACCEPTED
from services.alerter.delivering import outcome_of
from services.alerter.outbox.claiming import Room, claim_due
from services.alerter.outbox.settling import Settlement, settle_all
from services.alerter.outbox.tables import ledger
from services.alerter.releasing import Releaser
from services.alerter.reloading import load_audience
from tests.alerter.incidents import NOON, incident, subscription
from tests.console.conftest import Console
from tests.console.test_pages import HOSTILE, page, text_of

AWA = {"Tocsin-Author": "Awa"}
HELD = subscription(name="desk", killed_at_least=1, hold=Hold())


def terrible(revision: int = 1) -> Incident:
    return incident(4000 + revision, revision, as_of=NOON, history=())


async def delivered(console: Console) -> None:
    """Everything that is due is accepted."""
    async with console.store.transaction() as connection:
        claims = await claim_due(connection, Room({"console": 99}), NOON, NOON + timedelta(minutes=2))
        settlements = []
        for one in claims:
            delivery, status = outcome_of(one, ACCEPTED, NOON, NOON)
            settlements.append(Settlement(one, delivery, status, ACCEPTED))
        await settle_all(connection, settlements)


async def released(console: Console) -> list[Any]:
    """What the alerter tells when it looks for what is due."""
    audience, _ = await load_audience(console.store, {"console"}, NOON)
    done = await Releaser(console.store, audience, lambda: NOON + timedelta(minutes=1)).release()
    return [row.alert for row in done.decided.alerts]


async def test_a_silence_is_made_listed_and_ended_by_forms(client: httpx.AsyncClient) -> None:
    made = await client.post(
        "/silences",
        data={"channel": "console", "until": "4h", "reason": f"Moving {HOSTILE[:20]}", "author": "Awa"},
    )
    assert made.status_code == 303
    shown = await page(client, "/silences")
    (card,) = shown.cssselect("li.card")
    assert "in force" in text_of(card)
    assert "channels console" in text_of(card)
    assert not card.cssselect("script, img")
    (silence,) = (await client.get("/api/v1/silences")).json()["silences"]
    assert (silence["silence"]["author"], silence["state"]) == ("Awa", "in_force")
    identity = card.cssselect("input[name=silence_id]")[0].get("value")
    assert (await client.post("/silences/end", data={"silence_id": identity, "author": "Ben"})).status_code == 303
    assert not (await page(client, "/silences")).cssselect("li.card")
    (over,) = (await client.get("/api/v1/silences?over=true")).json()["silences"]
    assert (over["state"], over["ended_by"]) == ("over", "Ben")
    assert (await client.post("/silences/end", data={"silence_id": identity, "author": "Ben"})).status_code == 404


async def test_a_silence_that_is_wrong_is_named_by_its_field_and_nothing_is_kept(client: httpx.AsyncClient) -> None:
    right = {"regions": ["ML"], "until": "2h", "reason": "Known"}
    for wrong, field in (
        ({"until": "tomorrow"}, "until"),
        ({"until": "99999d"}, None),
        ({"until": "9999-12-31T23:59:59-14:00"}, "until"),
        ({"until": "99999d", "starts": "9999-12-30T00:00:00Z"}, "until"),
        ({"until": "2001-01-01T00:00:00Z", "starts": "2000-01-01T00:00:00Z"}, "until"),
        ({"regions": ["Atlantis"]}, "regions[0]"),
        ({"channels": ["nowhere"]}, "channels"),
        ({"where": "kiled > 3"}, "where"),
        ({"regions": []}, ""),
        ({"reason": ""}, "reason"),
        ({"unknown": 1}, "unknown"),
    ):
        answer = await client.post("/api/v1/silences", json=right | wrong, headers=AWA)
        if field is None:
            assert answer.status_code == 201
            await client.delete(f"/api/v1/silences/{answer.json()['silence']['silence_id']}", headers=AWA)
            continue
        assert answer.status_code == 422, wrong
        assert [one["field"] for one in answer.json()["errors"]] == [field]
    assert (await client.get("/api/v1/silences")).json()["silences"] == []
    assert (await client.post("/api/v1/silences", json=right)).status_code == 422


async def test_what_is_held_is_shown_and_told_once_an_operator_releases_it(
    console: Console, client: httpx.AsyncClient
) -> None:
    assert await console.tell(HELD, terrible()) == []
    shown = await page(client, "/waiting")
    (card,) = shown.cssselect("li.card")
    assert "held" in text_of(card)
    assert "one source alone tells of it" in text_of(card)
    sent = {one.get("name"): one.get("value") for one in card.cssselect("input[type=hidden]")}
    assert (await client.post("/waiting/release", data=sent | {"author": "Awa"})).status_code == 422
    assert await released(console) == []
    done = await client.post("/waiting/release", data=sent | {"author": "Awa", "reason": "Confirmed by phone"})
    assert done.status_code == 303
    assert "Released by Awa" in text_of(await page(client, "/waiting"))
    (alert,) = await released(console)
    assert "Awa released it: Confirmed by phone." in alert.because
    assert (await client.get("/api/v1/waiting")).json()["waiting"] == []


async def test_a_release_is_of_the_revision_that_was_looked_at_alone(
    console: Console, client: httpx.AsyncClient
) -> None:
    await console.tell(HELD, terrible(1))
    address = "/api/v1/waiting/desk/inc-1/release"
    await console.tell(HELD, terrible(2))
    stale = await client.post(address, json={"revision": 1, "reason": "Confirmed"}, headers=AWA)
    assert stale.status_code == 412
    assert (await client.post(address, json={"revision": 2, "reason": "Confirmed"}, headers=AWA)).status_code == 202
    # News that comes before it is told was vouched for by nobody.
    await console.tell(HELD, terrible(3))
    assert await released(console) == []
    (waits,) = (await client.get("/api/v1/waiting")).json()["waiting"]
    assert (waits["reason"], waits["revision"], waits["releasable"]) == ("held", 3, True)


async def test_what_waits_for_another_reason_cannot_be_released(console: Console, client: httpx.AsyncClient) -> None:
    now = datetime.now(UTC)
    quiet = subscription(name="desk", killed_at_least=1, digest=Digest(at="08:00"))
    await console.tell(quiet, incident(60, as_of=now))
    (waits,) = (await client.get("/api/v1/waiting")).json()["waiting"]
    assert (waits["reason"], waits["releasable"]) == ("digest", False)
    assert not (await page(client, "/waiting")).cssselect("form")
    answer = await client.post("/api/v1/waiting/desk/inc-1/release", json={"revision": 1, "reason": "x"}, headers=AWA)
    assert answer.status_code == 412


async def test_the_ledger_is_shown_and_a_link_that_does_not_hold_is_named(
    console: Console, client: httpx.AsyncClient
) -> None:
    await console.tell(subscription(killed_at_least=1), *(incident(60, incident_id=f"inc-{n}") for n in range(3)))
    await delivered(console)
    (head,) = (await client.get("/api/v1/ledger")).json()["ledgers"]
    assert (head["subscription"], head["entries"]) == ("desk", 3)
    first = (await client.get("/api/v1/ledger/desk?limit=2")).json()
    rest = (await client.get(f"/api/v1/ledger/desk?before={first['next_before']}")).json()
    assert [one["sequence"] for one in first["entries"] + rest["entries"]] == [3, 2, 1]
    assert first["entries"][0]["digest"] == head["digest"]
    assert (await client.get("/api/v1/ledger/desk/check")).json()["whole"] is True
    assert "Whole: all 3 links hold" in text_of(await page(client, "/ledger/desk?check=true"))
    async with console.store.transaction() as connection:
        await connection.execute(update(ledger).where(ledger.c.sequence == 2).values(entry="{}"))
    broken = (await client.get("/api/v1/ledger/desk/check")).json()
    assert (broken["whole"], broken["entries"]) == (False, 1)
    shown = text_of(await page(client, "/ledger/desk?check=true"))
    assert "Broken after 1 entry. Entry 2 was edited" in shown
    assert (await client.get("/api/v1/ledger/nobody/check")).status_code == 404


async def test_attempts_are_shown_for_one_channel_or_subscription(console: Console, client: httpx.AsyncClient) -> None:
    await console.tell(subscription(killed_at_least=1), incident(60))
    await delivered(console)
    for query, number in (("", 1), ("?channel=console", 1), ("?channel=other", 0), ("?subscription=desk", 1),
                          ("?subscription=other", 0), (f"?channel={HOSTILE[:30]}", 0)):  # fmt: skip
        shown = await page(client, f"/deliveries{query}")
        assert len(shown.cssselect("section[aria-labelledby=attempts] li.told")) == number, query
