"""What a subscription would have rung, counted: by day and hour, at night, against a budget, and taken back. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from schemas import AlertKind, DecisionReason, Incident
from services.cli.backtesting.replaying import Replay, Ring

NIGHT_FROM, NIGHT_TO = 22, 7
"""Hours of the local clock between which people sleep."""
_TAKEN_BACK = {
    DecisionReason.RETRACTED: "retracted",
    DecisionReason.BELOW_THRESHOLD: "no longer met the conditions",
    DecisionReason.MERGED: "counted with another incident",
    DecisionReason.TOLL_FELL: "corrected",
}


@dataclass(frozen=True, slots=True)
class Rung:
    """One message as the report shows it."""

    ring: Ring
    later: str
    """What became of it: `retracted`, `corrected`...; empty where it stood."""
    waited: timedelta | None
    """From the first article on the incident to this message; for the first message on an incident only."""
    lead: timedelta | None
    """From this message to the second independent source; for the first message on an incident only, and only where
    there was a second source. Negative where the message waited for it."""

    def as_json(self) -> dict[str, Any]:
        """One line of `tocsin backtest --json`."""
        alert = self.ring.alert
        return {
            "at": self.ring.at.isoformat(),
            "kind": alert.kind.value,
            "reason": alert.reason.value,
            "alert_id": alert.alert_id,
            "incident_id": alert.incident_id,
            "revision": alert.revision,
            "headline": alert.headline,
            "because": alert.because,
            "carried_by": alert.carried_by,
            "later": self.later,
            "waited_minutes": _minutes(self.waited),
            "lead_minutes": _minutes(self.lead),
        }


@dataclass(frozen=True, slots=True)
class Budget:
    """How many messages a day somebody is willing to be told, against what would have come."""

    per_day: float
    days_over: int
    worst_day: date | None
    worst_count: int


@dataclass(frozen=True, slots=True)
class Summary:
    """The whole of a back-test."""

    subscription: str
    time_zone: str
    articles: int
    incidents: int
    days: tuple[date, ...]
    """Every day from the first article to the last, by the subscription's clock."""
    rungs: tuple[Rung, ...]
    """Every alert, those that another's message carries too."""
    per_day: dict[date, Counter[AlertKind]]
    """Messages by day and kind, days without one left out."""
    per_hour: tuple[int, ...]
    """Messages by hour of the day, 24 of them."""
    kinds: dict[AlertKind, int]
    at_night: int
    """Messages from 22 to 7 o'clock by the subscription's clock."""
    taken_back: int
    """First messages on an incident that were later retracted, or no longer met the conditions."""
    merged: int
    """First messages on an incident that was later counted with another."""
    corrected: int
    """First messages on an incident whose toll the next message took down."""
    median_wait: timedelta | None
    """From the first article on an incident to its first message."""
    median_lead: timedelta | None
    """From the first message on an incident to the second independent source, of those that had one."""
    waiting: int
    """Incidents that it would have been told of only later than a day after the last article."""
    unconfirmed: int
    """Incidents told of that no second independent source ever told of."""
    budget: Budget | None

    @property
    def messages(self) -> int:
        """Everything that would have gone out. Several alerts that one message carries ring once."""
        return sum(self.kinds.values())

    @property
    def first_messages(self) -> int:
        """Incidents that it would have been told of, in a message of their own or with others."""
        return sum(rung.waited is not None for rung in self.rungs)

    def as_json(self) -> dict[str, Any]:
        """The last line of `tocsin backtest --json`."""
        return {
            "subscription": self.subscription,
            "time_zone": self.time_zone,
            "articles": self.articles,
            "incidents": self.incidents,
            "days": len(self.days),
            "messages": self.messages,
            "kinds": {kind.value: self.kinds.get(kind, 0) for kind in AlertKind},
            "per_day": {day.isoformat(): sum(kinds.values()) for day, kinds in sorted(self.per_day.items())},
            "per_hour": list(self.per_hour),
            "at_night": self.at_night,
            "taken_back": self.taken_back,
            "merged": self.merged,
            "corrected": self.corrected,
            "median_wait_minutes": _minutes(self.median_wait),
            "median_lead_minutes": _minutes(self.median_lead),
            "waiting": self.waiting,
            "unconfirmed": self.unconfirmed,
            "budget": None
            if self.budget is None
            else {
                "per_day": self.budget.per_day,
                "days_over": self.budget.days_over,
                "worst_day": self.budget.worst_day.isoformat() if self.budget.worst_day else None,
                "worst_count": self.budget.worst_count,
            },
        }


