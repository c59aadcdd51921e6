"""The API of subscriptions."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Header, Query

from schemas import SubscriptionRecord
from services.console.answers import ChangeList, DryRun, SubscriptionList, TrialAnswer
from services.console.asking import Limit, SubscriptionName
from services.console.desk import Fault, FaultyError
from services.console.dry_run import dry_run
from services.console.parts import Parts

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
Author = Annotated[
    str,
    Header(alias="Tocsin-Author", min_length=1, max_length=100, description="Who changes it; kept with it."),
]


def subscriptions_api(parts: Parts) -> APIRouter:
    """`/subscriptions` and what is below, but for its alerts."""
    router = APIRouter(prefix="/subscriptions", tags=["subscriptions"])
    desk = parts.desk

    @router.get("", operation_id="list_subscriptions", summary="Every subscription, and the channels that there are")
    async def list_subscriptions() -> SubscriptionList:
        """Also those that have left, which are still told what takes back something that they were told."""
        return SubscriptionList(subscriptions=tuple(await desk.subscriptions()), channels=dict(desk.channels()))

    @router.post("", status_code=201, operation_id="create_subscription", summary="A new subscription")
    async def create_subscription(written: Written, author: Author) -> SubscriptionRecord:
        """In force as soon as the alerter has taken it up, within seconds. Every mistake is named by its field."""
        return await desk.keep(desk.read_subscription(written), author, new=True)

    @router.post("/dry-run", operation_id="try_subscription", summary="What a draft would have been told of")
    async def try_subscription(
        written: Written,
        days: Annotated[int, Query(ge=1, le=3650, description="Back from the newest incident's clock.")] = 30,
    ) -> DryRun:
        """Nothing is kept or sent."""
        return await dry_run(parts, desk.read_subscription(written), days)

    @router.get("/{name}", operation_id="get_subscription", summary="One subscription")
    async def get_subscription(name: SubscriptionName) -> SubscriptionRecord:
        """With its warnings and the number of its newest alert."""
        return await desk.subscription(name)

    @router.put("/{name}", operation_id="change_subscription", summary="Change a subscription")
    async def change_subscription(name: SubscriptionName, written: Written, author: Author) -> SubscriptionRecord:
        """The whole of it: a field that is left out is no condition any more."""
        subscription = desk.read_subscription({"name": name} | written)
        if subscription.name != name:
            raise FaultyError([Fault("name", f"must be {name}, as in the address; a name never changes")])
        return await desk.keep(subscription, author, new=False)

    @router.delete("/{name}", status_code=204, operation_id="remove_subscription", summary="Take a subscription out")
    async def remove_subscription(name: SubscriptionName, author: Author) -> None:
        """It is told nothing new, and still every correction and cancel of what it was told."""
        await desk.remove(name, author)

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
