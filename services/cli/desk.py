"""What the console asks of the alerter, answered from the alerter's store, rules and words.

The console and the alerter import nothing of each other; here the two are put together.
"""

from __future__ import annotations

import json as jsonlib
import sys
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from schemas import (
    AlertRecord,
    ClaimKind,
    DecisionRecord,
    DeliveryOutcome,
    DeliveryRecord,
    Figure,
    Incident,
    OutboxState,
    Subscription,
    SubscriptionChange,
    SubscriptionRecord,
)
from services.alerter.outbox import looking
from services.alerter.outbox.subscribers import put_subscription, take_out_subscription
from services.alerter.policy.decision import decide
from services.alerter.policy.headline import headline_of
from services.alerter.policy.matching import compile_subscription
from services.alerter.policy.places import place_words
from services.alerter.policy.plain_text import one_line
from services.alerter.policy.sense import warnings_of
from services.alerter.subscriptions import checked
from services.cli.desk_operating import OperatingDesk, field_of
from services.cli.trial_message import send_test_message
from services.conditions.conditions import ConditionError
from services.conditions.figures import claims_behind, figure_words
from services.console.desk import (
    ConflictError,
    Fault,
    FaultyError,
    IncidentWords,
    TollWords,
    Trial,
    UnavailableError,
    UnknownError,
    WouldTell,
)
from services.shared.dead_letter_topics import REDRIVABLE, count_dead_letters
from services.shared.errors import UserError
from services.shared.rules_messages import describe
from services.shared.topics import ALERTS

MOST_SPEAKERS = 3
"""Who says so, in a list of incidents; the incident's own page has all."""


LONGEST_TEXT = 2000
COUNT_SECONDS = 10.0
"""How long a count of dead letters is given out again: each asks the brokers for a group's offsets."""


