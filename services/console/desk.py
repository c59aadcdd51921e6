"""What the console asks of the rest of Tocsin: the alerter's records, its words, and changes of subscriptions.

The console imports no other service. The command line hands it something that does all this (services/cli/desk.py), and
tests hand it something smaller.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from schemas import (
    AlertKind,
    AlertRecord,
    ClaimKind,
    DecisionReason,
    DecisionRecord,
    DeliveryOutcome,
    DeliveryRecord,
    Figure,
    Incident,
    LedgerCheck,
    LedgerEntry,
    LedgerRecord,
    OutboxState,
    SilenceRecord,
    Subscription,
    SubscriptionChange,
    SubscriptionRecord,
    WaitRecord,
)


class UnavailableError(Exception):
    """The alerter's store does not answer, or is not there yet. The same can be asked again later."""


class UnknownError(Exception):
    """There is no such thing."""


class ConflictError(Exception):
    """What was asked does not go with what there is, such as a second subscription of one name."""


class StaleError(ConflictError):
    """What was asked goes by something that has changed meanwhile."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake in a subscription that somebody wrote."""

    field: str
    """Where it is, as `regions[1]`; empty for the whole."""
    message: str
    """What is wrong and what to write instead."""


class FaultyError(Exception):
    """A subscription that cannot be used."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(f"{fault.field}: {fault.message}" for fault in faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class TollWords:
    """One figure of a toll in words."""

    kind: ClaimKind
    words: str
    """`at least 60`, `between 24 and 40`."""
    low: int | None
    high: int | None
    said_by: tuple[str, ...]
    """Who says so, the first few."""


@dataclass(frozen=True, slots=True)
class IncidentWords:
    """An incident as a reader is told of it."""

    headline: str
    place: str
    """Empty where no place is known."""
    tolls: tuple[TollWords, ...]


@dataclass(frozen=True, slots=True)
class WouldTell:
    """What a subscription would be told of one incident as it stands."""

    incident: Incident
    kind: AlertKind | None
    reason: DecisionReason
    because: str
    headline: str


@dataclass(frozen=True, slots=True)
class Trial:
    """How a test message fared."""

    channel: str
    outcome: DeliveryOutcome
    reason: str


class Desk(Protocol):
    """Everything that pages and API show besides incidents. What reads the store raises UnavailableError."""

    def words(self, incident: Incident) -> IncidentWords:
        """`incident` in words."""

    def figure(self, figure: Figure | None) -> str:
        """A number of people in words: `at least 60`, `between 24 and 40`."""

    def plain(self, text: str) -> str:
        """`text` of an article on one line, without characters that control a terminal or turn the direction of
        writing."""

    def channels(self) -> Mapping[str, str]:
        """Channel to its kind, without addresses or secrets."""

    def read_subscription(self, written: Mapping[str, Any]) -> Subscription:
        """A subscription as somebody wrote it. Raises FaultyError naming each field that is wrong."""

    def warnings(self, subscription: Subscription) -> tuple[str, ...]:
        """What is allowed and probably not meant, a sentence each."""

    def would_tell(self, subscription: Subscription, incidents: Iterable[Incident]) -> list[WouldTell]:
        """What `subscription` would be told of `incidents`, one each, were it told for the first time."""

    async def subscriptions(self) -> list[SubscriptionRecord]:
        """Every subscription that there is or was, by name."""

    async def subscription(self, name: str) -> SubscriptionRecord:
        """The subscription of that name. Raises UnknownError."""

    async def changes(self, name: str, limit: int) -> list[SubscriptionChange]:
        """Its changes, the newest first."""

    async def keep(
        self, subscription: Subscription, author: str, *, new: bool, version: int | None = None
    ) -> SubscriptionRecord:
        """Keep `subscription`, which the alerter then goes by.

        Raises ConflictError where it is to be `new` and its name is taken, or where it is written elsewhere;
        UnknownError where it is to be changed and is not there; StaleError where it is not of `version` any more.
        """

    async def remove(self, name: str, author: str, version: int | None = None) -> None:
        """Take a subscription out. Raises UnknownError, ConflictError where it is written elsewhere, and StaleError
        where it is not of `version` any more."""

    async def silences(self, *, over: bool) -> list[SilenceRecord]:
        """Silences in force and to come, with those that are over too where `over`; the newest first."""

    async def add_silence(
        self, written: Mapping[str, Any], starts: str | None, until: str, author: str
    ) -> SilenceRecord:
        """Silence what `written` names, from `starts` (now where None) until `until`. Raises FaultyError naming each
        field that is wrong."""

    async def end_silence(self, silence_id: str, author: str) -> None:
        """End a silence before its time. Raises UnknownError where there is none that is not over."""

    async def waits(self, limit: int) -> list[WaitRecord]:
        """What subscriptions are not told yet, what is due first coming first."""

    async def release(self, subscription: str, incident_id: str, revision: int, author: str, because: str) -> None:
        """Have what is held be told. Raises StaleError where it is not held, or not in that revision, any more."""

    async def ledgers(self) -> list[LedgerRecord]:
        """The ledger of every subscription, by name."""

    async def ledger_before(self, subscription: str, sequence: int | None, limit: int) -> list[LedgerEntry]:
        """The newest entries of a ledger before `sequence` (all where None), in descending order."""

    async def check_ledger(self, subscription: str) -> LedgerCheck:
        """Whether every link of a ledger holds. Raises UnknownError where there is none, ConflictError where it is too
        long to be checked while somebody waits."""

    async def send_test(self, name: str) -> Trial:
        """Send a message marked as a test by the subscription's channel. Raises UnknownError."""

    async def alerts_after(self, subscription: str, number: int, limit: int) -> list[AlertRecord]:
        """Its alerts after `number`, in ascending order."""

    async def alerts_before(self, subscription: str, number: int | None, limit: int) -> list[AlertRecord]:
        """Its newest alerts before `number` (all where None), in descending order."""

    async def alerts_about(self, incident_ids: Collection[str], limit: int) -> list[AlertRecord]:
        """Who was told what about these incidents, the newest first."""

    async def alert(self, alert_id: str) -> AlertRecord:
        """The alert of that id. Raises UnknownError."""

    async def dead_alerts(self, limit: int) -> list[AlertRecord]:
        """Alerts that were given up, the newest first."""

    async def decisions_about(self, incident_id: str, limit: int) -> list[DecisionRecord]:
        """What was decided about an incident, the newest first."""

    async def attempts_before(
        self,
        position: int | None,
        limit: int,
        *,
        subscription: str | None = None,
        channel: str | None = None,
        alert_id: str | None = None,
        outcome: DeliveryOutcome | None = None,
    ) -> list[DeliveryRecord]:
        """Attempts before `position` (all where None), the newest first, of those given."""

    async def outbox(self) -> OutboxState:
        """What waits and what was given up."""

    async def dead_letters(self) -> Mapping[str, int]:
        """Topic to its dead letters that nobody has redriven."""
