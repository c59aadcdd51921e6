"""The API of those who operate it: silences, what is not told yet, and the ledger."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from schemas import IncidentType, LedgerCheck, SilenceRecord
from services.console.answers import LedgerList, LedgerPage, SilenceList, WaitList
from services.console.asking import LARGEST_NUMBER, Author, IncidentId, Limit, SilenceId, SubscriptionName
from services.console.parts import Parts


class NewSilence(BaseModel):
    """A silence that somebody asks for: what meets all that is stated waits until it ends, and is then told as it
    stands. Corrections and cancels are never silenced. Maintenance of a channel is a silence of that channel."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    subscriptions: tuple[str, ...] = ()
    """Names of subscriptions; all where left out."""
    channels: tuple[str, ...] = ()
    """Names of channels; all where left out."""
    incidents: tuple[str, ...] = ()
    """Ids of incidents; all where left out."""
    regions: tuple[str, ...] = ()
    """Regions, country codes or divisions that hold the place; everywhere where left out."""
    types: tuple[IncidentType, ...] = ()
    """Types of incident; all where left out."""
    where: str | None = Field(default=None, max_length=10_000)
    """A CEL condition over the incident's variables."""
    starts: str | None = Field(default=None, max_length=60)
    """When it begins, ISO 8601 with a zone; now where left out."""
    until: str = Field(max_length=60, examples=["2h"])
    """When it ends, likewise; or 90m, 2h, 3d after it begins."""
    reason: str = Field(min_length=1, max_length=1000)
    """Why, for whoever finds that something was not told."""


class NewRelease(BaseModel):
    """Somebody vouches for what is held."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    revision: int = Field(ge=1, lt=2**31)
    """The incident's revision that was looked at."""
    reason: str = Field(min_length=1, max_length=1000)
    """Why it may be told; whoever is told reads it."""


def operating_api(parts: Parts) -> APIRouter:
    """`/silences`, `/waiting` and `/ledger`."""
    router = APIRouter()
    desk = parts.desk

    @router.get(
        "/silences", operation_id="list_silences", summary="Silences and maintenance windows", tags=["silences"]
    )
    async def list_silences(
        over: Annotated[bool, Query(description="Those that are over too.")] = False,
    ) -> SilenceList:
        """Those in force and to come."""
        return SilenceList(silences=tuple(await desk.silences(over=over)))

    @router.post(
        "/silences", status_code=201, operation_id="add_silence", summary="Silence something", tags=["silences"]
    )
    async def add_silence(written: NewSilence, author: Author) -> SilenceRecord:
        """In force as soon as the alerter has taken it up, within seconds."""
        values = written.model_dump(exclude={"starts", "until"})
        return await desk.add_silence(values, written.starts, written.until, author)

    @router.delete(
        "/silences/{silence_id}",
        status_code=204,
        operation_id="end_silence",
        summary="End a silence before its time",
        tags=["silences"],
    )
    async def end_silence(silence_id: SilenceId, author: Author) -> None:
        """What waited for it is told as it stands."""
        await desk.end_silence(silence_id, author)

    @router.get("/waiting", operation_id="list_waiting", summary="What is not told yet, and why", tags=["waiting"])
    async def list_waiting(limit: Limit = 100) -> WaitList:
        """Held for a second source, silenced, or left for a time."""
        return WaitList(waiting=tuple(await desk.waits(limit)))

    @router.post(
        "/waiting/{subscription}/{incident_id}/release",
        status_code=202,
        operation_id="release_held",
        summary="Release what is held",
        tags=["waiting"],
    )
    async def release_held(
        subscription: SubscriptionName, incident_id: IncidentId, written: NewRelease, author: Author
    ) -> None:
        """Told within seconds, where nothing else keeps it. Only what is held for a second source can be released, and
        only the revision that was looked at: 412 where there is news."""
        await desk.release(subscription, incident_id, written.revision, author, written.reason)

    @router.get("/ledger", operation_id="list_ledgers", summary="The ledger of every subscription", tags=["ledger"])
    async def list_ledgers() -> LedgerList:
        """With the digest that proves all of it."""
        return LedgerList(ledgers=tuple(await desk.ledgers()))

    @router.get("/ledger/{subscription}", operation_id="read_ledger", summary="Entries of a ledger", tags=["ledger"])
    async def read_ledger(
        subscription: SubscriptionName,
        before: Annotated[int | None, Query(ge=1, le=LARGEST_NUMBER, description="`next_before` of a page.")] = None,
        limit: Limit = 50,
    ) -> LedgerPage:
        """Every attempt, the newest first."""
        found = await desk.ledger_before(subscription, before, limit)
        more = found[-1].sequence if found and found[-1].sequence > 1 else None
        return LedgerPage(entries=tuple(found), next_before=more)

    @router.get(
        "/ledger/{subscription}/check", operation_id="check_ledger", summary="Check every link", tags=["ledger"]
    )
    async def check_ledger(subscription: SubscriptionName) -> LedgerCheck:
        """Names the first link that does not hold."""
        return await desk.check_ledger(subscription)

    return router
