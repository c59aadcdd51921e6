"""The closed vocabularies of the messages: each word once, with its meaning and where the convention comes from."""

from __future__ import annotations

from enum import StrEnum


class ClaimKind(StrEnum):
    """What is said to have happened to people."""

    KILLED = "killed"
    WOUNDED = "wounded"
    MISSING = "missing"
    ABDUCTED = "abducted"
    """Taken by force: kidnapped, taken hostage, taken prisoner."""
    DISPLACED = "displaced"
    """Driven from home: fled, evacuated, made homeless."""


class Modifier(StrEnum):
    """How a number was qualified, in the six ways of the MUC-4 (1992) templates, which no later corpus has kept."""

    EXACT = "exact"
    AT_LEAST = "at_least"
    """At least, more than, no fewer than: `low` stands, `high` is open."""
    APPROXIMATELY = "approximately"
    AT_MOST = "at_most"
    """Up to, as many as, fewer than: `high` stands, `low` is 0 unless the text says otherwise."""
    RANGE = "range"
    VAGUE = "vague"
    """Words instead of a number: dozens, several, a bare plural."""


class Whose(StrEnum):
    """Which side of the incident the people of a claim were on."""

    VICTIMS = "victims"
    ATTACKERS = "attackers"
    UNKNOWN = "unknown"


class SpeakerRole(StrEnum):
    """In which capacity somebody gives a figure."""

    OFFICIAL = "official"
    """Government, police, emergency service, army outside its own fight."""
    MEDIC = "medic"
    WITNESS = "witness"
    PARTY = "party"
    """A party to the fight speaking of it: its figures for the other side are a claim about its enemy."""
    ORGANISATION = "organisation"
    """The United Nations, an aid agency, a monitoring group."""
    MEDIA = "media"
    ANONYMOUS = "anonymous"


class Stance(StrEnum):
    """What the speaker does with the claim."""

    ASSERTED = "asserted"
    DENIED = "denied"


class Responsibility(StrEnum):
    """How firmly a perpetrator is named: the values of MUC-4's PERPETRATOR CONFIDENCE, and denial."""

    REPORTED_AS_FACT = "reported_as_fact"
    CLAIMED_OR_ADMITTED = "claimed_or_admitted"
    SUSPECTED_BY_AUTHORITIES = "suspected_by_authorities"
    SUSPECTED = "suspected"
    POSSIBLE = "possible"
    DENIED = "denied"


class Stage(StrEnum):
    """How far the incident got (MUC-4 INCIDENT STAGE)."""

    ACCOMPLISHED = "accomplished"
    ATTEMPTED = "attempted"
    """Failed, foiled or repelled."""
    THREATENED = "threatened"


class Revises(StrEnum):
    """What an article does to what was reported before."""

    CORRECTED = "corrected"
    """It says that an earlier figure was wrong, or that the count has been lowered."""
    RETRACTED = "retracted"
    """It says that what was reported did not happen."""


class PlacePrecision(StrEnum):
    """How small an area the text and the gazetteer allow the place to be."""

    EXACT = "exact"
    """A populated place or site with known coordinates."""
    DISTRICT = "district"
    """A second-level division."""
    DIVISION = "division"
    """A first-level division: state, province, region."""
    COUNTRY = "country"
    """Only the country is known; a place name that no gazetteer has also carries this precision."""


class TimePrecision(StrEnum):
    """How closely the text dates the incident."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    UNRESOLVED = "unresolved"
    """The text gives a time that cannot be turned into a date: there is no publication date to count from."""


class SeverityLevel(StrEnum):
    """The levels of CAP 1.2's <severity>, mildest first, without its Unknown: a score always has a level."""

    MINOR = "minor"
    MODERATE = "moderate"
    SEVERE = "severe"
    EXTREME = "extreme"

    @property
    def rank(self) -> int:
        """Place in the order from mildest (0) to worst (3)."""
        return list(SeverityLevel).index(self)


class Certainty(StrEnum):
    """The values of CAP 1.2's <certainty>."""

    OBSERVED = "observed"
    LIKELY = "likely"
    POSSIBLE = "possible"
    UNLIKELY = "unlikely"
    UNKNOWN = "unknown"

    @property
    def rank(self) -> int:
        """Place in the order from least (0) to most sure (4)."""
        return 4 - list(Certainty).index(self)


class FigureEnd(StrEnum):
    """Which of a figure's three numbers a threshold is compared with."""

    LOW = "low"
    """The fewest people that the words allow: never overstates."""
    BEST = "best"
    """The single figure that the words give."""
    HIGH = "high"
    """The most people that the words allow; the single figure where they are open upwards ("at least 60")."""


class Weekday(StrEnum):
    """The days of the week, in ISO 8601's order."""

    MONDAY = "mon"
    TUESDAY = "tue"
    WEDNESDAY = "wed"
    THURSDAY = "thu"
    FRIDAY = "fri"
    SATURDAY = "sat"
    SUNDAY = "sun"


class GroupKey(StrEnum):
    """What alerts can be grouped by."""

    COUNTRY = "country"
    DIVISION = "division"
    """The first-level division."""
    TYPE = "type"
    FAMILY = "family"
    """The family of the type."""


