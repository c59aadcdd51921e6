"""What the API answers with, besides the messages themselves."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from schemas import (
    AlertRecord,
    Certainty,
    ChannelBacklog,
    DecisionRecord,
    DeliveryOutcome,
    DeliveryRecord,
    Incident,
    IncidentStatus,
    IncidentType,
    LedgerEntry,
    LedgerRecord,
    Occurred,
    Place,
    SeverityLevel,
    SilenceRecord,
    SubscriptionChange,
    SubscriptionRecord,
    Timestamp,
    Toll,
    WaitRecord,
)


class Answer(BaseModel):
    """An answer of the API."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


class IncidentSummary(Answer):
    """An incident in a list."""

    incident_id: str
    revision: int
    status: IncidentStatus
    merged_into: str | None
    headline: str
    """What a person must know, in one line."""
    type: IncidentType
    place: Place | None
    regions: tuple[str, ...]
    occurred: Occurred | None
    toll: Toll
    severity: SeverityLevel
    score: int
    """Severity from 0 to 100."""
    certainty: Certainty
    independent_sources: int
    as_of: Timestamp | None
    """Publication time of the newest article in it."""

    @classmethod
    def of(cls, incident: Incident, headline: str) -> IncidentSummary:
        """`incident` in short."""
        return cls(
            **{name: getattr(incident, name) for name in cls.model_fields if hasattr(incident, name)}
            | {"headline": headline, "severity": incident.severity.level, "score": incident.severity.score}
        )


class IncidentList(Answer):
    """Incidents, the newest first."""

    incidents: tuple[IncidentSummary, ...]
    next_cursor: str | None
    """Give it as `cursor` for the page after this one; null where this is the last."""


class IncidentAnswer(Answer):
    """One incident as it stands, with everything that is known of it."""

    incident: Incident
    headline: str
    resolved_from: tuple[str, ...] = ()
    """Ids that were asked for and gone through, where the incident that was asked for has been merged."""
    merged_here: tuple[str, ...] = ()
    """Incidents that were found to be this one."""


class AlertsAbout(Answer):
    """Who was told what about one incident."""

    alerts: tuple[AlertRecord, ...]
    """The newest first."""
    decisions: tuple[DecisionRecord, ...]
    """What was decided for each subscription that asked for it, also where nothing was told; the newest first."""


class AlertList(Answer):
    """Alerts of one subscription by their numbers."""

    alerts: tuple[AlertRecord, ...]
    last_number: int = Field(ge=0)
    """The number of the subscription's newest alert. Who has every number up to it has everything."""
    next_after: int = Field(ge=0)
    """Give it as `after` to read on."""


class AlertAnswer(Answer):
    """One alert, what became of it, and every attempt to deliver it."""

    record: AlertRecord
    attempts: tuple[DeliveryRecord, ...]
    """The newest first."""


class DeliveryList(Answer):
    """Attempts, the newest first."""

    deliveries: tuple[DeliveryRecord, ...]
    next_before: int | None
    """Give it as `before` for the page after this one; null where this is the last."""


class Backlog(Answer):
    """What waits and what could not be done."""

    pending: int
    """Alerts that no channel has taken and that are not given up."""
    stale_claims: int
    """Corrections and cancels among them: facts that somebody was told and that are known to be wrong."""
    dead: int
    """Alerts that were given up, in all."""
    channels: tuple[ChannelBacklog, ...]
    dead_letters: dict[str, int]
    """Topic to the dead letters that nobody has sent round again."""


class SubscriptionList(Answer):
    """Every subscription, by name."""

    subscriptions: tuple[SubscriptionRecord, ...]
    channels: dict[str, str]
    """The channels that there are, and the kind of each."""


class ChangeList(Answer):
    """The changes of one subscription, the newest first."""

    changes: tuple[SubscriptionChange, ...]


class MatchedIncident(Answer):
    """An incident that a subscription would be told of."""

    incident_id: str
    headline: str
    severity: SeverityLevel
    as_of: Timestamp | None
    because: str
    """The conditions that it meets, with its values."""


class DryRun(Answer):
    """What a subscription would have been told of, by incidents as they stand now. `tocsin backtest` replays articles
    and says also what it would have been told in between."""

    looked_at: int
    """Incidents that were asked about."""
    whole: bool
    """Whether these are all of the time that was asked for; else the newest of it."""
    matched: int
    per_day: dict[date, int]
    """Matches by the day of the incident's clock, in UTC."""
    per_severity: dict[SeverityLevel, int]
    matches: tuple[MatchedIncident, ...]
    """The newest of them."""
    warnings: tuple[str, ...]
    """What is allowed and probably not meant."""


class TrialAnswer(Answer):
    """How a message marked as a test fared."""

    channel: str
    outcome: DeliveryOutcome
    reason: str
    """Why it was not accepted; empty where it was."""


class SilenceList(Answer):
    """Silences, the newest first."""

    silences: tuple[SilenceRecord, ...]


class WaitList(Answer):
    """What subscriptions are not told yet, what is due first coming first."""

    waiting: tuple[WaitRecord, ...]


class LedgerList(Answer):
    """The ledger of every subscription, by name."""

    ledgers: tuple[LedgerRecord, ...]


class LedgerPage(Answer):
    """Entries of one ledger, the newest first."""

    entries: tuple[LedgerEntry, ...]
    next_before: int | None
    """Give it as `before` for the page after this one; null where this is the last."""
