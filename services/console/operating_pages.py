"""Pages of those who operate it: silences, what is not told yet, and the ledger."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from schemas import IncidentType, LedgerCheck, LedgerEntry
from services.console.asking import LARGEST_NUMBER, SubscriptionName
from services.console.desk import ConflictError, Fault, FaultyError
from services.console.forms import Sent, sent_by
from services.console.parts import Parts
from services.console.showing import Pages

PER_PAGE = 50
MOST_WAITING = 200
LONGEST_REASON = 1000
SILENCE_LISTS = ("subscriptions", "channels", "incidents", "regions")


def operating_pages(parts: Parts, pages: Pages) -> APIRouter:
    """`/silences`, `/waiting` and `/ledger`."""
    router = APIRouter()
    desk = parts.desk

    async def silences_page(
        request: Request, fields: dict[str, Any], faults: tuple[Fault, ...] = (), *, over: bool = False
    ) -> Response:
        return pages.page(
            request,
            "silences.html",
            silences=await desk.silences(over=over),
            over=over,
            fields=fields,
            faults=faults,
            channels=desk.channels(),
            types=sorted(IncidentType),
        )

    @router.get("/silences")
    async def silences(
        request: Request,
        over: bool = False,
        incident: Annotated[str, Query(max_length=200)] = "",
        subscription: Annotated[str, Query(max_length=64)] = "",
    ) -> Response:
        fields = _silence_fields(Sent({"incidents": [incident], "subscriptions": [subscription]}))
        return await silences_page(request, fields, over=over)

    @router.post("/silences")
    async def add_silence(request: Request) -> Response:
        sent = await sent_by(request)
        written: dict[str, Any] = {name: tuple(sent.listed(name)) for name in SILENCE_LISTS}
        written |= {"types": tuple(sent.all("types")), "where": sent.one("where") or None, "reason": sent.one("reason")}
        try:
            if sent.all("channel"):
                written["channels"] = tuple(sent.all("channel"))
            await desk.add_silence(written, sent.one("starts") or None, sent.one("until"), sent.author())
        except FaultyError as error:
            page = await silences_page(request, _silence_fields(sent), error.faults)
            page.status_code = 422
            return page
        return RedirectResponse("/silences", status_code=303)

    @router.post("/silences/end")
    async def end_silence(request: Request) -> Response:
        sent = await sent_by(request)
        await desk.end_silence(sent.one("silence_id"), sent.author())
        return RedirectResponse("/silences", status_code=303)

    @router.get("/waiting")
    async def waiting(request: Request) -> Response:
        return pages.page(request, "waiting.html", waits=await desk.waits(MOST_WAITING), most=MOST_WAITING)

    @router.post("/waiting/release")
    async def release(request: Request) -> Response:
        sent = await sent_by(request)
        reason = sent.one("reason")
        if not reason or len(reason) > LONGEST_REASON:
            raise FaultyError([Fault("reason", f"write why it may be told, in at most {LONGEST_REASON} characters")])
        revision = sent.number("revision") or 0
        await desk.release(sent.one("subscription"), sent.one("incident_id"), revision, sent.author(), reason)
        return RedirectResponse("/waiting", status_code=303)

    @router.get("/ledger")
    async def ledgers(request: Request) -> Response:
        return pages.page(request, "ledgers.html", ledgers=await desk.ledgers())

    @router.get("/ledger/{subscription}")
    async def ledger(
        request: Request,
        subscription: SubscriptionName,
        before: Annotated[int | None, Query(ge=1, le=LARGEST_NUMBER)] = None,
        check: bool = False,
    ) -> Response:
        entries: tuple[LedgerEntry, ...] = ()
        fault = ""
        try:
            entries = tuple(await desk.ledger_before(subscription, before, PER_PAGE))
        except ConflictError as error:
            # What is no entry any more is just what somebody has come to see.
            fault = str(error)
        checked: LedgerCheck | None = await desk.check_ledger(subscription) if check else None
        return pages.page(
            request,
            "ledger.html",
            subscription=subscription,
            entries=entries,
            fault=fault,
            checked=checked,
            older=entries[-1].sequence if entries and entries[-1].sequence > 1 else None,
        )

    return router


def _silence_fields(sent: Sent) -> dict[str, Any]:
    names = (*SILENCE_LISTS, "where", "starts", "until", "reason", "author")
    return {name: sent.one(name) for name in names} | {"types": sent.all("types"), "channel": sent.all("channel")}