class IncidentStatus(StrEnum):
    """Where an incident stands."""

    OPEN = "open"
    MERGED = "merged"
    """Found to be another incident, which `merged_into` names."""
    RETRACTED = "retracted"
    """Its sources have withdrawn it."""


class AlertKind(StrEnum):
    """What an alert does to what the subscriber was told before (CAP 1.2 <msgType>)."""

    ALERT = "alert"
    UPDATE = "update"
    CORRECTION = "correction"
    """A told fact has fallen: the earlier message said more than is now known."""
    CANCEL = "cancel"


class AlertStatus(StrEnum):
    """Where an alert stands."""

    PENDING = "pending"
    DELIVERED = "delivered"
    DEAD = "dead"
    """Given up; it is in the dead letters, or about to be."""
    SUPERSEDED = "superseded"
    """It gave way to a newer one before its channel had taken it."""


class DecisionReason(StrEnum):
    """Why a subscription is told of an incident revision, or is not."""

    FIRST_MATCH = "first_match"
    """The incident meets the subscription's conditions for the first time."""
    TOLL_ROSE = "toll_rose"
    """A told toll rose into a higher band."""
    TOLL_FELL = "toll_fell"
    """A told toll fell, and still meets the conditions."""
    BELOW_THRESHOLD = "below_threshold"
    """What was told no longer meets the conditions."""
    MATCHES_AGAIN = "matches_again"
    """The conditions are met again, after the subscriber was told that they no longer were."""
    SEVERITY_ROSE = "severity_rose"
    SEVERITY_FELL = "severity_fell"
    PLACE_CHANGED = "place_changed"
    """Another place, or a closer one, than was told."""
    TYPE_CHANGED = "type_changed"
    """What was told as done on purpose was an accident or a disaster, or the other way round."""
    CERTAINTY_CHANGED = "certainty_changed"
    """What was told as sure no longer is."""
    MERGED = "merged"
    RETRACTED = "retracted"
    NO_MATCH = "no_match"
    """The conditions are not met and nothing was told."""
    NOTHING_NEW = "nothing_new"
    """The conditions are met, and nothing that matters has changed since the subscriber was last told."""
    UNSTEADY = "unsteady"
    """It is back at what was told before and taken back, and no further source says so."""
    WITHDRAWN_UNTOLD = "withdrawn_untold"
    """What waited, for a time or for a failing channel, no longer holds, and is not told; nobody had seen it."""
    HELD = "held"
    """Very bad and from one source, or contradicted: told when a second source confirms it, or after a stated time."""
    QUIET_HOURS = "quiet_hours"
    """It waits for the end of the subscription's quiet hours."""
    DIGEST = "digest"
    """It waits for the subscription's next digest."""
    RATE_CAPPED = "rate_capped"
    """It waits because the subscription was told as much in an hour as it asked for at most."""
    GROUPED = "grouped"
    """It waits because the subscription was told of another incident of the same group a moment ago."""
    SILENCED = "silenced"
    """It waits for the end of a silence that somebody put on it."""
    INHIBITED = "inhibited"
    """It waits while the subscription stands told of the incident that this one is part of."""
    MAY_MATCH = "may_match"
    """The place is not known closely enough to say whether it is in a circle or polygon asked for; all else is met."""
    EXPIRED = "expired"
    """The subscription has expired; it is told only what takes back something that it was told."""
    UNSUBSCRIBED = "unsubscribed"
    """The subscription has left; it is told only what takes back something that it was told."""
    CONDITION_FAILED = "condition_failed"
    """The subscription's condition could not be worked out for this incident; nothing is told."""
    CHANNEL_SWITCHED_OFF = "channel_switched_off"
    """No decision on an incident: a channel was switched off, and its owner is told."""
    CANARY_LATE = "canary_late"
    """No decision on an incident: what Tocsin made up to test itself did not come through to a channel, and its owner
    is told."""
    ALREADY_DECIDED = "already_decided"
    """This revision, or a later one, was decided before."""


class DeliveryOutcome(StrEnum):
    """How one attempt to tell a channel ended."""

    ACCEPTED = "accepted"
    """The receiver took it (HTTP 2xx, written to the file, shown on the terminal)."""
    RETRY = "retry"
    """It failed in a way that may pass; `next_attempt_at` says when it is tried again."""
    SENT_UNKNOWN = "sent_unknown"
    """It went out and no answer came: it may have arrived, and is tried again with the same id."""
    DEAD = "dead"
    """Given up: refused for good, or out of attempts. It is in the dead letters, and can be put back."""
    SUPERSEDED = "superseded"
    """Not sent any more: its channel had not taken it when a newer revision was decided, or had taken a newer alert
    when it was to be put back."""


class IncidentFamily(StrEnum):
    """Incident types that reports of one event may confuse with each other."""

    VIOLENCE = "violence"
    UNREST = "unrest"
    ACCIDENT = "accident"
    DISASTER = "disaster"
    HEALTH = "health"
    UNKNOWN = "unknown"