def summarise(found: Replay, subscription: str, time_zone: str, per_day: float | None) -> Summary:
    """Count what came of a replay; `per_day` is the budget, in messages a day."""
    zone = ZoneInfo(time_zone)
    rungs = _rungs(found)
    by_day: dict[date, Counter[AlertKind]] = {}
    hours = [0] * 24
    # What another message carries makes no sound of its own.
    sent = [rung for rung in rungs if rung.ring.alert.carried_by is None]
    for rung in sent:
        local = rung.ring.at.astimezone(zone)
        by_day.setdefault(local.date(), Counter())[rung.ring.alert.kind] += 1
        hours[local.hour] += 1
    first = [rung for rung in rungs if rung.waited is not None]
    later = Counter(rung.later for rung in first)
    leads = [rung.lead for rung in first if rung.lead is not None]
    return Summary(
        subscription=subscription,
        time_zone=time_zone,
        articles=found.articles,
        incidents=len(found.incidents),
        days=_days(found, zone),
        rungs=tuple(rungs),
        per_day=by_day,
        per_hour=tuple(hours),
        kinds=dict(Counter(rung.ring.alert.kind for rung in sent)),
        at_night=sum(count for hour, count in enumerate(hours) if hour >= NIGHT_FROM or hour < NIGHT_TO),
        taken_back=later[_TAKEN_BACK[DecisionReason.RETRACTED]] + later[_TAKEN_BACK[DecisionReason.BELOW_THRESHOLD]],
        merged=later[_TAKEN_BACK[DecisionReason.MERGED]],
        corrected=later[_TAKEN_BACK[DecisionReason.TOLL_FELL]],
        median_wait=_median([rung.waited for rung in first if rung.waited is not None]),
        median_lead=_median(leads),
        waiting=found.waiting,
        unconfirmed=len(first) - len(leads),
        budget=None if per_day is None else _budget(by_day, per_day),
    )


def _rungs(found: Replay) -> list[Rung]:
    rungs, seen = [], set[str]()
    for number, ring in enumerate(found.rings):
        alert = ring.alert
        begins = alert.incident_id not in seen
        seen.add(alert.incident_id)
        revisions = found.incidents[alert.incident_id]
        confirmed = _confirmed_at(revisions)
        rungs.append(
            Rung(
                ring,
                _became(ring, found.rings[number + 1 :]),
                ring.at - revisions[0][0] if begins else None,
                confirmed - ring.at if begins and confirmed is not None else None,
            )
        )
    return rungs


def _became(ring: Ring, after: Sequence[Ring]) -> str:
    """The gravest thing that later messages on the incident said of `ring`.

    A toll is corrected by the next message alone, since those after it correct what that one told.
    """
    reasons = [one.alert.reason for one in after if one.alert.incident_id == ring.alert.incident_id]
    for reason, words in _TAKEN_BACK.items():
        if reason in (reasons[:1] if reason is DecisionReason.TOLL_FELL else reasons):
            return words
    return ""


def _confirmed_at(revisions: Sequence[tuple[datetime, Incident]]) -> datetime | None:
    return next((at for at, incident in revisions if incident.independent_sources >= 2), None)


def _days(found: Replay, zone: ZoneInfo) -> tuple[date, ...]:
    if found.first_at is None or found.last_at is None:
        return ()
    first, last = found.first_at.astimezone(zone).date(), found.last_at.astimezone(zone).date()
    return tuple(first + timedelta(days=number) for number in range((last - first).days + 1))


def _budget(by_day: dict[date, Counter[AlertKind]], per_day: float) -> Budget:
    counts = {day: sum(kinds.values()) for day, kinds in by_day.items()}
    worst = max(sorted(counts), key=lambda day: counts[day], default=None)
    return Budget(
        per_day, sum(count > per_day for count in counts.values()), worst, counts[worst] if worst is not None else 0
    )


def _median(spans: Sequence[timedelta]) -> timedelta | None:
    return timedelta(seconds=median(span.total_seconds() for span in spans)) if spans else None


def _minutes(span: timedelta | None) -> float | None:
    return None if span is None else round(span.total_seconds() / 60, 1)
