"""Pages on which a subscription is made, changed and taken out. Nothing is kept before its difference was shown."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from schemas import IncidentType, SeverityLevel, Subscription, SubscriptionRecord
from services.console.conditions import difference
from services.console.desk import ConflictError, Fault, FaultyError, StaleError, UnknownError
from services.console.dry_run import dry_run
from services.console.forms import Sent, as_fields, kept_fields, sent_by, written_again, written_of
from services.console.parts import Parts
from services.console.showing import Pages

DAYS = 30
"""How far back a draft is tried on the incidents that there are."""
Name = Annotated[str, Query(max_length=64)]


def subscription_pages(parts: Parts, pages: Pages) -> APIRouter:
    """`/subscription-form` and `/subscription-end`."""
    router = APIRouter()
    desk = parts.desk

    def form(request: Request, fields: dict[str, Any], **state: Any) -> Response:
        values = {"changes": "", "version": 0, "author": "", "faults": ()} | state
        return pages.page(
            request,
            "subscription_form.html",
            fields=fields,
            channels=desk.channels(),
            severities=list(SeverityLevel),
            types=sorted(IncidentType),
            **values,
        )

    async def preview(request: Request, written: dict[str, Any], changes: str, author: str, seen: int) -> Response:
        subscription = desk.read_subscription(written)
        before = await _there(parts, changes) if changes else None
        if changes and before is None:
            raise UnknownError(f"There is no subscription {changes} any more.")
        if changes and subscription.name != changes:
            raise FaultyError([Fault("name", f"must be {changes}; a name never changes")])
        if not changes and await _there(parts, subscription.name) is not None:
            raise FaultyError([Fault("name", f"there is a subscription {subscription.name} already")])
        return pages.page(
            request,
            "subscription_preview.html",
            subscription=subscription,
            written=json.dumps(subscription.model_dump(mode="json", exclude_defaults=True)),
            rows=difference(None if before is None else before.subscription, subscription),
            changes=changes,
            version=before.version if before is not None else 0,
            author=author,
            warnings=desk.warnings(subscription),
            trial=await dry_run(parts, subscription, DAYS),
            days=DAYS,
            meanwhile=before is not None and before.version != seen,
        )

    @router.get("/subscription-form")
    async def ask(request: Request, name: Name = "") -> Response:
        if not name:
            return form(request, as_fields(None))
        record = await desk.subscription(name)
        _refuse_foreign(record)
        return form(request, as_fields(record.subscription), changes=name, version=record.version)

    @router.post("/subscription-form")
    async def show(request: Request) -> Response:
        sent = await sent_by(request)
        changes, who = sent.one("changes"), sent.one("author")
        try:
            author = sent.author()
            return await preview(request, written_of(sent), changes, author, _version(sent))
        except FaultyError as error:
            seen = sent.one("version")
            page = form(request, kept_fields(sent), changes=changes, version=seen, author=who, faults=error.faults)
            page.status_code = 422
            return page

    @router.post("/subscription-form/keep")
    async def keep(request: Request) -> Response:
        sent = await sent_by(request)
        written, changes, author = written_again(sent.one("written")), sent.one("changes"), sent.author()
        subscription = desk.read_subscription(written)
        if sent.one("do") == "back":
            return form(request, as_fields(subscription), changes=changes, version=_version(sent), author=author)
        if changes and subscription.name != changes:
            raise FaultyError([Fault("name", f"must be {changes}; a name never changes")])
        try:
            await desk.keep(subscription, author, new=not changes, version=_version(sent) if changes else None)
        except StaleError:
            page = await preview(request, written, changes, author, _version(sent))
            page.status_code = 412
            return page
        return RedirectResponse(f"/subscriptions/{subscription.name}", status_code=303)

    @router.get("/subscription-end")
    async def ask_end(request: Request, name: Name) -> Response:
        record = await desk.subscription(name)
        _refuse_foreign(record)
        return pages.page(request, "subscription_end.html", record=record)

    @router.post("/subscription-end")
    async def end(request: Request) -> Response:
        sent = await sent_by(request)
        await desk.remove(sent.one("name"), sent.author(), _version(sent))
        return RedirectResponse("/subscriptions", status_code=303)

    return router


async def _there(parts: Parts, name: str) -> SubscriptionRecord | None:
    """The subscription of that name that has not left; None where there is none."""
    try:
        record = await parts.desk.subscription(name)
    except UnknownError:
        return None
    return record if record.left_at is None else None


def _refuse_foreign(record: SubscriptionRecord) -> None:
    one: Subscription = record.subscription
    if record.left_at is not None:
        raise ConflictError(f"The subscription {one.name} has left: make it anew.")
    if record.origin == "file":
        raise ConflictError(
            f"The subscription {one.name} stands in rules/subscriptions.yaml: change it there, and call "
            "`tocsin subscriptions apply`."
        )


def _version(sent: Sent) -> int:
    version = sent.number("version")
    return 0 if version is None else version
