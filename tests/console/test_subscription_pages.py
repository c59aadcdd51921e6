"""Making, changing and taking out a subscription by forms, without any script."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from schemas import Circle, Digest, GroupKey, Hold, IncidentType, Inhibition, QuietHours, SeverityLevel, Subscription
from services.console.conditions import difference
from services.console.desk import FaultyError
from services.console.forms import Sent, as_fields, written_of
from tests.alerter.incidents import NOON, incident, subscription
from tests.console.conftest import Console
from tests.console.test_pages import HOSTILE, text_of

API = {"Tocsin-Author": "Awa"}
DRAFT = {"name": "night-desk", "channel": "console", "killed_at_least": "50", "regions": "sahel, ML", "author": "Awa"}


def shown(answer: httpx.Response) -> html.HtmlElement:
    return html.document_fromstring(answer.text)


def hidden(answer: httpx.Response) -> dict[str, str]:
    """What the page's own button sends."""
    return {one.get("name"): one.get("value") for one in shown(answer).cssselect("form.form input[type=hidden]")}


async def kept(client: httpx.AsyncClient, fields: Mapping[str, Any]) -> httpx.Response:
    """A draft, looked at and kept."""
    looked = await client.post("/subscription-form", data=dict(fields))
    assert looked.status_code == 200, looked.text
    return await client.post("/subscription-form/keep", data=hidden(looked) | {"do": "keep"})


async def test_a_subscription_is_kept_only_after_its_difference_was_shown(
    console: Console, client: httpx.AsyncClient
) -> None:
    await console.see(incident(60, as_of=NOON), incident(3, incident_id="small", as_of=NOON - timedelta(days=1)))
    looked = await client.post("/subscription-form", data=DRAFT)
    whole = text_of(shown(looked).cssselect("main")[0])
    assert "Nothing is kept yet" in whole
    assert "killed at least50" in whole
    assert "1 of 2 incidents" in whole
    assert (await client.get("/api/v1/subscriptions/night-desk")).status_code == 404
    done = await client.post("/subscription-form/keep", data=hidden(looked) | {"do": "keep"})
    assert (done.status_code, done.headers["Location"]) == (303, "/subscriptions/night-desk")
    record = (await client.get("/api/v1/subscriptions/night-desk")).json()
    assert (record["subscription"]["killed_at_least"], record["subscription"]["regions"]) == (50, ["sahel", "ML"])
    changes = (await client.get("/api/v1/subscriptions/night-desk/changes")).json()["changes"]
    assert changes[0]["author"] == "Awa"


async def test_what_is_probably_not_meant_is_said_before_it_is_kept(client: httpx.AsyncClient) -> None:
    looked = await client.post("/subscription-form", data={"name": "all", "channel": "console", "author": "Awa"})
    (warning,) = shown(looked).cssselect(".warning")
    assert "every incident" in text_of(warning)


async def test_what_is_wrong_is_named_by_its_field_and_what_was_typed_stays(client: httpx.AsyncClient) -> None:
    wrong = DRAFT | {
        "regions": "sahel, Atlantis",
        "wounded_at_least": "many",
        "where": HOSTILE,
        "more": "quiet_hours: [",
        "author": "",
    }
    for said, mended in (("author", "author"), ("wounded at least", "wounded_at_least"), ("more", "more"),
                         ("regions[1]", "regions"), ("where", "where")):  # fmt: skip
        answer = await client.post("/subscription-form", data=wrong)
        assert answer.status_code == 422
        page = shown(answer)
        assert said in text_of(page.cssselect("#faults")[0])
        assert page.cssselect("#name")[0].get("value") == "night-desk"
        assert not page.cssselect("main script, main img")
        wrong |= {mended: {"author": "Awa", "regions": "sahel"}.get(mended, "")}
    assert (await client.post("/subscription-form", data=wrong)).status_code == 200


async def test_of_two_who_change_one_the_later_sees_what_the_other_did_and_nothing_is_lost(
    client: httpx.AsyncClient,
) -> None:
    await kept(client, DRAFT)
    forms = [await client.get("/subscription-form?name=night-desk") for _ in range(2)]
    first, second = (hidden(one) for one in forms)
    assert first["version"] == second["version"] != "0"
    looked = [
        await client.post("/subscription-form", data=DRAFT | own | {"killed_at_least": least, "author": who})
        for own, least, who in ((first, "60", "Ben"), (second, "70", "Cleo"))
    ]
    done = await client.post("/subscription-form/keep", data=hidden(looked[0]) | {"do": "keep"})
    assert done.status_code == 303
    refused = await client.post("/subscription-form/keep", data=hidden(looked[1]) | {"do": "keep"})
    assert refused.status_code == 412
    assert "Somebody has changed it" in text_of(shown(refused))
    (row,) = shown(refused).cssselect("table.diff tbody tr")
    assert [text_of(cell) for cell in row] == ["killed at least", "60", "70"]
    assert (await client.get("/api/v1/subscriptions/night-desk")).json()["subscription"]["killed_at_least"] == 60
    again = await client.post("/subscription-form/keep", data=hidden(refused) | {"do": "keep"})
    assert again.status_code == 303


