"""The HTTP API."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from schemas import Alert, IncidentStatus
from tests.alerter.incidents import NOON, incident, subscription
from tests.alerter.outboxes import rising
from tests.console.conftest import Console

DESK = subscription(killed_at_least=1)


def errors(answer: httpx.Response) -> dict[str, str]:
    assert answer.headers["Content-Type"] == "application/problem+json"
    return {one["field"]: one["message"] for one in answer.json()["errors"]}


async def test_incidents_come_in_pages_with_a_headline(console: Console, client: httpx.AsyncClient) -> None:
    await console.see(*(incident(incident_id=f"inc-{n}", as_of=NOON + timedelta(hours=n)) for n in range(3)))
    first = (await client.get("/api/v1/incidents", params={"limit": 2, "severity_at_least": "severe"})).json()
    rest = (await client.get("/api/v1/incidents", params={"limit": 2, "cursor": first["next_cursor"]})).json()
    assert [one["incident_id"] for one in first["incidents"] + rest["incidents"]] == ["inc-2", "inc-1", "inc-0"]
    assert rest["next_cursor"] is None
    assert first["incidents"][0]["headline"].startswith("At least 60 soldiers killed in an attack on an army post")


async def test_one_incident_comes_whole_and_a_merged_one_resolves(console: Console, client: httpx.AsyncClient) -> None:
    merged = incident(incident_id="old 1", status=IncidentStatus.MERGED, merged_into="inc-1")
    await console.see(incident(), merged)
    answer = (await client.get("/api/v1/incidents/old%201")).json()
    assert (answer["incident"]["incident_id"], answer["resolved_from"]) == ("inc-1", ["old 1"])
    assert answer["merged_here"] == ["old 1"]
    assert answer["incident"]["claims"][0]["evidence"][0]["quote"] == "60 soldiers died"
    assert (await client.get("/api/v1/incidents/nothing")).status_code == 404


async def test_a_parameter_that_is_wrong_is_named(client: httpx.AsyncClient) -> None:
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"limit": 0}, "limit"),
        ({"limit": 10_000}, "limit"),
        ({"type": "picnic"}, "type[0]"),
        ({"severity_at_least": "awful"}, "severity_at_least"),
        ({"since": "yesterday"}, "since"),
        ({"since": "2031-01-01T00:00:00"}, "since"),
        ({"cursor": "made-up"}, "cursor"),
    ]
    for params, field in wrong:
        answer = await client.get("/api/v1/incidents", params=params)
        assert answer.status_code == 422
        assert list(errors(answer)) == [field]


async def test_who_was_told_of_an_incident_is_told_with_what_was_decided(
    console: Console, client: httpx.AsyncClient
) -> None:
    (one,) = rising("inc-1", 1)
    same = one.model_copy(update={"revision": 2})
    await console.see(same)
    (alert,) = await console.tell(DESK, one, same)
    answer = (await client.get("/api/v1/incidents/inc-1/alerts")).json()
    assert [record["alert"]["alert_id"] for record in answer["alerts"]] == [alert.alert_id]
    assert [(one["revision"], one["kind"]) for one in answer["decisions"]] == [(2, None), (1, "alert")]


async def test_alerts_are_read_on_by_number_until_nothing_is_missing(
    console: Console, client: httpx.AsyncClient
) -> None:
    pushed = await console.tell(DESK, *rising("inc-1", 3), *rising("inc-2", 2))
    after, got = 0, []
    while True:
        page = (await client.get("/api/v1/subscriptions/desk/alerts", params={"after": after, "limit": 2})).json()
        got += page["alerts"]
        after = page["next_after"]
        if after == page["last_number"]:
            break
    assert [Alert.model_validate(record["alert"]) for record in got] == pushed
    assert [record["number"] for record in got] == [1, 2, 3, 4, 5]
    assert (await client.get("/api/v1/subscriptions/desk/alerts/4")).json()["alert"]["alert_id"] == pushed[3].alert_id
    for wrong in ("6", "0", "-1", str(2**70)):
        assert (await client.get(f"/api/v1/subscriptions/desk/alerts/{wrong}")).status_code == 409
    assert (await client.get("/api/v1/subscriptions/nobody/alerts")).status_code == 404


async def test_an_alert_is_found_by_the_id_that_its_channel_was_given(
    console: Console, client: httpx.AsyncClient
) -> None:
    (alert,) = await console.tell(DESK, incident())
    answer = (await client.get(f"/api/v1/alerts/{alert.alert_id}")).json()
    assert (answer["record"]["status"], answer["attempts"]) == ("pending", [])
    assert (await client.get("/api/v1/alerts/alert_none")).status_code == 404
    assert (await client.get("/api/v1/deliveries")).json() == {"deliveries": [], "next_before": None}


async def test_a_subscription_that_is_wrong_is_refused_by_its_field(client: httpx.AsyncClient) -> None:
    wrong: list[tuple[dict[str, Any], str, str]] = [
        ({"name": "x", "channel": "console", "killed_at_leat": 5}, "killed_at_leat", "did you mean killed_at_least?"),
        ({"name": "x"}, "channel", "is missing"),
        ({"name": "x", "channel": "fax"}, "channel", "there is no channel fax; there are: console"),
        ({"name": "X!", "channel": "console"}, "name", "does not have the form"),
        ({"name": "x", "channel": "console", "killed_at_least": "5"}, "killed_at_least", "write figures"),
        ({"name": "x", "channel": "console", "regions": ["ML", "atlantis"]}, "regions[1]", "no region atlantis"),
        ({"name": "x", "channel": "console", "where": "killed >"}, "where", ""),
        ({"name": "x", "channel": "console", "types": ["picnic"]}, "types[0]", "picnic"),
    ]
    for written, field, said in wrong:
        answer = await client.post("/api/v1/subscriptions", json=written, headers={"Tocsin-Author": "test"})
        assert answer.status_code == 422
        assert said in errors(answer)[field]


async def test_a_change_without_an_author_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/v1/subscriptions", json={"name": "x", "channel": "console"})
    assert list(errors(answer)) == ["Tocsin-Author"]


async def test_a_subscription_is_made_changed_and_taken_out_and_every_change_is_kept_with_its_author(
    console: Console, client: httpx.AsyncClient
) -> None:
    written = {"name": "night-desk", "channel": "console", "killed_at_least": 10}
    made = await client.post("/api/v1/subscriptions", json=written, headers={"Tocsin-Author": "Awa"})
    assert (made.status_code, made.json()["origin"]) == (201, "api")
    again = await client.post("/api/v1/subscriptions", json=written, headers={"Tocsin-Author": "Awa"})
    assert again.status_code == 409
    address = "/api/v1/subscriptions/night-desk"
    changed = await client.put(address, json={"channel": "console"}, headers={"Tocsin-Author": "Ben"})
    assert changed.json()["subscription"]["killed_at_least"] is None, "what is left out is no condition any more"
    assert "every incident" in changed.json()["warnings"][0]
    renamed = await client.put(address, json=written | {"name": "other"}, headers={"Tocsin-Author": "Ben"})
    assert (renamed.status_code, list(errors(renamed))) == (422, ["name"])
    assert (await client.delete(address, headers={"Tocsin-Author": "Awa"})).status_code == 204
    for method, path in (("DELETE", address), ("PUT", address), ("DELETE", "/api/v1/subscriptions/nobody")):
        gone = await client.request(method, path, json=written, headers={"Tocsin-Author": "Awa"})
        assert gone.status_code == 404, (method, path)
    changes = (await client.get(f"{address}/changes")).json()["changes"]
    assert [(one["author"], one["subscription"] is None) for one in changes] == [
        ("Awa", True),
        ("Ben", False),
        ("Awa", False),
    ]
    back = await client.post("/api/v1/subscriptions", json=written, headers={"Tocsin-Author": "Awa"})
    assert back.status_code == 201


async def test_what_stands_in_the_file_is_changed_there(console: Console, client: httpx.AsyncClient) -> None:
    await console.tell(DESK)
    for method in ("PUT", "DELETE"):
        answer = await client.request(
            method, "/api/v1/subscriptions/desk", json={"channel": "console"}, headers={"Tocsin-Author": "Awa"}
        )
        assert answer.status_code == 409
        assert "rules/subscriptions.yaml" in answer.json()["detail"]


async def test_a_dry_run_says_what_would_have_been_told_and_when(console: Console, client: httpx.AsyncClient) -> None:
    days = [NOON, NOON + timedelta(hours=2), NOON + timedelta(days=4)]
    await console.see(
        *(incident(60, incident_id=f"inc-{n}", as_of=at) for n, at in enumerate(days)),
        incident(3, incident_id="small", as_of=NOON),
        incident(90, incident_id="long-ago", as_of=NOON - timedelta(days=60)),
    )
    draft = {"name": "draft", "channel": "console", "killed_at_least": 50}
    answer = (await client.post("/api/v1/subscriptions/dry-run", json=draft)).json()
    assert (answer["looked_at"], answer["whole"], answer["matched"]) == (4, True, 3)
    assert answer["per_day"] == {"2031-05-04": 2, "2031-05-08": 1}
    assert answer["matches"][0]["because"] == "At least 60 killed, and 50 or more are asked for."
    everything = {"name": "draft", "channel": "console"}
    warned = (await client.post("/api/v1/subscriptions/dry-run", json=everything)).json()
    assert "every incident" in " ".join(warned["warnings"])
    assert (await client.get("/api/v1/subscriptions/draft")).status_code == 404, "nothing is kept"


async def test_a_test_message_goes_out_by_the_channel(
    console: Console, client: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    await console.tell(DESK)
    answer = await client.post("/api/v1/subscriptions/desk/test")
    assert answer.json() == {"channel": "console", "outcome": "accepted", "reason": ""}
    assert "TEST" in capsys.readouterr().out
    assert (await client.get("/api/v1/subscriptions/desk")).json()["last_number"] == 0


async def test_while_the_store_does_not_answer_the_api_says_so_and_when_to_ask_again(
    console: Console, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from services.alerter.outbox.engine import Store, StoreUnavailableError

    def down(self: Store) -> None:
        raise StoreUnavailableError("it is being mended")

    monkeypatch.setattr(Store, "reading", down)
    await console.see(incident())
    answer = await client.get("/api/v1/subscriptions")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "it is being mended" in answer.json()["detail"]
    assert (await client.get("/api/v1/incidents")).status_code == 200
    page = await client.get("/incidents/inc-1")
    assert page.status_code == 200
    assert "does not answer now" in page.text


async def test_a_fault_of_the_consoles_own_shows_no_trace(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    from services.console.incident_view import IncidentView

    async def broken(self: IncidentView, *_: object) -> None:
        raise RuntimeError("a secret thing")

    monkeypatch.setattr(IncidentView, "page", broken)
    transport = httpx.ASGITransport(console.app(), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        for path in ("/api/v1/incidents", "/"):
            with capture_logs() as logged:
                answer = await client.get(path)
            assert answer.status_code == 500
            assert "secret" not in answer.text
            assert [line["event"] for line in logged] == ["request_fault"]


async def test_the_document_that_is_served_is_the_one_that_is_checked_in(client: httpx.AsyncClient) -> None:
    from pathlib import Path

    served = (await client.get("/openapi.json")).json()
    assert served == json.loads((Path(__file__).parents[2] / "schemas/openapi.json").read_text())
    assert served["openapi"].startswith("3.1")
    for path, methods in served["paths"].items():
        for operation in methods.values():
            assert operation["summary"], path
            assert operation["operationId"], path


@pytest.mark.parametrize(
    "path",
    [
        "/deliveries?before={n}", "/subscriptions/desk?before={n}", "/ledger/desk?before={n}",
        "/feeds/desk/alerts.atom?before={n}",
        "/api/v1/ledger/desk?before={n}", "/api/v1/deliveries?before={n}", "/api/v1/incidents?killed_at_least={n}",
        "/api/v1/subscriptions/desk/alerts?after={n}", "/api/v1/subscriptions/desk/alerts/{n}",
    ],
)  # fmt: skip
async def test_a_number_beyond_what_the_store_holds_is_refused_and_no_fault(
    console: Console, client: httpx.AsyncClient, path: str
) -> None:
    await console.tell(DESK, incident())
    for number in (2**63, 2**70, 10**300):
        answer = await client.get(path.format(n=number))
        assert 400 <= answer.status_code < 500, (path, number)
    refused = await client.post(
        "/api/v1/waiting/desk/inc-1/release", json={"revision": 2**70, "reason": "x"}, headers={"Tocsin-Author": "a"}
    )
    assert refused.status_code == 422
