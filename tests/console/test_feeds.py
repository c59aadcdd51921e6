"""A subscription's alerts as feeds, read by a feed reader."""

from __future__ import annotations

from typing import Any

import feedparser
import httpx
from lxml import etree

from schemas import ArticleRef, Incident, IncidentStatus
from services.console.feeds import ATOM, PER_PAGE
from tests.alerter.incidents import NOON, exactly, incident, subscription
from tests.alerter.outboxes import rising
from tests.console.conftest import Console

DESK = subscription(killed_at_least=1)
ATOM_FEED, JSON_FEED = "/feeds/desk/alerts.atom", "/feeds/desk/alerts.json"


def parsed(answer: httpx.Response) -> Any:
    found = feedparser.parse(answer.content, response_headers={"content-type": answer.headers["content-type"]})
    assert not found.bozo, found.get("bozo_exception")
    assert found.version == "atom10"
    return found


def story() -> list[Incident]:
    """An alert, its correction, its cancel."""
    return [
        incident(60, 1),
        incident(exactly(24), 2),
        incident(exactly(24), 3, status=IncidentStatus.RETRACTED),
    ]


async def test_both_feeds_have_the_ids_and_numbers_that_the_channel_was_given(
    console: Console, client: httpx.AsyncClient
) -> None:
    pushed = await console.tell(DESK, *story())
    expected = [(f"urn:tocsin:alert:{one.alert_id}", one.number) for one in reversed(pushed)]
    atom = parsed(await client.get(ATOM_FEED))
    assert [(one.id, int(one.tocsin_number)) for one in atom.entries] == expected
    answer = await client.get(JSON_FEED)
    assert answer.headers["Content-Type"] == "application/feed+json"
    feed = answer.json()
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert [(one["id"], one["_tocsin"]["number"]) for one in feed["items"]] == expected
    assert [one.title for one in atom.entries] == [one["title"] for one in feed["items"]]
    assert [one["_tocsin"]["kind"] for one in feed["items"]] == ["cancel", "correction", "alert"]


async def test_what_was_corrected_or_cancelled_stays_and_leads_to_what_replaced_it(
    console: Console, client: httpx.AsyncClient
) -> None:
    first, second, third = await console.tell(DESK, *story())
    atom = parsed(await client.get(ATOM_FEED))

    def links(entry: Any) -> dict[str, str]:
        return {link.rel: link.href for link in entry.links}

    newest, middle, oldest = (links(entry) for entry in atom.entries)
    assert oldest["successor-version"].endswith(f"/api/v1/alerts/{second.alert_id}")
    assert middle["predecessor-version"].endswith(f"/api/v1/alerts/{first.alert_id}")
    assert middle["successor-version"].endswith(f"/api/v1/alerts/{third.alert_id}")
    assert "successor-version" not in newest
    for address in (oldest["successor-version"], newest["predecessor-version"]):
        assert (await client.get(address)).json()["record"]["alert"]["subscription"] == "desk"


async def test_older_alerts_are_on_the_next_pages_until_the_first(console: Console, client: httpx.AsyncClient) -> None:
    await console.tell(DESK, *(one for number in range(PER_PAGE + 3) for one in rising(f"inc-{number}", 1)))
    seen: list[int] = []
    address = ATOM_FEED
    while address:
        atom = parsed(await client.get(address))
        assert atom.feed.links
        seen += [int(one.tocsin_number) for one in atom.entries]
        address = next((link.href for link in atom.feed.links if link.rel == "next"), "")
    assert seen == list(range(PER_PAGE + 3, 0, -1))


async def test_a_reader_that_has_the_newest_is_told_that_nothing_is_new(
    console: Console, client: httpx.AsyncClient
) -> None:
    await console.tell(DESK, incident())
    for address in (ATOM_FEED, JSON_FEED):
        tag = (await client.get(address)).headers["ETag"]
        again = await client.get(address, headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")
    tag = (await client.get(ATOM_FEED)).headers["ETag"]
    await console.tell(DESK, *rising("inc-2", 1))
    assert (await client.get(ATOM_FEED, headers={"If-None-Match": tag})).status_code == 200


async def test_an_article_puts_nothing_into_a_feed_but_text(console: Console, client: httpx.AsyncClient) -> None:
    hostile = "</title><script>alert(1)</script>&lol; ]]> \x00\x0b\ud800\ufffe"
    source = ArticleRef(article_id="a1", title=hostile.replace("\ud800", ""), source="<b>x</b>", published_at=NOON)
    await console.tell(DESK, incident(sources=(source,)))
    answer = await client.get(ATOM_FEED)
    root = etree.fromstring(answer.content)
    names = {element.tag for element in root.iter()}
    assert all(name.startswith((f"{{{ATOM}}}", "{urn:tocsin:feed:1}")) for name in names)
    (entry,) = parsed(answer).entries
    assert "<script>" in entry.content[0].value
    assert entry.content[0].type == "text/plain"
    assert (await client.get(JSON_FEED)).json()["items"][0]["content_text"]


async def test_a_feed_of_a_subscription_without_alerts_is_valid_and_of_nobody_is_not_found(
    console: Console, client: httpx.AsyncClient
) -> None:
    await console.tell(DESK)
    assert parsed(await client.get(ATOM_FEED)).entries == []
    assert (await client.get(JSON_FEED)).json()["items"] == []
    assert (await client.get("/feeds/nobody/alerts.atom")).status_code == 404