async def test_a_change_by_the_api_from_an_old_version_is_refused(client: httpx.AsyncClient) -> None:
    written = {"name": "desk", "channel": "console", "killed_at_least": 5}
    made = await client.post("/api/v1/subscriptions", json=written, headers=API)
    old = made.headers["ETag"]
    newer = await client.put("/api/v1/subscriptions/desk", json=written | {"killed_at_least": 6}, headers=API)
    assert newer.headers["ETag"] != old
    for method in ("PUT", "DELETE"):
        for tag in (old, '"nonsense"', '"99999999999999999999"'):
            lost = await client.request(
                method, "/api/v1/subscriptions/desk", json=written, headers=API | {"If-Match": tag}
            )
            assert lost.status_code == 412, (method, tag)
    assert (await client.get("/api/v1/subscriptions/desk")).json()["subscription"]["killed_at_least"] == 6
    right = await client.put(
        "/api/v1/subscriptions/desk", json=written, headers=API | {"If-Match": newer.headers["ETag"]}
    )
    assert right.status_code == 200


async def test_taking_one_out_asks_first_and_goes_by_the_version_that_was_seen(client: httpx.AsyncClient) -> None:
    await kept(client, DRAFT)
    asked = hidden(await client.get("/subscription-end?name=night-desk"))
    await client.put("/api/v1/subscriptions/night-desk", json={"channel": "console", "killed_at_least": 9}, headers=API)
    assert (await client.post("/subscription-end", data=asked | {"author": "Ben"})).status_code == 412
    asked = hidden(await client.get("/subscription-end?name=night-desk"))
    assert (await client.post("/subscription-end", data=asked | {"author": "Ben"})).status_code == 303
    assert (await client.get("/api/v1/subscriptions/night-desk")).json()["left_at"] is not None


async def test_what_stands_in_the_file_has_no_form(console: Console, client: httpx.AsyncClient) -> None:
    await console.tell(subscription(killed_at_least=1))
    for path in ("/subscription-form?name=desk", "/subscription-end?name=desk"):
        answer = await client.get(path)
        assert answer.status_code == 409
        assert "rules/subscriptions.yaml" in answer.text
    page = shown(await client.get("/subscriptions/desk"))
    assert not page.cssselect("a[href*='subscription-form']")


async def test_a_form_of_another_site_is_refused(client: httpx.AsyncClient) -> None:
    for path in ("/subscription-form", "/subscription-form/keep", "/subscription-end", "/silences", "/waiting/release"):
        for origin in ("https://evil.example", "null"):
            answer = await client.post(path, data=DRAFT, headers={"Origin": origin, "Sec-Fetch-Site": "cross-site"})
            assert answer.status_code == 403


@pytest.mark.parametrize(
    "body",
    [b"\xff\xfe", b"written=%ff&do=keep&author=a", b"&".join(b"a=1" for _ in range(300)), b"written={&author=a",
     b"written=[]&author=a", b"written=" + b"[" * 50_000 + b"&author=a", b"\x00" * 100],
)  # fmt: skip
async def test_what_is_no_form_of_ours_is_refused_without_a_fault(client: httpx.AsyncClient, body: bytes) -> None:
    for path in ("/subscription-form", "/subscription-form/keep", "/subscription-end", "/silences", "/silences/end",
                 "/waiting/release"):  # fmt: skip
        answer = await client.post(path, content=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
        assert 400 <= answer.status_code < 500, (path, answer.status_code)
        assert "Traceback" not in answer.text


def test_aliases_that_stand_for_millions_are_refused() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [f"{b}: &{b} [{', '.join(['*' + a] * 9)}]" for a, b in zip("abcdefg", "bcdefgh", strict=True)]
    with pytest.raises(FaultyError, match="aliases"):
        written_of(Sent({"more": ["\n".join(lines)]}))


def test_what_has_a_place_of_its_own_is_not_written_below_too() -> None:
    with pytest.raises(FaultyError, match="killed_at_least has a field of its own"):
        written_of(Sent({"name": ["a"], "more": ["killed_at_least: 5"]}))


subscriptions = st.builds(
    Subscription,
    name=st.just("desk"),
    channel=st.just("console"),
    regions=st.lists(st.sampled_from(["sahel", "ML", "ML Mopti"]), max_size=2, unique=True).map(tuple),
    circles=st.sampled_from([(), (Circle(lat=1.5, lon=-2, radius_km=30),)]),
    types=st.lists(st.sampled_from([IncidentType.FLOOD, IncidentType.FIRE]), max_size=2, unique=True).map(tuple),
    severity_at_least=st.none() | st.sampled_from(SeverityLevel),
    killed_at_least=st.none() | st.integers(1, 10**6),
    outlets=st.sampled_from([(), ("AFP", "koru.example")]),
    where=st.sampled_from([None, "killed > 3", 'place == "Koru, Mali"']),
    time_zone=st.sampled_from(["UTC", "Africa/Bamako"]),
    quiet_hours=st.sampled_from([(), (QuietHours(start="22:00", end="06:00"), QuietHours(start="12:00", end="13:00"))]),
    digest=st.sampled_from([None, Digest(at="08:00")]),
    group_by=st.sampled_from([(), (GroupKey.COUNTRY,)]),
    urgent_from=st.sampled_from(SeverityLevel),
    hold=st.sampled_from([None, Hold(), Hold(killed_from=10, minutes=5)]),
    inhibit=st.sampled_from([None, Inhibition(radius_km=5)]),
    expires=st.sampled_from([None, NOON]),
    test=st.booleans(),
)


@given(subscriptions)
def test_a_subscription_goes_through_its_form_unchanged(one: Subscription) -> None:
    sent = {name: value if isinstance(value, list) else [value] for name, value in as_fields(one).items()}
    again = Subscription.model_validate_json(json.dumps(written_of(Sent(sent))))
    assert again == one
    assert difference(one, again) == []
