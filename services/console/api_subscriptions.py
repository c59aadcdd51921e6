"""The API of subscriptions."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Header, Query, Response

from schemas import SubscriptionRecord
from services.console.answers import ChangeList, DryRun, SubscriptionList, TrialAnswer
from services.console.asking import Author, Limit, SubscriptionName
from services.console.desk import Fault, FaultyError, StaleError
from services.console.dry_run import dry_run
from services.console.parts import Parts
from services.console.problems import Problem

Written = Annotated[
    dict[str, Any],
    Body(
        description="A subscription, as one entry of `subscriptions` in rules/subscriptions.yaml "
        "(schemas/json/subscriptions.json, `Subscription`).",
        openapi_examples={
            "mass-casualty": {
                "summary": "Fifty dead or more, anywhere",
                "value": {"name": "mass-casualty", "channel": "console", "killed_at_least": 50},
            }
        },
    ),
]
IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        max_length=40,
        description="The `ETag` of what the change was made from: where somebody has changed it since, nothing is kept "
        "and the answer is 412. Left out, the change is made whatever stands there.",
    ),
]
STALE: dict[int | str, dict[str, Any]] = {
    409: {"model": Problem, "description": "It is written elsewhere, or its name is taken"},
    412: {"model": Problem, "description": "Somebody has changed it meanwhile"},
}


def subscriptions_api(parts: Parts) -> APIRouter:
    """`/subscriptions` and what is below, but for its alerts."""
    router = APIRouter(prefix="/subscriptions", tags=["subscriptions"])
    desk = parts.desk

    @router.get("", operation_id="list_subscriptions", summary="Every subscription, and the channels that there are")
    async def list_subscriptions() -> SubscriptionList:
        """Also those that have left, which are still told what takes back something that they were told."""
        return SubscriptionList(subscriptions=tuple(await desk.subscriptions()), channels=dict(desk.channels()))

    @router.post("", status_code=201, operation_id="create_subscription", summary="A new subscription", responses=STALE)
    async def create_subscription(written: Written, author: Author, response: Response) -> SubscriptionRecord:
        """In force as soon as the alerter has taken it up, within seconds. Every mistake is named by its field."""
        return _tagged(await desk.keep(desk.read_subscription(written), author, new=True), response)

    @router.post("/dry-run", operation_id="try_subscription", summary="What a draft would have been told of")
    async def try_subscription(
        written: Written,
        days: Annotated[int, Query(ge=1, le=3650, description="Back from the newest incident's clock.")] = 30,
    ) -> DryRun:
        """Nothing is kept or sent."""
        return await dry_run(parts, desk.read_subscription(written), days)

    @router.get("/{name}", operation_id="get_subscription", summary="One subscription")
    async def get_subscription(name: SubscriptionName, response: Response) -> SubscriptionRecord:
        """With its warnings, the number of its newest alert, and its version as `ETag`."""
        return _tagged(await desk.subscription(name), response)

    @router.put("/{name}", operation_id="change_subscription", summary="Change a subscription", responses=STALE)
    async def change_subscription(
        name: SubscriptionName, written: Written, author: Author, response: Response, if_match: IfMatch = None
    ) -> SubscriptionRecord:
        """The whole of it: a field that is left out is no condition any more."""
        subscription = desk.read_subscription({"name": name} | written)
        if subscription.name != name:
            raise FaultyError([Fault("name", f"must be {name}, as in the address; a name never changes")])
        version = _version(if_match)
        return _tagged(await desk.keep(subscription, author, new=False, version=version), response)

    @router.delete(
        "/{name}",
        status_code=204,
        operation_id="remove_subscription",
        summary="Take a subscription out",
        responses=STALE,
    )
    async def remove_subscription(name: SubscriptionName, author: Author, if_match: IfMatch = None) -> None:
        """It is told nothing new, and still every correction and cancel of what it was told."""
        await desk.remove(name, author, _version(if_match))

    @router.get("/{name}/changes", operation_id="list_changes", summary="Every change of it, the newest first")
    async def list_changes(name: SubscriptionName, limit: Limit = 50) -> ChangeList:
        """What it was changed to, by whom and when."""
        await desk.subscription(name)
        return ChangeList(changes=tuple(await desk.changes(name, limit)))

    @router.post("/{name}/test", operation_id="test_subscription", summary="Send a message marked as a test")
    async def test_subscription(name: SubscriptionName) -> TrialAnswer:
        """By the subscription's channel, once, and outside its count."""
        trial = await desk.send_test(name)
        return TrialAnswer(channel=trial.channel, outcome=trial.outcome, reason=trial.reason)

    return router


def _tagged(record: SubscriptionRecord, response: Response) -> SubscriptionRecord:
    response.headers["ETag"] = f'"{record.version}"'
    return record


def _version(if_match: str | None) -> int | None:
    """The version that an If-Match names; None where any will do. Raises StaleError for a tag that none ever had."""
    tag = "*" if if_match is None else if_match.strip()
    if tag == "*":
        return None
    inner = tag.removeprefix('"').removesuffix('"')
    if not (inner.isascii() and inner.isdigit() and len(inner) < 19):
        raise StaleError(f"If-Match is {tag[:40]}, which is no ETag of a subscription.")
    return int(inner)