@dataclass(slots=True)
class AlerterDesk(OperatingDesk):
    """Looks into the store of the alerter beside it. Close it when done."""

    clock: Callable[[], float] = time.monotonic
    _counted: tuple[float, dict[str, int]] | None = None

    def words(self, incident: Incident) -> IncidentWords:
        """As services.console.desk.Desk, like all that follow."""
        tolls = []
        for kind in ClaimKind:
            figure = incident.toll.of(kind)
            if figure is not None:
                said_by = tuple(_said_by(incident, kind))
                tolls.append(TollWords(kind, figure_words(figure), figure.low, figure.high, said_by))
        place = one_line(place_words(incident.place, division=True), 200) if incident.place is not None else ""
        return IncidentWords(headline_of(incident), place, tuple(tolls))

    def figure(self, figure: Figure | None) -> str:
        """As alerts have it."""
        return figure_words(figure)

    def plain(self, text: str) -> str:
        """Safe to show."""
        return one_line(text, LONGEST_TEXT)

    def channels(self) -> Mapping[str, str]:
        """Channel to its kind."""
        return {name: channel.kind for name, channel in sorted(self.loaded.channels.items())}

    def read_subscription(self, written: Mapping[str, Any]) -> Subscription:
        """Checked as one in the rules file is."""
        try:
            subscription = Subscription.model_validate_json(jsonlib.dumps(written), strict=True)
        except ValidationError as error:
            faults = [describe(Subscription, detail) for detail in error.errors(include_url=False)]
            raise FaultyError([Fault(field_of(location), message) for location, message in faults]) from None
        _, wrong = checked(subscription, self.loaded.channels, self.explain_region)
        if wrong:
            raise FaultyError([Fault(field_of(location), message) for location, message in wrong])
        return subscription

    def warnings(self, subscription: Subscription) -> tuple[str, ...]:
        """What its conditions, taken together, do not seem to mean."""
        try:
            compiled = compile_subscription(subscription)
        except ConditionError as error:
            return (f"The subscription {subscription.name} has a condition that cannot be read any more: {error}.",)
        return warnings_of(compiled, {}, datetime.now(UTC))

    def would_tell(self, subscription: Subscription, incidents: Iterable[Incident]) -> list[WouldTell]:
        """By the same function as the alerter."""
        compiled = compile_subscription(subscription)
        found = []
        for incident in incidents:
            decision = decide(compiled, None, incident)
            found.append(WouldTell(incident, decision.kind, decision.reason, decision.because, headline_of(incident)))
        return found

    async def subscriptions(self) -> list[SubscriptionRecord]:
        """With their warnings."""
        async with self.reading() as connection:
            found = await looking.known_subscriptions(connection)
        return [self._with_warnings(record) for record in found]

    async def subscription(self, name: str) -> SubscriptionRecord:
        """With its warnings."""
        async with self.reading() as connection:
            found = await looking.known_subscriptions(connection, [name])
        if not found:
            raise UnknownError(f"There is no subscription {name}.")
        return self._with_warnings(found[0])

    async def changes(self, name: str, limit: int) -> list[SubscriptionChange]:
        """Kept by the alerter."""
        async with self.reading() as connection:
            return await looking.changes_of(connection, name, limit)

    async def keep(
        self, subscription: Subscription, author: str, *, new: bool, version: int | None = None
    ) -> SubscriptionRecord:
        """Into the store, from which a running alerter takes it within seconds."""
        name = subscription.name
        async with self.changing() as connection:
            there = any(one.left_at is None for one in await looking.known_subscriptions(connection, [name]))
            if new and there:
                raise ConflictError(f"There is a subscription {name} already: change it with PUT.")
            if not new and not there:
                raise UnknownError(f"There is no subscription {name}: make it with POST.")
            await put_subscription(connection, subscription, datetime.now(UTC), author, version)
        return await self.subscription(name)

    async def remove(self, name: str, author: str, version: int | None = None) -> None:
        """From the store; what it was told is corrected all the same."""
        async with self.changing() as connection:
            if await take_out_subscription(connection, name, datetime.now(UTC), author, version) is None:
                raise UnknownError(f"There is no subscription {name}.")

    async def send_test(self, name: str) -> Trial:
        """From this process, with the channels and secrets that it was started with."""
        subscription = (await self.subscription(name)).subscription
        if subscription.channel not in self.loaded.channels:
            raise ConflictError(f"The channel {subscription.channel} is not in the rules that this console has read.")
        answer = await send_test_message(subscription, self.loaded, sys.stdout)
        return Trial(subscription.channel, answer.outcome, answer.reason)

    async def alerts_after(self, subscription: str, number: int, limit: int) -> list[AlertRecord]:
        """From the outbox."""
        async with self.reading() as connection:
            return await looking.alerts_after(connection, subscription, number, limit)

    async def alerts_before(self, subscription: str, number: int | None, limit: int) -> list[AlertRecord]:
        """From the outbox."""
        async with self.reading() as connection:
            return await looking.alerts_before(connection, subscription, number, limit)

    async def alerts_about(self, incident_ids: Collection[str], limit: int) -> list[AlertRecord]:
        """From the outbox."""
        async with self.reading() as connection:
            return await looking.alerts_about(connection, incident_ids, limit)

    async def alert(self, alert_id: str) -> AlertRecord:
        """From the outbox."""
        async with self.reading() as connection:
            found = await looking.alert_of(connection, alert_id)
        if found is None:
            raise UnknownError(f"There is no alert {alert_id}.")
        return found

    async def dead_alerts(self, limit: int) -> list[AlertRecord]:
        """From the outbox."""
        async with self.reading() as connection:
            return await looking.dead_alerts(connection, limit)

    async def decisions_about(self, incident_id: str, limit: int) -> list[DecisionRecord]:
        """From the decisions that are kept."""
        async with self.reading() as connection:
            return await looking.decisions_about(connection, incident_id, limit)

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
        """From the attempts that are kept."""
        async with self.reading() as connection:
            return await looking.attempts_before(
                connection,
                position,
                limit,
                subscription=subscription,
                channel=channel,
                alert_id=alert_id,
                outcome=outcome,
            )

    async def outbox(self) -> OutboxState:
        """At this moment."""
        async with self.reading() as connection:
            return await looking.outbox_state(connection)

    async def dead_letters(self) -> Mapping[str, int]:
        """Counted at most every COUNT_SECONDS."""
        now = self.clock()
        if self._counted is None or now - self._counted[0] > COUNT_SECONDS:
            try:
                counts = await count_dead_letters(self.settings, (*REDRIVABLE, ALERTS))
            except UserError as error:
                raise UnavailableError(str(error)) from error
            self._counted = (now, counts)
        return self._counted[1]

    def _with_warnings(self, record: SubscriptionRecord) -> SubscriptionRecord:
        return record.model_copy(update={"warnings": self.warnings(record.subscription)})


def _said_by(incident: Incident, kind: ClaimKind) -> list[str]:
    """Those whose figure it is, each once: speakers, or outlets that say it in their own voice."""
    figure = incident.toll.of(kind)
    if figure is None:
        return []
    outlets = {source.article_id: source.source for source in incident.sources}
    names = []
    for claim in claims_behind(figure, kind, incident.claims):
        name = claim.speaker.name if claim.speaker is not None else outlets.get(claim.article_id, "")
        names.append(one_line(name, 80))
    once = {name.casefold(): name for name in reversed(names) if name}
    return list(reversed(once.values()))[:MOST_SPEAKERS]
